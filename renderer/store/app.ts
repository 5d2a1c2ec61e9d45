/**
 * Everything about one open view, as the interface uses it: the slices of state of the view, of its session and of the
 * page, and the actions that concern several of them.
 */
import type { Theme } from '../../electron/contract/app.ts';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { CopyFormat, OutputOptions } from '../../electron/contract/output.ts';
import type { ViewState as Told } from '../../electron/contract/page-state.ts';
import type { RetentionSettings } from '../../electron/contract/retention.ts';
import { type FilterSpec, type Located, type LocateTarget, SHOW_ALL } from '../../electron/contract/rows.ts';
import { type Failure, failureMessage, type Result } from '../../native/core/result.ts';
import { boxOf } from '../model/filter-edit.ts';
import { formatPlural } from '../model/format.ts';
import type { Frames } from '../model/frames.ts';
import { centreTop, pageRows, ROW_PX, revealTop } from '../model/scroll.ts';
import { extendTo, type Selection, selectOne } from '../model/selection.ts';
import { isLive, isOfFiles } from '../model/source-state.ts';
import type { Look } from './bound-bridge.ts';
import { type Copy, createCopy } from './copy.ts';
import { createDensity, type DensityStore } from './density.ts';
import { createDetails, type Details } from './details.ts';
import { createDoctor, type Doctor } from './doctor.ts';
import { type Exports, exportsFrom } from './exports.ts';
import { followFields, shownFields } from './field-columns.ts';
import { createFilter, type Filter, type Later } from './filter.ts';
import { createFilterPanel, type FilterPanel } from './filter-panel.ts';
import { createFind, type Find } from './find.ts';
import { createGoing } from './going.ts';
import { createHighlights, type Highlights, type StartHighlightThread } from './highlights.ts';
import { createInsights, type Insights, type OpenLinked } from './insights.ts';
import { createLogging, type Logging } from './logging.ts';
import { createLossList, type LossList } from './loss-list.ts';
import { createLossWalk, type LossWalk } from './loss-walk.ts';
import { createMarking, type Marking } from './marking.ts';
import { createMatches, type Matches } from './matches.ts';
import { createMeasure, type Measure } from './measure.ts';
import { createMerging, type Merging } from './merging.ts';
import { createReading, type Reading } from './reading.ts';
import { createRowPaint, type RowPaint } from './row-paint.ts';
import { createSelecting, type Selecting } from './selecting.ts';
import type { PageSlices, SessionSlices } from './slices.ts';
import { stepBackIn } from './step-back.ts';
import { createTemplates, type Templates } from './templates.ts';
import { createTimeRange, type TimeRange } from './time-range.ts';
import { createTimes, type Times } from './times.ts';
import { createTracking } from './tracking.ts';
import { createView, type View } from './view.ts';
import { extentOf, focusInSight } from './view-state.ts';
import { createWordMark, type WordMark } from './word-mark.ts';

export interface AppDependencies {
  /** Shows a view that was opened. */
  readonly showOpened: (look: Look) => void;
  readonly openLinked: OpenLinked;
  readonly look: Look;
  readonly bridge: BoundBridge;
  readonly page: PageSlices;
  readonly session: SessionSlices;
  readonly frames: Frames;
  readonly later: Later;
  readonly startHighlightThread: StartHighlightThread;
  /** Like `bridge.view.locate`, but a failure is returned to the caller rather than shown to the person. */
  readonly locate: (target: LocateTarget) => Promise<Result<Located | null>>;
}

