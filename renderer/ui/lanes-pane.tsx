/**
 * CPU lanes along the time axis: how much each CPU wrote, what was lost, and which fell silent. The wheel zooms, a drag moves,
 * a click goes to the row; the frame is what the table shows. The table comes along to what is zoomed to, and the lanes to
 * where the table is moved.
 */
import { Button } from '@fluentui/react-components';
import { ArrowResetRegular, FilterRegular, ZoomInRegular, ZoomOutRegular } from '@fluentui/react-icons';
import { type PointerEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Lane, LaneLoss, LaneReport } from '../../electron/contract/lanes.ts';
import { formatDuration } from '../model/duration.ts';
import { formatCount, formatPercent, formatPlural } from '../model/format.ts';
import { onceAFrame } from '../model/frames.ts';
import {
  AXIS_PX,
  LABEL_PX,
  lanePx,
  lossAt,
  lossMarks,
  SILENT_PX,
  shownRange,
  spanAt,
  wheelZoom,
} from '../model/lanes.ts';
import { visibleRange } from '../model/scroll.ts';
import { tip } from '../store/commands.ts';
import { filterToTime } from '../store/time-filter.ts';
import { extentOf } from '../store/view-state.ts';
import { useApp, useLanes } from './app-context.ts';
import { PaneHead } from './insight-parts.tsx';
import { paintAxis, paintLanes } from './paint-lanes.ts';
import { useCanvas } from './use-canvas.ts';
import { useTimeColumns } from './use-time-columns.ts';

export function LanesPane() {
  const app = useApp();
  const report = useLanes((state) => state.report);
  useEffect(() => app.lanes.watch(), [app]);
  return (
    <section className="insight" aria-label="CPU lanes" data-testid="lanes-pane">
      <PaneHead sum={report === null ? 'Counting' : sumWords(report)}>
        <Tools />
      </PaneHead>
      {report !== null && report.lanes.length > 0 && <LaneList report={report} />}
      {report !== null && report.lanes.length === 0 && <p className="insight-note none">No record yet.</p>}
    </section>
  );
}

/** Silent CPUs that are named; more are counted. */
const NAMED = 3;

function sumWords({ lanes, others, looked, total }: LaneReport): string {
  const words = [formatPlural(lanes.length, 'CPU')];
  const silent = lanes.filter(({ silentNs }) => silentNs !== null);
  const all = lanes.length > 1 && silent.length === lanes.length;
  if (all) words.push(`all silent for ${formatDuration(Math.min(...silent.map(({ silentNs }) => silentNs ?? 0)))}`);
  for (const { cpu, silentNs } of all ? [] : silent.slice(0, NAMED))
    words.push(`CPU ${cpu} silent for ${formatDuration(silentNs ?? 0)}`);
  if (!all && silent.length > NAMED) words.push(`${formatCount(silent.length - NAMED)} more silent`);
  const lost = lanes.reduce((sum, lane) => sum + lane.lost, 0);
  if (lost > 0) words.push(`${formatCount(lost)} lost`);
  if (others > 0) words.push(`${formatPlural(others, 'record')} of more CPUs than are shown`);
  if (looked < total) words.push(`${formatPercent(looked / Math.max(1, total))} counted`);
  return words.join(', ');
}

function Tools() {
  const app = useApp();
  const range = useLanes((state) => state.range);
  const tool = (label: string, icon: React.ReactElement, testId: string, run: () => void, off = false) => (
    <Button
      size="small"
      appearance="subtle"
      icon={icon}
      aria-label={label}
      title={label}
      disabledFocusable={off}
      data-testid={testId}
      onClick={run}
    />
  );
  return (
    <span className="lane-tools">
      {tool('Zoom in', <ZoomInRegular />, 'lanes-in', () => app.lanes.zoom(0.5, 0.5))}
      {tool('Zoom out', <ZoomOutRegular />, 'lanes-out', () => app.lanes.zoom(2, 0.5), range === null)}
      {tool('All of the log', <ArrowResetRegular />, 'lanes-all', app.lanes.showAll, range === null)}
      {tool(tip('onlyThisTime'), <FilterRegular />, 'lanes-filter', () => filterToTime(app), range === null)}
    </span>
  );
}

