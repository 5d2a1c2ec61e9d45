/**
 * The table: owns the virtualizer and the scroll bar. The virtualizer works on a window of rows that is moved along
 * with the place shown (model/scroll.ts); the bar mirrors that place and is read back only when the person moved it.
 */
import { observeElementRect, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type MouseEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { type Column, gridTemplate, visibleColumns } from '../../model/columns.ts';
import { fromScrollTop, ROW_PX, rowWindow, spacerPx, toScrollTop, wheelSteps } from '../../model/scroll.ts';
import { isSelected } from '../../model/selection.ts';
import { findQuery } from '../../store/find.ts';
import type { Marker } from '../../store/marks.ts';
import { extentOf, type ViewState } from '../../store/view-state.ts';
import { useApp, useFilter, useFind, useMarks, useProcesses, useSourceNames, useUi, useView } from '../app-context.ts';
import { EmptyState } from '../empty-state.tsx';
import { TABLE_ID } from '../use-keys.ts';
import { LogRowView } from './log-row.tsx';
import { NewerRows } from './newer-rows.tsx';
import { ScanStopped } from './scan-stopped.tsx';
import { TableHead } from './table-head.tsx';

/** Rows drawn above and below the visible ones while the table stands still, so that a turn of the wheel finds them. */
const OVERSCAN = 8;
/** While the person holds the thumb the bar is theirs: it is written again this long after its last movement. */
const BAR_QUIET_MS = 150;
/** What a line and a page of a wheel that counts in those are worth, in pixels. */
const WHEEL_LINE_PX = ROW_PX;

function windowOffset(state: ViewState): number {
  return state.top - rowWindow(state.top, extentOf(state)).base * ROW_PX;
}

export function LogTable() {
  const choice = useUi((ui) => ui.columns);
  const shift = useUi((ui) => ui.shift);
  const seen = useView((view) => view.seen);
  const empty = useView((view) => view.end === view.first);
  const names = useSourceNames();
  const several = names !== null;
  const processes = useProcesses((state) => state.names.size > 0);
  const columns = useMemo(() => {
    const known = new Set(seen);
    if (several) known.add('source');
    if (processes) known.add('process');
    return visibleColumns(choice, known);
  }, [choice, seen, several, processes]);
  const style = { '--columns': gridTemplate(columns, choice), '--shift': `${-shift}ch` } as CSSProperties;
  return (
    <div className="table" style={style}>
      <Grid columns={columns} names={names} />
      {empty && <EmptyState />}
      <NewerRows />
      <ScanStopped />
    </div>
  );
}

function Grid({
  columns,
  names,
}: {
  readonly columns: readonly Column[];
  readonly names: ReadonlyMap<number, string> | null;
}) {
  const app = useApp();
  const state = useView((view) => view);
  const element = useRef<HTMLDivElement>(null);
  const extent = extentOf(state);
  const window = rowWindow(state.top, extent);
  const processes = useProcesses((known) => known.names);
  const markers = useMarkers();
  useScrollBar(element, state);

  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: window.count,
    getScrollElement: () => element.current,
    estimateSize: () => ROW_PX,
    overscan: state.follow ? 0 : OVERSCAN,
    useFlushSync: false,
    initialOffset: () => windowOffset(app.view.store.getState()),
    observeElementRect: useCallback(
      (
        instance: Virtualizer<HTMLDivElement, HTMLDivElement>,
        report: (rect: { width: number; height: number }) => void,
      ) =>
        observeElementRect(instance, (rect) => {
          app.view.setViewPx(rect.height);
          report(rect);
        }),
      [app],
    ),
    observeElementOffset: useCallback(
      (_: unknown, report: (offset: number, scrolling: boolean) => void) => {
        const tell = () => report(windowOffset(app.view.store.getState()), false);
        tell();
        return app.view.store.subscribe(tell);
      },
      [app],
    ),
    scrollToFn: (offset) => {
      const now = app.view.store.getState();
      if (Math.abs(offset - windowOffset(now)) >= 1) app.view.scrollTo(now.top - windowOffset(now) + offset);
    },
  });

  const items = virtualizer.getVirtualItems();
  // Elements are reused by the row's place in a cycle: a jump changes text instead of building rows anew.
  const cycle = Math.max(items.length, Math.ceil(state.viewPx / ROW_PX) + 1 + 2 * (state.follow ? 0 : OVERSCAN));
  const focus = state.selection?.focus.position ?? null;

  const positionOf = (event: MouseEvent): number | null => {
    const row = (event.target as Element).closest<HTMLElement>('[data-position]');
    return row ? Number(row.dataset.position) : null;
  };

  return (
    <div
      id={TABLE_ID}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label="Log"
      aria-rowcount={extent.end - extent.first + 1}
      aria-colcount={columns.length}
      aria-multiselectable="true"
      aria-activedescendant={focus === null ? undefined : `row-${focus}`}
      data-testid="log-table"
      data-follow={state.follow}
      data-generation={state.generation}
    >
      <TableHead columns={columns} />
      <div
        ref={element}
        className="body"
        role="rowgroup"
        onMouseDown={(event) => {
          const position = event.button === 0 ? positionOf(event) : null;
          if (position !== null) app.selectAt(position, event.shiftKey);
        }}
        onMouseMove={(event) => {
          const position = event.buttons === 1 ? positionOf(event) : null;
          if (position !== null && focus !== null && position !== focus) app.selectAt(position, true);
        }}
        onDoubleClick={(event) => {
          if (positionOf(event) !== null) app.ui.openDetails();
        }}
      >
        <div className="spacer" role="presentation" style={{ height: spacerPx(extent) }}>
          <div className="stage" role="presentation" style={{ height: state.viewPx }}>
            <div
              className="rows"
              role="presentation"
              style={{ transform: `translateY(${window.base * ROW_PX - state.top}px)` }}
            >
              {items.map((item) => {
                const position = window.base + item.index;
                const row = state.cache.get(position);
                return (
                  <LogRowView
                    key={position % cycle}
                    position={position}
                    ariaIndex={position - extent.first + 2}
                    y={item.start}
                    row={row}
                    source={row && names?.get(row.source)}
                    process={row && processes.get(row.source)?.get(row.pid)}
                    columns={columns}
                    selected={isSelected(state.selection, position)}
                    focused={position === focus}
                    find={markers.find}
                    filter={markers.filter}
                  />
                );
              })}
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}

