/** How what is drawn on a canvas looks: colours and axes, as the theme has them now. */
import type uPlot from 'uplot';

/** Colours as a canvas takes them: those of the style sheet depend on the theme. `names`: of its variables. */
export function coloursOf(element: HTMLElement, names: readonly string[]): readonly string[] {
  const before = element.style.color;
  const colours = names.map((name) => {
    element.style.color = `var(${name})`;
    return getComputedStyle(element).color;
  });
  element.style.color = before;
  return colours;
}

/** A colour of CSS as a canvas takes it, in the theme of an element. */
export function colourOf(element: HTMLElement, colour: string): string {
  const before = element.style.color;
  element.style.color = colour;
  const found = getComputedStyle(element).color;
  element.style.color = before;
  return found;
}

/** The axes of a plot in an element, without marks. */
export function axisOf(element: HTMLElement): uPlot.Axis {
  const [grid = '', stroke = ''] = coloursOf(element, ['--colorNeutralStroke3', '--colorNeutralForeground3']);
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  return { stroke, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } };
}
