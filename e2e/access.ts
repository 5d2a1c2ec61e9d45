/**
 * What makes a page hard or impossible to use with a screen reader or weak eyes, found by looking at its elements: names,
 * contrast of every text on the background that it has, what a grid, a list of tabs and a row may hold, landmarks. Runs
 * in the page, so that it sees what is drawn.
 */

/** One thing that is wrong: the rule, and the element, as far as it can be recognised. */
export type AccessProblem = `${string}: ${string}`;

/** All problems of the page as it is. Self-contained, because Playwright sends it as text. */
export function accessProblems(): AccessProblem[] {
  const problems = new Set<AccessProblem>();
  const nameIn = (element: Element): string => {
    const testId = element.closest('[data-testid]')?.getAttribute('data-testid') ?? '';
    return `${element.tagName.toLowerCase()}.${element.className} in ${testId} "${(element.textContent ?? '').slice(0, 40)}"`;
  };
  const report = (rule: string, element: Element, more = ''): void => {
    problems.add(`${rule}: ${nameIn(element)}${more === '' ? '' : ` (${more})`}`);
  };
  const isSeen = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.closest('[aria-hidden="true"], [data-tabster-dummy]') === null;
  const all = [...document.body.querySelectorAll('*')].filter(isSeen);

  // Names: everything that can be operated has one, and what is written on it is part of it.
  const textOf = (element: Element): string => (element.textContent ?? '').replace(/\s+/g, ' ').trim();
  const labelledBy = (element: Element): string =>
    (element.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .flatMap((id) => document.getElementById(id)?.textContent ?? [])
      .join(' ');
  const OPERATED =
    'button, input, select, textarea, a[href], [role="button"], [role="tab"], [role="separator"][tabindex], [role="img"], [role="scrollbar"], [role="grid"], [role="dialog"], [role="toolbar"], [role="tablist"], [role="tabpanel"], [role="menuitem"], [role="option"]';
  for (const element of all.filter((each) => each.matches(OPERATED))) {
    const label = element.getAttribute('aria-label') ?? labelledBy(element);
    const own = element.matches('input, select, textarea')
      ? [...((element as HTMLInputElement).labels ?? [])].map(textOf).join(' ')
      : textOf(element);
    if (label.trim() === '' && own === '' && (element.getAttribute('title') ?? '') === '')
      report('has no name', element);
    const written = element.matches('button, [role="tab"], [role="button"]') ? own : '';
    if (/\p{L}/u.test(written) && label !== '' && !label.toLowerCase().includes(written.toLowerCase()))
      report('is read otherwise than it is written', element, label);
  }

  // What a grid and a row may hold.
  for (const grid of all.filter((each) => each.matches('[role="grid"]')))
    for (const element of grid.querySelectorAll('*')) {
      if (!isSeen(element) || element.closest('[role="row"]') !== null) continue;
      const role = element.getAttribute('role') ?? '';
      if (!['rowgroup', 'presentation', 'none'].includes(role)) report('stands in a grid outside of a row', element);
    }
  for (const row of all.filter((each) => each.matches('[role="row"]')))
    for (const child of row.children)
      if (isSeen(child) && !['gridcell', 'columnheader', 'rowheader'].includes(child.getAttribute('role') ?? ''))
        report('stands in a row and is no cell', child);
  const CHILDREN = [
    ['tablist', 'tab'],
    ['list', 'listitem'],
    ['listbox', 'option'],
  ] as const;
  for (const [parent, child] of CHILDREN) {
    for (const element of all.filter((each) => each.matches(`[role="${child}"]`)))
      if (element.closest(`[role="${parent}"]`) === null) report(`is a ${child} outside of a ${parent}`, element);
    for (const element of all.filter((each) => each.matches(`[role="${parent}"]`)))
      for (const inner of element.children)
        if (isSeen(inner) && ![child, 'presentation', 'none', 'group'].includes(inner.getAttribute('role') ?? ''))
          report(`stands in a ${parent} and is no ${child}`, inner);
  }

  // References, ids, nesting, order.
  const ids = new Set<string>();
  for (const element of document.querySelectorAll('[id]')) {
    if (element.id !== '' && ids.has(element.id)) report('has an id that is there twice', element, element.id);
    ids.add(element.id);
  }
  for (const attribute of ['aria-controls', 'aria-labelledby', 'aria-describedby', 'aria-activedescendant'])
    for (const element of all.filter((each) => each.hasAttribute(attribute)))
      for (const id of (element.getAttribute(attribute) ?? '').split(' '))
        if (document.getElementById(id) === null) report(`${attribute} names nothing`, element, id);
  for (const element of all) {
    if (element.getAttribute('tabindex') !== null && Number(element.getAttribute('tabindex')) > 0)
      report('has a place of its own in the order of tabs', element);
    if (
      element.matches('button, a[href], [role="tab"]') &&
      element.parentElement?.closest('button, a[href], [role="tab"]')
    )
      report('can be operated and lies in what can be operated', element);
  }

  // Landmarks, where nothing lies over the window that takes its place for a screen reader: one of each, all content in one, those of a kind told apart by their names.
  for (const [name, selector] of [
    ['main', 'main'],
    ['banner', 'header.top'],
    ['contentinfo', 'footer.status'],
  ] as const)
    if (all.some((each) => each.matches('.window')) && all.filter((each) => each.matches(selector)).length !== 1)
      report(`there is not one ${name}`, document.body);
  const named = new Set<string>();
  for (const element of all.filter((each) => each.matches('section[aria-label], aside'))) {
    const name = element.getAttribute('aria-label') ?? '';
    if (named.has(name)) report('is a landmark named like another', element, name);
    named.add(name);
  }

  // Contrast.
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const rgbaOf = (colour: string): [number, number, number, number] => {
    if (context === null) throw new Error('no canvas');
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (above: readonly number[], below: readonly number[]): number[] => {
    const alpha = above[3] as number;
    return [0, 1, 2].map((at) => (above[at] as number) * alpha + (below[at] as number) * (1 - alpha));
  };
  const backgroundOf = (element: Element | null): number[] | null => {
    if (element === null) return [255, 255, 255];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    const colour = rgbaOf(backgroundColor);
    if (colour[3] === 1) return colour;
    if (backgroundImage !== 'none') return null;
    const below = backgroundOf(element.parentElement);
    return below === null ? null : over(colour, below);
  };
  const luminance = (rgb: readonly number[]): number => {
    const [red = 0, green = 0, blue = 0] = rgb.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (a: readonly number[], b: readonly number[]): number => {
    const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  for (const element of all) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim());
    const isField = element.matches('input, textarea');
    if ((!own && !isField) || element.closest(':disabled, [aria-disabled="true"], .only-read') !== null) continue;
    const background = backgroundOf(element);
    if (background === null) continue;
    const hint = isField && (element as HTMLInputElement).value === '' ? '::placeholder' : null;
    const style = getComputedStyle(element, hint);
    const ratio = contrast(over(rgbaOf(style.color), background), background);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) report('is hard to read', element, `${ratio.toFixed(2)} to 1`);
  }
  return [...problems];
}
