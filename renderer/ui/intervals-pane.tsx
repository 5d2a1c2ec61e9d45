/**
 * Intervals between two kinds of records, such as the start of an IRP and its completion: how their lengths are spread, the
 * slowest first, and what has no partner. A click goes to the records.
 */
import { Button } from '@fluentui/react-components';
import { type FormEvent, type MouseEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { Interval, IntervalReport } from '../../electron/contract/intervals.ts';
import { formatDuration } from '../model/duration.ts';
import { formatCount, formatPercent, formatPlural } from '../model/format.ts';
import { binMarks, intervalBars, intervalBinAt } from '../model/interval-bars.ts';
import { keyFor } from '../store/commands.ts';
import { useApp, useIntervals } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { PaneHead, RowLink } from './insight-parts.tsx';
import { coloursOf } from './plot-look.ts';
import { useCanvas } from './use-canvas.ts';
import { INTERVAL_INPUT } from './use-keys.ts';
import { useTimeColumns } from './use-time-columns.ts';

export function IntervalsPane() {
  const app = useApp();
  const report = useIntervals((state) => state.report);
  const failure = useIntervals((state) => state.failure ?? state.report?.failure ?? null);
  const asked = useIntervals((state) => state.asked);
  const stopped = useIntervals((state) => state.stopped);
  useEffect(() => app.intervals.watch(), [app]);
  return (
    <section className="insight" aria-label="Intervals" data-testid="intervals-pane">
      <PaneHead sum={failure !== null || asked === null ? '' : sumWords(report, stopped)} />
      <Fields />
      <FailureNote failure={failure} testId="intervals-failure" className="insight-note bad" />
      {asked === null && (
        <p className="insight-note none">
          Select a message of each kind (Ctrl+click), then {keyFor('pane.intervals')}; or type two filters, each with a
          group in an expression that captures what pairs them.
        </p>
      )}
      {failure === null && report !== null && report.pairs + report.open > 0 && <Found report={report} />}
    </section>
  );
}

function sumWords(report: IntervalReport | null, stopped: boolean): string {
  if (report === null) return 'Looking';
  const { pairs, medianNs, p95Ns, mostNs, open, restarted, endsAlone, givenUp, looked, total } = report;
  const words = [formatPlural(pairs, 'interval')];
  if (medianNs !== null && p95Ns !== null) {
    words.push(
      `median ${formatDuration(medianNs)}`,
      `95 % in ${formatDuration(p95Ns)}`,
      `longest ${formatDuration(mostNs)}`,
    );
  }
  if (open > 0) words.push(`${formatPlural(open, 'start')} without an end`);
  if (restarted > 0) words.push(`${formatCount(restarted)} started again before an end`);
  if (endsAlone > 0) words.push(`${formatPlural(endsAlone, 'end')} without a start`);
  if (givenUp > 0) words.push(`${formatPlural(givenUp, 'start')} given up: too many waited for an end`);
  if (looked < total)
    words.push(`${stopped ? 'stopped at' : 'looked at'} ${formatPercent(looked / Math.max(1, total))} of the log`);
  return words.join(', ');
}

/** Whether a text has an expression with a group that captures. */
const captures = (text: string): boolean => /\/.*\((?!\?).*\//.test(text);

function Fields() {
  const app = useApp();
  const { intervals } = app;
  const start = useIntervals((state) => state.start);
  const end = useIntervals((state) => state.end);
  const measures = useIntervals(({ stopped, asked, failure }) => asked !== null && !stopped && failure === null);
  const goesOn = useIntervals(({ report }) => report === null || report.looked < report.total) && measures;
  const [asksForBoth, askForBoth] = useState(false);
  const lacks = start.trim() === '' || end.trim() === '';
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    askForBoth(lacks);
    if (!lacks) intervals.measure();
    else if (start.trim() === '') event.currentTarget.querySelector('input')?.focus();
    else event.currentTarget.querySelectorAll('input')[1]?.focus();
  };
  return (
    <form className="interval-fields" onSubmit={submit}>
      <label>
        <span>from</span>
        <input
          id={INTERVAL_INPUT}
          className="field"
          value={start}
          spellCheck={false}
          placeholder="/IRP (\w+) start/"
          data-testid="interval-start"
          onChange={(event) => intervals.setStart(event.target.value)}
        />
      </label>
      <label>
        <span>to</span>
        <input
          className="field"
          value={end}
          spellCheck={false}
          placeholder="/IRP (\w+) done/"
          data-testid="interval-end"
          onChange={(event) => intervals.setEnd(event.target.value)}
        />
      </label>
      {asksForBoth && lacks && (
        <span className="interval-hint" role="alert" data-testid="interval-lacks">
          Both are needed: what an interval begins with, and what it ends with
        </span>
      )}
      {start !== '' && end !== '' && !(captures(start) && captures(end)) && (
        <span className="interval-hint" data-testid="interval-hint">
          Paired in their order: ( ) in both expressions captures what belongs together
        </span>
      )}
      <Button size="small" type="submit" data-testid="interval-measure">
        Measure
      </Button>
      {measures && (
        // While rows come it goes on and waits in turns: its place stays, so that nothing moves under the pointer.
        <Button size="small" disabledFocusable={!goesOn} onClick={() => intervals.stop()} data-testid="interval-stop">
          Stop
        </Button>
      )}
    </form>
  );
}

function Found({ report }: { readonly report: IntervalReport }) {
  return (
    <div className="insight-scroll">
      {report.pairs > 0 && <Histogram report={report} />}
      {report.oldest.length > 0 && <Unpaired report={report} />}
      {report.pairs > 0 && <Slowest rows={report.slowest} />}
    </div>
  );
}

const MARK_PX = 72;
const AXIS_PX = 16;

function Histogram({ report }: { readonly report: IntervalReport }) {
  const app = useApp();
  const latest = useRef(report);
  latest.current = report;
  const paint = useCallback(
    (element: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number, height: number) => {
      const { bins } = latest.current;
      const [bar = '', line = '', word = ''] = coloursOf(element, [
        ...['--colorBrandForeground1', '--colorNeutralStroke2', '--colorNeutralForeground3'],
      ]);
      const room = height - AXIS_PX;
      context.fillStyle = bar;
      for (const { x, width: wide, tall } of intervalBars(bins, width)) {
        context.fillRect(x, room - tall * (room - 4), wide, tall * (room - 4));
      }
      context.fillStyle = line;
      context.fillRect(0, room, width, 1);
      context.fillStyle = word;
      context.font = `11px ${getComputedStyle(element).fontFamily}`;
      context.textBaseline = 'top';
      for (const { x, ns } of binMarks(bins, width, MARK_PX)) {
        if (x + MARK_PX <= width + MARK_PX / 2) context.fillText(formatDuration(ns), x, room + 3);
      }
    },
    [],
  );
  const canvas = useCanvas(paint, [report]);
  const binAt = (event: MouseEvent<HTMLCanvasElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return intervalBinAt(report.bins, event.clientX - left, width);
  };
  const { pairs, leastNs, mostNs } = report;
  return (
    <canvas
      ref={canvas}
      className="interval-histogram"
      role="img"
      aria-label={`${formatPlural(pairs, 'interval')} of ${formatDuration(leastNs)} to ${formatDuration(mostNs)}`}
      data-testid="interval-histogram"
      onMouseMove={(event) => {
        const bin = binAt(event);
        event.currentTarget.title =
          bin === null
            ? ''
            : `${formatPlural(bin.count, 'interval')} of ${formatDuration(bin.fromNs)} to ${formatDuration(bin.toNs)}` +
              (bin.count > 0 ? '. Click to go to the longest of them' : '');
      }}
      onClick={(event) => {
        const bin = binAt(event);
        if (bin !== null && bin.count > 0) void app.goToRow(bin.startRow);
      }}
    />
  );
}

function Slowest({ rows }: { readonly rows: readonly Interval[] }) {
  const { text } = useTimeColumns();
  return (
    <table className="numbers patterns-list interval-list" aria-label="The longest intervals">
      <thead>
        <tr>
          <th scope="col">took</th>
          <th scope="col">from</th>
          <th scope="col">to</th>
          <th scope="col" className="message">
            captured
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ ns, startRow, startNs, endRow, key }) => (
          <tr key={`${startRow} ${endRow}`} data-testid="interval">
            <td>{formatDuration(ns)}</td>
            <td>
              <RowLink row={startRow} title="Go to the start" testId="interval-from">
                {text(startNs)}
              </RowLink>
            </td>
            <td>
              <RowLink row={endRow} title="Go to the end" testId="interval-to">
                {text(startNs + ns)}
              </RowLink>
            </td>
            <td className="message">{key}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Unpaired({ report }: { readonly report: IntervalReport }) {
  const { text } = useTimeColumns();
  return (
    <p className="interval-open" data-testid="interval-open">
      <span className="quiet">without an end, the oldest first:</span>
      {report.oldest.map(({ startRow, startNs, key }) => (
        <RowLink key={startRow} row={startRow} title={`Go to the start of ${key}`} testId="interval-open-row">
          {text(startNs)}
        </RowLink>
      ))}
    </p>
  );
}
