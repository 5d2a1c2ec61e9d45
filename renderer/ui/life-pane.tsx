/**
 * The life of an address, a handle or another number: every record of the session that names it, over time, on which CPUs,
 * and the longest silences between. A click goes to the records.
 */
import { type MouseEvent, useCallback, useEffect, useRef } from 'react';
import type { LifeReport } from '../../electron/contract/life.ts';
import { formatDuration } from '../model/duration.ts';
import { formatCount, formatPercent, formatPlural } from '../model/format.ts';
import { lifeBarAt, lifeBars, lifeShare } from '../model/life.ts';
import { keyFor } from '../store/commands.ts';
import { useApp, useLife } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { PaneHead, RowLink } from './insight-parts.tsx';
import { coloursOf } from './plot-look.ts';
import { useCanvas } from './use-canvas.ts';
import { useTimeColumns } from './use-time-columns.ts';

const SHOWN_CPUS = 8;

export function LifePane() {
  const app = useApp();
  const value = useLife((state) => state.value);
  const report = useLife((state) => state.report);
  useEffect(() => app.life.watch(), [app]);
  return (
    <section className="insight" aria-label="Life of a value" data-testid="life-pane">
      <PaneHead sum={sumWords(value, report)}>{value !== null && <b className="life-value">{value}</b>}</PaneHead>
      {value === null && (
        <p className="insight-note none">
          Right-click an address or handle in a message, then All rows with it ({keyFor('life')}): here is when and
          where it was named.
        </p>
      )}
      <FailureNote failure={report?.failure ?? null} className="insight-note bad" />
      {report !== null && report.count > 0 && <Figures report={report} />}
    </section>
  );
}

function sumWords(value: string | null, report: LifeReport | null): string {
  if (value === null) return '';
  if (report === null) return 'Looking';
  const { count, looked, total, firstNs, lastNs } = report;
  const going = looked < total ? `, ${formatPercent(looked / Math.max(1, total))} of the log looked at` : '';
  if (count === 0) return looked < total ? `Looking${going}` : 'No record names it';
  const records = formatPlural(count, 'record');
  return count === 1 ? `${records}${going}` : `${records} over ${formatDuration(lastNs - firstNs)}${going}`;
}

function Figures({ report }: { readonly report: LifeReport }) {
  const { text } = useTimeColumns();
  const { cpus, gaps, firstRow, firstNs, lastRow, lastNs } = report;
  return (
    <div className="insight-scroll">
      <LifeLine report={report} />
      <dl className="insight-figures">
        <div>
          <dt>first</dt>
          <dd>
            <RowLink row={firstRow} title="Go to the first record that names it" testId="life-first">
              {text(firstNs)}
            </RowLink>
          </dd>
        </div>
        <div>
          <dt>last</dt>
          <dd>
            <RowLink row={lastRow} title="Go to the last record that names it" testId="life-last">
              {text(lastNs)}
            </RowLink>
          </dd>
        </div>
        <div>
          <dt>CPUs</dt>
          <dd data-testid="life-cpus">
            {cpus
              .slice(0, SHOWN_CPUS)
              .map(({ cpu, count }) => `${cpu} (${formatCount(count)})`)
              .join(', ')}
            {cpus.length > SHOWN_CPUS && ` and ${formatCount(cpus.length - SHOWN_CPUS)} more`}
          </dd>
        </div>
        {gaps.length > 0 && (
          <div>
            <dt>longest gaps</dt>
            <dd>
              {gaps.map(({ ns, toRow, fromRow, fromNs }) => (
                <RowLink
                  key={fromRow}
                  row={toRow}
                  title={`After ${text(fromNs)}: go to the record behind it`}
                  testId="life-gap"
                >
                  {formatDuration(ns)}
                </RowLink>
              ))}
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function LifeLine({ report }: { readonly report: LifeReport }) {
  const app = useApp();
  const { text } = useTimeColumns();
  const latest = useRef(report);
  latest.current = report;
  const paint = useCallback(
    (element: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number, height: number) => {
      const now = latest.current;
      const [bar = '', track = ''] = coloursOf(element, ['--colorBrandForeground1', '--colorNeutralStroke2']);
      // Above, where in the log all of this lies.
      const { from, to } = lifeShare(now);
      context.fillStyle = track;
      context.fillRect(0, 0, width, 3);
      context.fillStyle = bar;
      context.fillRect(Math.min(width - 2, from * width), 0, Math.max(2, (to - from) * width), 3);
      const room = height - 8;
      for (const { x, width: wide, tall } of lifeBars(now, width)) {
        context.fillRect(x, height - tall * room, wide, tall * room);
      }
      context.fillStyle = track;
      context.fillRect(0, height - 1, width, 1);
    },
    [],
  );
  const canvas = useCanvas(paint, [report]);
  const barAt = (event: MouseEvent<HTMLCanvasElement>): number | null => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return lifeBarAt(report, event.clientX - left, width);
  };
  const { firstNs, lastNs, count } = report;
  return (
    <canvas
      ref={canvas}
      className="life-line"
      role="img"
      aria-label={`${formatPlural(count, 'record')} from ${text(firstNs)} to ${text(lastNs)}`}
      data-testid="life-line"
      onMouseMove={(event) => {
        const at = barAt(event);
        const bar = at === null ? undefined : report.bars[at];
        event.currentTarget.title =
          at === null || bar === undefined
            ? ''
            : `${formatPlural(bar.count, 'record')} from ${text(report.barsFromNs + at * report.barNs)} on. Click to go there`;
      }}
      onClick={(event) => {
        const at = barAt(event);
        const bar = at === null ? undefined : report.bars[at];
        if (bar !== undefined) void app.goToRow(bar.row);
      }}
    />
  );
}