export interface App extends Omit<PageSlices, 'exports'>, SessionSlices, Insights {
  readonly look: Look;
  /** The frames in which the table is drawn and moved. */
  readonly frames: Frames;
  readonly view: View;
  readonly filter: Filter;
  readonly filterPanel: FilterPanel;
  readonly find: Find;
  readonly matches: Matches;
  readonly highlights: Highlights;
  readonly rowPaint: RowPaint;
  readonly wordMark: WordMark;
  readonly exports: Exports;
  readonly copy: Copy;
  readonly density: DensityStore;
  readonly marking: Marking;
  readonly details: Details;
  readonly doctor: Doctor;
  readonly templates: Templates;
  readonly reading: Reading;
  readonly measure: Measure;
  readonly merging: Merging;
  readonly logging: Logging;
  readonly times: Times;
  readonly timeRange: TimeRange;
  readonly losses: LossWalk;
  readonly lossList: LossList;
  /** Runs the doctor and shows its findings. */
  examine(): void;
  /**
   * Makes findings of the doctor about the machine be renewed, because the machine has changed. Does nothing if it was
   * not asked yet.
   */
  machineChanged(): void;
  /**
   * Subscribes to the bridge; returns a function that ends the subscription. `before`: the view's state in the page
   * before this one, and the filter in force.
   */
  connect(before: Before): () => void;
  setTheme(theme: Theme): void;
  toggleCapture(): void;
  togglePause(): void;
  /** Selects the row at a position (with Shift, extends the selection to it) and stops following the newest rows. */
  selectAt(position: number, extend: boolean): void;
  moveSelection(rows: number, extend: boolean): void;
  /** Selecting rows beside others. */
  readonly selecting: Selecting;
  /** Brings the selected row into sight; the first row in sight is selected where none is. */
  revealSelection(): void;
  /** Moves the focus of the selection by so many pages. */
  movePages(pages: number, extend: boolean): void;
  /** Extends the selection to the oldest or the newest row. */
  extendToEnd(end: 'first' | 'last'): void;
  selectAll(): void;
  showFirst(): void;
  /**
   * Goes to the first row at or after an index or a time, as a person typed it. Resolves to why it did not go, as
   * sentences for that person, or null if it went.
   */
  goTo(text: string): Promise<string | null>;
  /** Goes to a row of the session, or to the nearest one shown, and says so; stays where it is if the row is gone. */
  goToRow(row: number): Promise<void>;
  /** As text unless another format is named. */
  copySelection(format?: CopyFormat): Promise<void>;
  /** Changes the retention; resolves to why that failed, or null. */
  setRetention(settings: RetentionSettings): Promise<Failure | null>;
  /** Sets the capture filter, or with null keeps everything; resolves to why that failed, or null. */
  setCaptureFilter(filter: FilterSpec | null): Promise<Failure | null>;
  /**
   * Closes one thing that is open, the find bar before boxes and sheets; if nothing is open, drops the selection. False if
   * there was none either.
   */
  stepBack(): boolean;
}

/** The state with which a view begins. */
export interface Before {
  /** The filter in force; null if none was set. */
  readonly filter: FilterSpec | null;
  /** The view's state in the page before this one; null if there was none, or if it did not have this view. */
  readonly told: Told | null;
}