/** Pixels that the pointer may move in a click. */
const CLICK_PX = 3;

function LaneList({ report }: { readonly report: LaneReport }) {
  const app = useApp();
  const times = useTimeColumns();
  const { text } = times;
  const range = useLanes((state) => state.range);
  const frame = useRef<HTMLDivElement>(null);
  const drag = useRef<{ readonly x: number; moved: boolean; last: number } | null>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const each = lanePx(report.lanes.length, useRoom(scroll) - AXIS_PX);
  const latest = useRef({ report, range, times, each });
  latest.current = { report, range, times, each };
  /** Where the table was when the lanes last looked. */
  const lastTop = useRef<number | null>(null);
  const height = report.lanes.length * each;

  /** Puts the frame around what the table shows; set below. */
  const placeFrame = useRef(() => {});
  const paint = useCallback((element: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number) => {
    const { report: now, range: part, each: px } = latest.current;
    paintLanes(element, context, { width, each: px, report: now, shown: shownRange(part, now) });
    placeFrame.current();
  }, []);
  const canvas = useCanvas(paint, [report, range, each]);
  const paintTimes = useCallback((element: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number) => {
    const { report: now, range: part, times: columns } = latest.current;
    paintAxis(element, context, { width, shown: shownRange(part, now), times: columns });
  }, []);
  const axis = useCanvas(paintTimes, [report, range, times]);

  placeFrame.current = () => {
    const [element, host] = [frame.current, canvas.current];
    if (element === null || host === null) return;
    const view = app.view.store.getState();
    const visible = visibleRange(view.top, extentOf(view));
    const [first, last] = [view.cache.get(visible.from), view.cache.get(visible.end - 1)];
    const { report: now, range: part } = latest.current;
    const shown = shownRange(part, now);
    // As wide as it was painted: to ask for its width would make the browser lay the page out, in every frame with new rows.
    const room = Math.max(1, host.width / window.devicePixelRatio - LABEL_PX - SILENT_PX);
    const at = (ns: number): number => Math.min(1, Math.max(0, (ns - shown.fromNs) / (shown.toNs - shown.fromNs)));
    element.hidden = first === undefined || last === undefined;
    if (first === undefined || last === undefined) return;
    if (view.top !== lastTop.current) {
      lastTop.current = view.top;
      // Rows that come are not followed: what is zoomed to stays what it is.
      if (!view.follow && view.top !== app.timeRange.placedTop)
        app.lanes.keepInSight({ fromNs: first.timeNs, toNs: last.timeNs });
    }
    const [from, to] = [at(first.timeNs) * room, at(last.timeNs) * room];
    element.style.transform = `translateX(${LABEL_PX + from}px)`;
    element.style.width = `${Math.max(3, to - from)}px`;
  };
  useEffect(() => app.view.store.subscribe(onceAFrame(app.frames.draw, () => placeFrame.current())), [app]);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    // React would register it as one that cannot keep the pane from scrolling.
    const zoom = (event: WheelEvent): void => {
      if (event.shiftKey) return;
      event.preventDefault();
      app.lanes.zoom(wheelZoom(event.deltaY), shareAt(element, event.clientX));
    };
    element.addEventListener('wheel', zoom, { passive: false });
    return () => element.removeEventListener('wheel', zoom);
  }, [app, canvas]);

  const laneAt = (event: PointerEvent<HTMLCanvasElement>): Pointed | null => {
    const { left, top, width } = event.currentTarget.getBoundingClientRect();
    const lane = report.lanes[Math.floor((event.clientY - top) / each)];
    const room = width - LABEL_PX - SILENT_PX;
    if (lane === undefined) return null;
    const shown = shownRange(range, report);
    const x = event.clientX - left - LABEL_PX;
    const loss = lossAt(lossMarks(lane, shown, room), x);
    if (loss !== null) return { lane, loss, span: loss.span };
    const span = spanAt(lane, report, shown, x, room);
    return span === null ? null : { lane, loss, span };
  };

  return (
    <div ref={scroll} className="insight-scroll lanes-scroll">
      <div className="lanes">
        <canvas
          ref={canvas}
          style={{ height }}
          role="img"
          aria-label={report.lanes.map(laneWords).join('; ')}
          data-testid="lanes"
          data-from={shownRange(range, report).fromNs}
          data-to={shownRange(range, report).toNs}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            drag.current = { x: event.clientX, moved: false, last: event.clientX };
          }}
          onPointerMove={(event) => {
            const held = drag.current;
            if (held === null) {
              const found = laneAt(event);
              event.currentTarget.title = found === null ? '' : tipOf(found, report, text);
              return;
            }
            if (Math.abs(event.clientX - held.x) > CLICK_PX) held.moved = true;
            if (!held.moved) return;
            const room = Math.max(1, event.currentTarget.clientWidth - LABEL_PX - SILENT_PX);
            app.lanes.move((held.last - event.clientX) / room);
            held.last = event.clientX;
          }}
          onPointerUp={(event) => {
            const held = drag.current;
            drag.current = null;
            const found = held === null || held.moved ? null : laneAt(event);
            if (found !== null) void app.goToRow(found.loss?.row ?? (found.lane.rows[found.span] as number));
          }}
          onPointerCancel={() => {
            drag.current = null;
          }}
          onDoubleClick={() => app.lanes.showAll()}
        />
        <div ref={frame} className="lanes-frame" style={{ height }} />
        <canvas ref={axis} className="lanes-axis" style={{ height: AXIS_PX }} />
      </div>
    </div>
  );
}

