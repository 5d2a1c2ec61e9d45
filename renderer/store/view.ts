/**
 * The rows on the screen: what the session sent about the view, where the table is scrolled to, and what is selected.
 *
 * Two rules keep the table from ever flashing. First, the place shown (`top`) moves only to where rows are held
 * already; until they arrive, the old place stays. Second, a new generation of the view is taken over as a whole,
 * including its rows, in one animation frame. Only then is the update confirmed, and only after that does the session
 * send the next one.
 *
 * What the person looks at is kept in sight. If the filter of a new view has not reached it yet, the new view waits a
 * moment. If that takes longer, the table goes back there once the filter has reached it, unless the person has moved
 * elsewhere meanwhile (sought.ts).
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { ViewState as ToldView } from '../../electron/contract/page-state.ts';
import { MAX_ROWS_A_REQUEST, type ViewUpdate } from '../../electron/contract/rows.ts';
import { NOTHING_SEEN, noteColumns } from '../model/columns.ts';
import type { Frames } from '../model/frames.ts';
import { planRequest, type Range, RowCache } from '../model/row-cache.ts';
import { clampTop, maxTop, ROW_PX, revealTop, visibleRange } from '../model/scroll.ts';
import { type Selection, selectOne, withRows } from '../model/selection.ts';
import { createBeginning } from './beginning.ts';
import { FieldRows } from './field-rows.ts';
import { createPassedOver } from './passed-over.ts';
import { type Preparation, prepareView, withUpdate } from './prepare-view.ts';
import { findAgain, type Sought, selectionAlone, soughtBefore } from './sought.ts';
import { EMPTY, extentOf, pushedOf, type ViewState, whenReached } from './view-state.ts';

export type ViewBridge = Pick<BoundBridge, 'on' | 'session' | 'view'>;

export interface View {
  readonly store: StoreApi<ViewState>;
  /**
   * Subscribes to events; returns a function that ends the subscription. `before`: selection and place of the page
   * before this one, which the first rows shown restore; null if there was none.
   */
  connect(before: Before | null): () => void;
  setViewPx(px: number): void;
  /** From now on rows have the values of these fields; those that are held are read again, and stay until then. */
  setFields(names: readonly string[]): void;
  /** The view is not shown for now: no rows are fetched or sent for it until it has a height again. */
  hide(): void;
  /** Scrolls by an exact number of pixels from where the last move led, whether that is on the screen yet or not. */
  scrollBy(px: number): void;
  /** Goes to a place like the scroll bar does: at the lower end the table follows the newest row. */
  scrollTo(top: number): void;
  /** Like `scrollTo`, while the scroll bar is being dragged: until `rest`, only visible rows are fetched. */
  passTo(top: number): void;
  rest(): void;
  /**
   * Goes to a place and stays there, even at the lower end. The place may be below the rows that are known so far, because
   * the session knows of rows before the page does: the table gets there when they are told.
   */
  standAt(top: number): void;
  setFollow(follow: boolean): void;
  select(selection: Selection | null): void;
  /** Selects, and scrolls to where the selection requires, in one step. */
  selectAt(selection: Selection, top: number): void;
  /** Selects and shows a row once the filter has reached it; until then nothing moves. */
  awaitRow(row: number): void;
  clear(): void;
  /**
   * Resolves once the view shows this generation or a later one. Before that, the generation's positions would mean
   * other rows.
   */
  reached(generation: number): Promise<void>;
  setPaused(paused: boolean): void;
  /** Rows in another order were asked for, which resolves to whether they come: those of this one are not drawn any more. */
  passOver(asked: Promise<boolean>): Promise<void>;
}

/** Selection and place of the page before this one. */
export type Before = Pick<ToldView, 'place' | 'selection'>;

/**
 * Rows that are fetched on either side of the visible ones, so that a turn of the wheel or a page key finds them there.
 */
const OVERSCAN_ROWS = 40;
const MAX_IN_FLIGHT = 2;
/**
 * The most frames for which a new view waits for its filter to reach the row looked at. That is enough for millions of
 * rows, and not noticeable as a delay.
 */
const PATIENCE_FRAMES = 12;
/** The most times a view is prepared because the person keeps moving meanwhile. Then it is shown as it was prepared. */
const MAX_PREPARATIONS = 3;

