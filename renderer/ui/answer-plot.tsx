/** The answer to a question in SQL as a picture: lines over numbers and moments, bars beside texts. */
import { type CSSProperties, useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatShort } from '../model/format.ts';
import { type Answered, momentText, momentTick, type PlotData, plotOf } from '../model/sql-plot.ts';
import { axisOf, coloursOf } from './plot-look.ts';
import { useColours } from './use-dark.ts';

/** Of series whose names are not those of levels, in this order. */
const COLOURS = ['--info', '--warning', '--good', '--other', '--bookmark', '--error', '--trace', '--loss'] as const;
const LEVELS = ['error', 'warning', 'info', 'trace'];
const LEAST_PX = 80;
/** How far apart the figures of an axis of whole numbers may be: between two of them is no place. */
const WHOLE_STEPS = Array.from({ length: 12 }, (_, at) => [1, 2, 5].map((step) => step * 10 ** at)).flat();

/** The variables that the series of a plot take their colours from. */
function colourNames({ series }: PlotData): readonly string[] {
  if (series.every(({ name }) => LEVELS.includes(name) || name === 'lost'))
    return series.map(({ name }) => (name === 'lost' ? '--loss' : `--${name}`));
  return series.map((_, at) => COLOURS[at % COLOURS.length] as string);
}

export function AnswerPlot({ answer }: { readonly answer: Answered }) {
  const drawn = useMemo(() => plotOf(answer), [answer]);
  if (!drawn.ok)
    return (
      <p className="sql-note none" data-testid="sql-no-plot">
        {drawn.why}
      </p>
    );
  const { plot } = drawn;
  return (
    <div className="sql-plot" data-testid="sql-plot" data-kind={plot.kind}>
      {plot.kind === 'bars' ? <Bars plot={plot} /> : <Lines plot={plot} />}
      {plot.note !== '' && <p className="sql-plot-note none">{plot.note}</p>}
    </div>
  );
}

function Bars({ plot }: { readonly plot: PlotData }) {
  const colours = colourNames(plot);
  const largest = plot.series.map(({ values }) => Math.max(0, ...values.map((value) => Math.abs(value ?? 0))));
  return (
    <div className="sql-bars">
      <table className="numbers">
        <thead>
          <tr>
            <th scope="col">{plot.xName}</th>
            {plot.series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {plot.labels.map((label, row) => (
            // Two rows may have the same text.
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of an answer do not change
            <tr key={row}>
              <th scope="row" title={label}>
                {label === '' ? '(empty)' : label}
              </th>
              {plot.series.map(({ name, values }, at) => {
                const value = values[row] ?? null;
                const share = largest[at] === 0 ? 0 : Math.abs(value ?? 0) / (largest[at] as number);
                const style = { '--share': share, '--bar': `var(${colours[at]})` } as CSSProperties;
                return (
                  <td key={name}>
                    <span className="sql-bar" style={style}>
                      {value === null ? 'NULL' : value}
                    </span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function xAxis({ isTime, xs }: PlotData): uPlot.Axis {
  if (isTime) return { values: (_, at, __, ___, step) => at.map((seconds) => momentTick(seconds, step)) };
  return xs.every(Number.isInteger) ? { incrs: WHOLE_STEPS } : {};
}

function createLines(element: HTMLElement, plot: PlotData, moved: (at: number | null) => void): uPlot {
  const axis = axisOf(element);
  const colours = coloursOf(element, colourNames(plot));
  // A single place is no line.
  const points = { show: plot.xs.length < 3, size: 5 };
  return new uPlot(
    {
      width: Math.max(LEAST_PX, element.clientWidth),
      height: Math.max(LEAST_PX, element.clientHeight),
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false }, points: { size: 6 } },
      // As the table shows them.
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: { x: { time: plot.isTime }, y: {} },
      axes: [
        {
          ...axis,
          size: 22,
          gap: 3,
          ...xAxis(plot),
        },
        { ...axis, size: 46, gap: 4, values: (_, at) => at.map(shortValue) },
      ],
      series: [
        {},
        ...plot.series.map(({ name }, at) => ({
          label: name,
          stroke: colours[at] ?? '',
          width: 1.5,
          spanGaps: true,
          points,
        })),
      ],
      hooks: { setCursor: [({ cursor }) => moved(cursor.idx ?? null)] },
    },
    [plot.xs, ...plot.series.map(({ values }) => values)] as uPlot.AlignedData,
    element,
  );
}

/** Axes of small numbers need their decimals. */
function shortValue(value: number): string {
  return Number.isInteger(value) && value >= 0 ? formatShort(value) : String(Number(value.toPrecision(4)));
}

function Lines({ plot }: { readonly plot: PlotData }) {
  const scheme = useColours();
  const element = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const colours = colourNames(plot);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a plot takes its colours once, so a new theme needs a new plot
  useEffect(() => {
    const host = element.current;
    if (!host) return;
    const drawn = createLines(host, plot, setAt);
    const resized = new ResizeObserver(() =>
      drawn.setSize({
        width: Math.max(LEAST_PX, host.clientWidth),
        height: Math.max(LEAST_PX, host.clientHeight),
      }),
    );
    resized.observe(host);
    return () => {
      resized.disconnect();
      drawn.destroy();
    };
  }, [plot, scheme]);

  const x = at === null ? null : plot.xs[at];
  return (
    <>
      <p className="sql-legend">
        <span className="sql-legend-x">
          over {plot.xName} {plot.isTime ? momentText(x ?? plot.xs[0] ?? 0) : x}
        </span>
        {plot.series.map(({ name, values }, series) => (
          <span key={name} className="sql-legend-item">
            <i style={{ background: `var(${colours[series]})` }} />
            {name}
            {at !== null && values[at] !== null && values[at] !== undefined && <b>{values[at]}</b>}
          </span>
        ))}
      </p>
      <div
        ref={element}
        className="sql-lines"
        role="img"
        aria-label={`${plot.series.map(({ name }) => name).join(', ')} over ${plot.xName}`}
      />
    </>
  );
}