export function createApp(dependencies: AppDependencies): App {
  const { look, bridge, page, session, frames, later, startHighlightThread, locate } = dependencies;
  const { ui } = page;
  const { status, capture, columns } = session;
  const view = createView(bridge, frames);
  const filter = createFilter(bridge, later, (answer) => void view.passOver(answer));
  const filterPanel = createFilterPanel(filter);
  const measure = createMeasure(bridge, view, say);
  const times = createTimes(ui, status, columns, measure);
  /** What copies and exports hold: times and fields as they are shown. */
  const output = (): OutputOptions => ({
    ...{ ...ui.store.getState().output, times: times.shown() },
    ...shownFields(page, columns, view),
  });
  const exports = exportsFrom(bridge, look.session, page.exports, output);
  const copy = createCopy(bridge, {
    copied: (rows) => say(`${formatPlural(rows, 'row')} copied`),
    failed: fail,
  });
  const details = createDetails(bridge);
  const doctor = createDoctor(bridge);
  const templates = createTemplates(bridge, later);
  const selectedRow = (): number | null => view.store.getState().selection?.focus.row ?? null;
  const timeRange = createTimeRange({ view, locate, upToDate });
  const insights = createInsights({
    ...{ bridge, later, ui, openLinked: dependencies.openLinked, selectedRow, say, fail },
    showTime: timeRange.show,
  });
  const reading = createReading();
  const state = view.store.getState;
  const selecting = createSelecting(view, say);

  const highlights = createHighlights(startHighlightThread, later);
  const wordMark = createWordMark(bridge, fail);
  const names = [session.processes, session.eventNames];
  const rowPaint = createRowPaint({ bridge, view: view.store, colours: page.colours, carried: session.carried, names });

  const find = createFind(
    bridge,
    later,
    async () => {
      await upToDate();
      const { generation, first, end, top } = state();
      const focus = focusInSight(state());
      return { generation, first, end, at: focus ?? Math.floor(top / ROW_PX), selected: focus !== null };
    },
    (position) => {
      stand(position);
      reading.seekMatch(position);
    },
  );

  const matches = createMatches(bridge, find.store, view.store);

  const marking = createMarking({
    ...{ bridge, view: view.store, bookmarks: session.bookmarks, ui, later, upToDate },
    show: stand,
    selected: selecting.range,
  });

  const going = createGoing({
    ...{ view, locate, upToDate, say, fail },
    show: stand,
    clock: () => ({
      startUnixMs: status.store.getState().status?.startUnixMs ?? 0,
      aroundNs: state().cache.get(Math.ceil(state().top / ROW_PX))?.timeNs ?? 0,
      bootNs: times.form().kind === 'boot' ? times.origin().bootNs : null,
    }),
  });

  const tracking = createTracking({ view, locate, show: stand, watches: page.watches, session: look.session });

  const merging = createMerging({
    ...{ bridge, view, measure, status, say, fail, showOpened: dependencies.showOpened },
    goToRow: going.toRow,
  });

  const logging = createLogging(bridge, say);

  const losses = createLossWalk({
    bridge,
    view: async () => {
      await upToDate();
      return state();
    },
    show: stand,
    ...{ text: times.text, tell: say, fail },
  });

  const lossList = createLossList(bridge, view.store, later);
  const density = createDensity(bridge, view.store, find.store, later);

  /** Waits until the view shows the result of the current filter, because positions before that mean other rows. */
  async function upToDate(): Promise<void> {
    await view.reached(await filter.settled());
  }

  function selectionAt(position: number, extend: boolean, row: number | null = null): Selection {
    const { selection, cache } = state();
    const end = { position, row: row ?? cache.get(position)?.row ?? null };
    return extend ? extendTo(selection, end) : selectOne(end);
  }

  function selectRow(position: number, extend: boolean, row: number | null = null): void {
    // Stops following: a row that somebody wants to read must not scroll away.
    if (state().follow) view.setFollow(false);
    view.select(selectionAt(position, extend, row));
  }

  /** Selects a row and brings it into the middle, if it is out of sight. */
  function stand(position: number, row: number | null = null): void {
    selectRow(position, false, row);
    view.standAt(centreTop(state().top, position, extentOf(state())));
  }

  function moveTo(position: number, extend: boolean): void {
    view.selectAt(selectionAt(position, extend), revealTop(state().top, position, extentOf(state())));
  }

  function moveSelection(rows: number, extend: boolean): void {
    const position = selecting.moved(rows);
    if (position !== null) moveTo(position, extend);
  }

  function say(message: string): void {
    ui.notify({ severity: 'info', message, action: '' });
  }

  function fail(failure: Failure): void {
    ui.notify({ severity: 'error', message: failureMessage(failure), action: failure.action });
  }

  async function copySelection(format: CopyFormat = 'text'): Promise<void> {
    const selected = selecting.range();
    const shown = reading.columns();
    if (selected) await copy.copy(selected, format, { ...output(), ...(shown === null ? {} : { columns: shown }) });
  }

  function toggleCapture(): void {
    const now = status.store.getState().status;
    const names = now?.sources.map(({ info }) => info.name) ?? [];
    if (isLive(now)) void capture.stop();
    else if (isOfFiles(now) && !capture.store.getState().edited) {
      ui.notify({ severity: 'info', message: 'The file was read', action: 'Open it again to read what is new.' });
    }
    // Sources that were stopped together are started together, unless the person has typed another name since.
    else if (names.length > 1 && !capture.store.getState().edited) void capture.resume(names);
    else void capture.start();
  }

  /** Restores the state of the page before this one, except what the view itself restores before it shows any rows. */
  function comeBack({ filter: inForce, told }: Before): void {
    if (told !== null) {
      filter.restore(inForce ?? SHOW_ALL, told.filter);
      filter.restoreEarlier(told.earlier ?? []);
      find.restore(told.find);
      reading.restoreShift(told.shift);
      if (told.reference) measure.restore(told.reference);
    } else if (inForce !== null) filter.restore(inForce, boxOf(inForce));
  }

  /** The details follow the selection while their pane is open. */
  function syncDetails(): void {
    details.show(ui.store.getState().pane === 'details' ? (state().selection?.focus.row ?? null) : null);
  }

  return {
    ...page,
    ...session,
    look,
    frames,
    view,
    ...{ filter, filterPanel },
    ...{ find, matches },
    ...{ highlights, rowPaint, wordMark },
    exports,
    copy,
    density,
    ...{ marking, details, reading },
    ...{ doctor, templates, ...insights },
    ...{ measure, merging, logging, times, timeRange, losses, lossList },
    examine() {
      // Scrolled into view only once the findings have given it its height.
      void doctor.run().then(() => ui.explain('doctor'));
      void page.driver.refresh();
    },
    machineChanged() {
      if (doctor.store.getState().findings !== null) void doctor.run();
    },
    connect(before) {
      const ends = [
        followFields(columns, view),
        view.connect(before.told),
        filterPanel.connect(),
        find.connect(),
        ...[wordMark, rowPaint, matches, copy, measure, density, marking, tracking].map((each) => each.connect()),
        highlights.store.subscribe(({ tooSlow }, previous) => {
          if (tooSlow !== previous.tooSlow && tooSlow !== null)
            ui.notify({
              severity: 'info',
              message: 'Matches are not highlighted: the expression takes too long on a row that is shown.',
              action: 'Simplify it.',
            });
        }),
        view.store.subscribe((next, previous) => {
          if (next.selection !== previous.selection) syncDetails();
        }),
        ui.store.subscribe((next, previous) => {
          if (next.pane !== previous.pane) syncDetails();
        }),
      ];
      comeBack(before);
      return () => {
        for (const end of ends) end();
      };
    },
    setTheme(theme) {
      ui.setTheme(theme);
      void bridge.app.setTheme({ theme });
    },
    toggleCapture,
    togglePause: () => view.setPaused(!state().paused),
    selectAt: selectRow,
    moveSelection,
    selecting,
    revealSelection() {
      const { selection, top } = state();
      if (selection === null) moveSelection(0, false);
      else view.standAt(revealTop(top, selection.focus.position, extentOf(state())));
    },
    movePages: (pages, extend) => moveSelection(pages * pageRows(extentOf(state())), extend),
    extendToEnd(end) {
      const { first, end: stop } = state();
      if (stop > first) moveTo(end === 'first' ? first : stop - 1, true);
    },
    selectAll: selecting.all,
    showFirst: () => view.scrollTo(state().first * ROW_PX),
    goTo: going.toText,
    goToRow: going.toRow,
    copySelection,
    async setRetention(settings) {
      const result = await bridge.session.setRetention({ settings });
      return result.ok ? null : result.failure;
    },
    async setCaptureFilter(filter) {
      const result = await bridge.session.setCaptureFilter({ filter });
      return result.ok ? null : result.failure;
    },
    stepBack: stepBackIn({ find, filterPanel, ui, wordMark, view }),
  };
}