export function createView(bridge: ViewBridge, frames: Frames): View {
  const frame = frames.update;
  const store = createStore<ViewState>(() => ({
    ...EMPTY,
    cache: new RowCache(EMPTY.generation),
    version: 0,
    top: 0,
    viewPx: 0,
    follow: true,
    selection: null,
    seen: NOTHING_SEEN,
  }));
  const get = store.getState;
  const beginning = createBeginning();

  /** Where the person wants to be while not following; the screen gets there once the rows are held. */
  let target = 0;
  let inFlight: Range[] = [];
  /**
   * True if the session returned fewer rows than requested. Asking again before anything has changed would repeat this
   * endlessly.
   */
  let stalled = false;
  /** The number of newest rows last requested; -1 before the first request. */
  let tail = -1;
  const fields = new FieldRows({ bridge, frame, state: get }, (cache, rows) => {
    stalled = false;
    commit({ cache, version: get().version + 1, seen: noteColumns(get().seen, rows) });
  });
  /** True while the scroll bar is dragged: rows around a place that it only passes are not worth fetching. */
  let passing = false;
  /**
   * Counts what the person did to place and selection. If it changes while a view is prepared, the view is prepared
   * again.
   */
  let acts = 0;
  /** What was looked at and has not been found in the new view yet. */
  let sought: Sought | null = null;
  /** What was looked at when this generation was taken over, until the person moves or selects: it comes back with its rows. */
  let left: Sought | null = null;
  let seeking = false;
  const passedOver = createPassedOver((update) => {
    if (update.generation === get().generation) apply(update);
  });
  /** The newest update of a generation other than the one shown, and for how many frames it may still wait. */
  let offered: ViewUpdate | null = null;
  let patience = PATIENCE_FRAMES;

  /** Where the table should be scrolled to in a state. */
  function goal(state: ViewState): number {
    const extent = extentOf(state);
    return state.follow ? maxTop(extent) : clampTop(target, extent);
  }

  /**
   * `state` scrolled to its goal if the rows there are held; otherwise where it was. A view that is not shown stays where it
   * was too: when it is shown again, it begins with the rows that were seen there, and not with none.
   */
  function settled(state: ViewState): ViewState {
    const extent = extentOf(state);
    const wanted = goal(state);
    const visible = visibleRange(wanted, extent);
    if (state.viewPx > 0 && state.cache.holds(visible)) {
      state.cache.use(visible);
      return state.top === wanted ? state : { ...state, top: wanted };
    }
    const kept = clampTop(state.top, extent);
    return kept === state.top ? state : { ...state, top: kept };
  }

  function commit(change: Partial<ViewState>): void {
    const next = settled({ ...get(), ...change });
    const selection = next.selection && withRows(next.selection, (position) => next.cache.get(position)?.row);
    store.setState(selection === next.selection ? next : { ...next, selection }, true);
    fetchMissing();
  }

  function fetchMissing(): void {
    while (!stalled && inFlight.length < MAX_IN_FLIGHT) {
      const state = get();
      const plan = planRequest({
        cache: state.cache,
        visible: visibleRange(goal(state), extentOf(state)),
        extent: { from: state.first, end: state.end },
        overscan: state.follow || passing ? 0 : OVERSCAN_ROWS,
        inFlight,
        maxRows: MAX_ROWS_A_REQUEST,
      });
      if (!plan) return;
      void request(plan);
    }
  }

  async function request(range: Range): Promise<void> {
    const { cache, generation } = get();
    inFlight = [...inFlight, range];
    const count = range.end - range.from;
    const reply = await bridge.view.rows({ generation, first: range.from, count, ...fields.asked }).finally(() => {
      inFlight = inFlight.filter((other) => other !== range);
    });
    if (get().cache !== cache) {
      fetchMissing();
      return;
    }
    if (!cache.put(reply) || reply.rows.length < count) stalled = true;
    commit({ version: get().version + 1, seen: noteColumns(get().seen, reply.rows) });
  }

  function updateTail(): void {
    const { follow, viewPx } = get();
    const wanted = follow && viewPx > 0 ? Math.min(Math.ceil(viewPx / ROW_PX) + 2, MAX_ROWS_A_REQUEST) : 0;
    if (wanted === tail) return;
    tail = wanted;
    void bridge.view.setTail({ rows: wanted, ...fields.asked });
  }

  function draw(update: ViewUpdate): void {
    stalled = false;
    commit(withUpdate(get(), update));
  }

  function apply(update: ViewUpdate): void {
    if (beginning.standsAt(update)) {
      store.setState({ follow: false });
      updateTail();
    }
    const state = get();
    if (state.generation === update.generation) {
      frame(() => {
        if (!passedOver.takes(update)) draw(update);
        void bridge.view.ack({ sequence: update.sequence });
        void seek();
      });
      return;
    }
    if (offered?.generation !== update.generation) patience = PATIENCE_FRAMES;
    offered = update;
    takeOver(update, MAX_PREPARATIONS);
  }

  function goBack(before: Before): void {
    beginning.restored();
    sought = soughtBefore(before);
    store.setState({ follow: before.place === null });
    updateTail();
  }

  /** Shows a new generation as soon as everything of it is there; prepares it again if the person moved meanwhile. */
  function takeOver(update: ViewUpdate, attempts: number): void {
    const before = acts;
    const wanted = goal(get());
    const { asked } = fields;
    let acknowledged = false;
    const acknowledge = () => {
      if (!acknowledged) void bridge.view.ack({ sequence: update.sequence });
      acknowledged = true;
    };
    const swap = ({ change, pending, looked }: Preparation) =>
      frame(() => {
        // The update was confirmed while it waited for its filter, and a newer one has followed.
        if (offered !== update) return;
        if (acts !== before && attempts > 1) {
          takeOver(update, attempts - 1);
          return;
        }
        if (pending?.place && update.stopped === null && patience > 0) {
          patience--;
          acknowledge();
          frames.draw(() => swap({ change, pending, looked }));
          return;
        }
        offered = null;
        stalled = false;
        inFlight = [];
        target = change.top ?? target;
        sought = pending;
        left = looked;
        commit({ ...change, version: get().version + 1 });
        acknowledge();
        if (fields.asked !== asked) void fields.readAgain();
      });
    prepareView(bridge, get(), sought, left, wanted, update, asked).then(swap, (error: unknown) => {
      // The update is confirmed all the same, as otherwise no further one would come; the rows are fetched later.
      const change = { ...pushedOf(update), cache: new RowCache(update.generation), selection: null };
      swap({ change, pending: null, looked: left ?? { selection: null, place: null } });
      throw error;
    });
  }

  /** Looks again for what was not found when the new generation was taken over. */
  async function seek(): Promise<void> {
    const wanted = sought;
    if (wanted === null || seeking) return;
    const { generation, version, scan } = get();
    seeking = true;
    const view = { generation, extent: extentOf(get()), scanning: scan !== null };
    const found = await findAgain(bridge, wanted, view).finally(() => {
      seeking = false;
    });
    // The person has moved or selected something else, or a new generation was taken over, which looks for it itself.
    if (sought !== wanted || get().generation !== generation) return;
    if (found.pending !== null && get().version !== version) {
      // The filter has gone on meanwhile, possibly to its end.
      void seek();
      return;
    }
    sought = found.pending;
    if (found.top !== null && !found.pending?.place) target = found.top;
    commit(wanted.selection === null ? {} : { selection: found.selection });
  }

  /** The person has moved or selected something: the table does not go back to where they were before. */
  function giveUp(what: 'place' | 'all'): void {
    acts++;
    const keep = (looked: Sought | null) => (what === 'all' ? null : selectionAlone(looked));
    [sought, left] = [keep(sought), keep(left)];
  }

  function moveTo(wanted: number, change: Partial<ViewState> & Pick<ViewState, 'follow'>): void {
    giveUp('selection' in change ? 'all' : 'place');
    target = wanted;
    stalled = false;
    commit(change);
    updateTail();
  }

  /** Moves within the rows that are known. At the lower end the table follows. */
  function scrollTo(wanted: number): void {
    const extent = extentOf(get());
    const top = clampTop(wanted, extent);
    moveTo(top, { follow: top >= maxTop(extent) });
  }

  return {
    store,
    connect(before) {
      if (before) goBack(before);
      const end = bridge.on.view.update(({ update }) => apply(update));
      updateTail();
      return end;
    },
    setViewPx(px) {
      const { viewPx, follow, selection, top } = get();
      if (px === viewPx) return;
      const position = selection?.focus.position ?? null;
      // A pane that opens below covers rows at the lower end. The selected row, which it is about, is kept in sight.
      const seen = position !== null && position * ROW_PX >= top && (position + 1) * ROW_PX <= top + viewPx;
      if (!follow && seen) target = revealTop(goal(get()), position, { ...extentOf(get()), viewPx: px });
      commit({ viewPx: px });
      updateTail();
    },
    setFields(names) {
      if (!fields.set(names) || tail < 0) return;
      void bridge.view.setTail({ rows: tail, ...fields.asked });
      void fields.readAgain();
    },
    hide() {
      commit({ viewPx: 0 });
      updateTail();
    },
    scrollBy(px) {
      scrollTo(goal(get()) + px);
    },
    scrollTo,
    passTo(top) {
      passing = true;
      scrollTo(top);
    },
    rest() {
      passing = false;
      fetchMissing();
    },
    standAt: (top) => moveTo(top, { follow: false }),
    setFollow(follow) {
      const state = get();
      giveUp('place');
      if (!follow) target = state.top;
      stalled = false;
      commit({ follow });
      updateTail();
    },
    select(selection) {
      giveUp('all');
      commit({ selection });
    },
    selectAt: (selection, top) => moveTo(top, { selection, follow: false }),
    awaitRow(row) {
      const { follow, top, viewPx } = get();
      giveUp('all');
      if (follow) target = top;
      const end = { position: -1, row };
      sought = { selection: selectOne(end), place: { row, y: Math.round((viewPx - ROW_PX) / 2) } };
      commit({ follow: false, selection: null });
      updateTail();
      void seek();
    },
    reached: (generation) => whenReached(store, generation),
    clear() {
      giveUp('all');
      beginning.again();
      commit({ follow: true, selection: null });
      updateTail();
      void bridge.session.clear();
    },
    setPaused(paused) {
      void bridge.view.setPaused({ paused });
    },
    passOver: passedOver.until,
  };
}