/** The same until the query changes or more is known of its matches, so that rows stay equal while other things change. */
function useMarkers(): { readonly find: Marker | null; readonly filter: Marker | null } {
  const open = useFind((find) => find.open);
  const pattern = useFind((find) => find.pattern);
  const regex = useFind((find) => find.regex);
  const caseSensitive = useFind((find) => find.caseSensitive);
  const text = useFilter((filter) => filter.applied.text);
  const app = useApp();
  const version = useMarks((marks) => marks.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a new marker
  return useMemo(() => {
    const query = findQuery({ ...app.find.store.getState(), open, pattern, regex, caseSensitive });
    const find = query && app.marks.marker(query);
    // Rows are marked by one of them; asking for both would have each push out what is known of the other.
    return { find, filter: find === null && text ? app.marks.marker(text) : null };
  }, [app, open, pattern, regex, caseSensitive, text, version]);
}

/** Keeps the native scroll bar and the place shown in step, in both directions. */
function useScrollBar(element: RefObject<HTMLDivElement | null>, state: ViewState): void {
  const app = useApp();
  /** What the bar was last set to, or last read as: anything else is the person's doing. */
  const known = useRef(0);
  const quietTimer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const write = useCallback(() => {
    const bar = element.current;
    if (!bar) return;
    const now = app.view.store.getState();
    if (quietTimer.current === null) bar.scrollTop = toScrollTop(now.top, extentOf(now));
    known.current = bar.scrollTop;
  }, [app, element]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the bar has to be written when any of these moved it
  useLayoutEffect(write, [write, state.top, state.first, state.end, state.viewPx]);

  useEffect(() => {
    const bar = element.current;
    if (!bar) return;
    const steps = wheelSteps();
    const onScroll = () => {
      if (Math.abs(bar.scrollTop - known.current) < 1) return;
      known.current = bar.scrollTop;
      if (quietTimer.current !== null) clearTimeout(quietTimer.current);
      quietTimer.current = setTimeout(() => {
        quietTimer.current = null;
        write();
      }, BAR_QUIET_MS);
      const now = app.view.store.getState();
      app.view.scrollTo(fromScrollTop(bar.scrollTop, extentOf(now)));
    };
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey) return;
      event.preventDefault();
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (Math.abs(sideways) > 0 && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
        const { shift } = app.ui.store.getState();
        app.ui.setShift(shift + Math.sign(sideways) * Math.max(1, Math.round(Math.abs(sideways) / 8)));
        return;
      }
      const { viewPx } = app.view.store.getState();
      const unit = event.deltaMode === 1 ? WHEEL_LINE_PX : event.deltaMode === 2 ? viewPx : 1;
      const px = steps(event.deltaY * unit);
      if (px !== 0) app.view.scrollBy(px);
    };
    bar.addEventListener('scroll', onScroll, { passive: true });
    // Not passive: the wheel moves the log by exact pixels, which the scaled bar could not.
    bar.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      bar.removeEventListener('scroll', onScroll);
      bar.removeEventListener('wheel', onWheel);
      if (quietTimer.current !== null) clearTimeout(quietTimer.current);
    };
  }, [app, element, write]);
}