/** Pixels of height that an element has for what is in it. */
function useRoom(host: RefObject<HTMLElement | null>): number {
  const [px, setPx] = useState(0);
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const measure = (): void => {
      const { paddingTop, paddingBottom } = getComputedStyle(element);
      setPx(element.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [host]);
  return px;
}

/** Where a pixel lies in the time that is shown, 0..1. */
function shareAt(element: HTMLElement, clientX: number): number {
  const { left, width } = element.getBoundingClientRect();
  return Math.min(1, Math.max(0, (clientX - left - LABEL_PX) / Math.max(1, width - LABEL_PX - SILENT_PX)));
}

function laneWords({ cpu, records, lost, silentNs }: Lane): string {
  const words = [`CPU ${cpu}: ${formatPlural(records, 'record')}`];
  if (lost > 0) words.push(`${formatCount(lost)} lost`);
  if (silentNs !== null) words.push(`silent for ${formatDuration(silentNs)}`);
  return words.join(', ');
}

/** What is under the pointer. */
interface Pointed {
  readonly lane: Lane;
  readonly span: number;
  readonly loss: LaneLoss | null;
}

function tipOf({ lane, span, loss }: Pointed, report: LaneReport, text: (ns: number) => string): string {
  const { cpu, counts } = lane;
  if (loss !== null) {
    const { fromNs, toNs, places } = loss;
    const when = fromNs < toNs ? `between ${text(fromNs)} and ${text(toNs)}` : `before ${text(toNs)}`;
    const where = places > 1 ? `in ${formatCount(places)} places, the longest ${when}` : when;
    return `${formatCount(loss.lost)} lost on CPU ${cpu} ${where}. Click to go there`;
  }
  const from = report.fromNs + span * report.bucketNs;
  const what = formatPlural(counts[span] ?? 0, 'record');
  return `CPU ${cpu}: ${what} in ${formatDuration(report.bucketNs)} from ${text(from)} on. Click to go there`;
}
