/** Puts the slices together over one bridge, and holds the actions that concern more than one of them. */
import type { Bridge, PositionRange, Theme } from '../../electron/contract/channels.ts';
import type { HistorySettings } from '../../electron/contract/history.ts';
import { goToFailure } from '../../electron/contract/limits.ts';
import type { Restored } from '../../electron/contract/page-state.ts';
import { OTHER_LEVEL } from '../../electron/contract/rows.ts';
import type { Failure } from '../../native/core/result.ts';
import { formatPlural, sentence } from '../model/format.ts';
import type { Frames } from '../model/frames.ts';
import { GO_TO_EXAMPLES, landingWords, parseGoTo } from '../model/go-to.ts';
import type { Command } from '../model/keymap.ts';
import { centreTop, pageRows, ROW_PX, revealTop } from '../model/scroll.ts';
import { extendTo, moveFocus, type Selection, selectedRange, selectOne } from '../model/selection.ts';
import { isLive } from '../model/source-state.ts';
import { answering, callFailure } from './answering-bridge.ts';
import { type Capture, createCapture } from './capture.ts';
import { type Copy, createCopy } from './copy.ts';
import { createDebugFilter, type DebugFilterEditor } from './debug-filter.ts';
import { createDensity, type DensityStore } from './density.ts';
import { createDetails, type Details } from './details.ts';
import { createDoctor, type Doctor } from './doctor.ts';
import { createDriver, type Driver } from './driver.ts';
import { createExports, type Exports } from './exports.ts';
import { createFilter, type Filter, type Later } from './filter.ts';
import { createFind, type Find } from './find.ts';
import { createMarks, type MarkReply, type Marks, type MarkThread } from './marks.ts';
import { rememberPage } from './memory.ts';
import { createOffers, type Offers } from './offers.ts';
import { createProcesses, type Processes } from './processes.ts';
import { createStatus, type StatusStore } from './status.ts';
import { createUi, type KeyValue, type Ui } from './ui.ts';
import { createView, type View } from './view.ts';
import { extentOf } from './view-state.ts';

export interface AppDeps {
  readonly bridge: Bridge;
  readonly frames: Frames;
  readonly later: Later;
  readonly startMarkThread: (answer: (reply: MarkReply) => void) => MarkThread;
  readonly storage: KeyValue;
  /** Width of the window at the start, in pixels. */
  readonly widthPx: number;
}

export interface App {
  /** In which the table is drawn and moved. */
  readonly frames: Frames;
  readonly view: View;
  readonly status: StatusStore;
  readonly filter: Filter;
  readonly find: Find;
  readonly marks: Marks;
  readonly capture: Capture;
  readonly exports: Exports;
  readonly copy: Copy;
  readonly density: DensityStore;
  readonly ui: Ui;
  readonly details: Details;
  readonly doctor: Doctor;
  readonly driver: Driver;
  readonly debugFilter: DebugFilterEditor;
  readonly offers: Offers;
  readonly processes: Processes;
  /** Shows what the doctor finds now. */
  examine(): void;
  /** Subscribes to the bridge; returns how to end it. */
  connect(): () => void;
  setTheme(theme: Theme): void;
  toggleCapture(): void;
  /** Selects the row at a position (extending with Shift) and lets the table stand still there. */
  selectAt(position: number, extend: boolean): void;
  moveSelection(rows: number, extend: boolean): void;
  /** Goes to the first row at or after an index or a time, as a person writes it; what is wrong, or null if it went. */
  goTo(text: string): Promise<string | null>;
  copySelection(): Promise<void>;
  /** The selected positions, null if none are. */
  selectedRange(): PositionRange | null;
  /** Changes what is kept; why not, or null. */
  setHistory(settings: HistorySettings): Promise<Failure | null>;
  /** Runs a command that needs nothing of the page; false if it is not one of those. */
  run(command: Command): boolean;
}

/** Characters a press of Left or Right moves long messages. */
const SHIFT_STEP = 16;

export function createApp(deps: AppDeps): App {
  const bridge = answering(deps.bridge, fail);
  const view = createView(bridge, deps.frames);
  const status = createStatus(bridge);
  const filter = createFilter(bridge, deps.later);
  const capture = createCapture(bridge);
  const exports = createExports(bridge);
  const copy = createCopy(bridge, {
    copied: (rows) => ui.notify({ severity: 'info', message: `${formatPlural(rows, 'row')} copied`, action: '' }),
    failed: fail,
  });
  const ui = createUi(deps.storage, deps.widthPx);
  const details = createDetails(bridge);
  const doctor = createDoctor(bridge);
  const offers = createOffers(bridge);
  const processes = createProcesses(bridge);
  const driver = createDriver(bridge, deps.later, machineChanged);
  const debugFilter = createDebugFilter(bridge, machineChanged);
  const state = view.store.getState;

  const marks = createMarks(deps.startMarkThread, deps.later);

  const find = createFind(
    bridge,
    deps.later,
    async () => {
      await upToDate();
      const { generation, first, end, selection, top } = state();
      const at = selection ? selection.focus.position : Math.floor(top / ROW_PX);
      return { generation, first, end, at, selected: selection !== null };
    },
    (position) => {
      selectRow(position, false);
      view.standAt(centreTop(state().top, position, extentOf(state())));
      ui.seekMatch(position);
    },
  );

  /** What the doctor said of the machine before is no longer so; before it was asked, it need not be. */
  function machineChanged(): void {
    if (doctor.store.getState().findings !== null) void doctor.run();
  }
  const density = createDensity(bridge, view.store, find.store, deps.later);

  /** Waits until what is shown is what the filter asks for; positions of one view mean nothing in another. */
  async function upToDate(): Promise<void> {
    await view.reached(await filter.settled());
  }

  function selectionAt(position: number, extend: boolean): Selection {
    const { selection, cache } = state();
    const end = { position, row: cache.get(position)?.row ?? null };
    return extend ? extendTo(selection, end) : selectOne(end);
  }

  function selectRow(position: number, extend: boolean): void {
    // A row somebody wants to read must not run away.
    if (state().follow) view.setFollow(false);
    view.select(selectionAt(position, extend));
  }

  function moveTo(position: number, extend: boolean): void {
    view.selectAt(selectionAt(position, extend), revealTop(state().top, position, extentOf(state())));
  }

  function moveSelection(rows: number, extend: boolean): void {
    const { first, end, top, selection, follow } = state();
    const start = follow ? end - 1 : Math.ceil(top / ROW_PX);
    const position = moveFocus(selection, rows, { first, end, start });
    if (position !== null) moveTo(position, extend);
  }

  function fail(failure: Failure): void {
    ui.notify({ severity: 'error', message: failure.message, action: failure.action });
  }

  function range(): PositionRange | null {
    const { selection, generation } = state();
    return selection && { generation, ...selectedRange(selection) };
  }

  async function copySelection(): Promise<void> {
    const selected = range();
    if (selected) await copy.copy(selected);
  }

  function stepBack(): void {
    if (find.store.getState().open) find.close();
    else if (ui.store.getState().goTo) ui.setGoTo(false);
    else if (ui.store.getState().history) ui.setHistory(false);
    else if (ui.store.getState().sheet) ui.setSheet(false);
    else view.select(null);
  }

  function toggleCapture(): void {
    const now = status.store.getState().status;
    const names = now?.sources.map(({ info }) => info.name) ?? [];
    if (isLive(now)) void capture.stop();
    // What was stopped together goes on together, unless the person has named something else since.
    else if (names.length > 1 && !capture.store.getState().edited) void capture.resume(names);
    else void capture.start();
  }

  const commands: Partial<Record<Command, () => void>> = {
    toggleCapture,
    togglePause: () => view.setPaused(!state().paused),
    clear: view.clear,
    exportShown: () => void exports.start('filtered', 'text'),
    find: find.open,
    findNext: () => void find.go('next'),
    findPrevious: () => void find.go('previous'),
    goTo: () => ui.setGoTo(true),
    history: () => ui.setHistory(!ui.store.getState().history),
    follow: () => view.setFollow(true),
    first: () => view.scrollTo(state().first * ROW_PX),
    up: () => moveSelection(-1, false),
    down: () => moveSelection(1, false),
    pageUp: () => moveSelection(-pageRows(extentOf(state())), false),
    pageDown: () => moveSelection(pageRows(extentOf(state())), false),
    extendUp: () => moveSelection(-1, true),
    extendDown: () => moveSelection(1, true),
    extendPageUp: () => moveSelection(-pageRows(extentOf(state())), true),
    extendPageDown: () => moveSelection(pageRows(extentOf(state())), true),
    extendFirst: () => state().end > state().first && moveTo(state().first, true),
    extendLast: () => state().end > state().first && moveTo(state().end - 1, true),
    textLeft: () => ui.setShift(ui.store.getState().shift - SHIFT_STEP),
    textRight: () => ui.setShift(ui.store.getState().shift + SHIFT_STEP),
    selectAll() {
      const { first, end, cache } = state();
      if (end <= first) return;
      const at = (position: number) => ({ position, row: cache.get(position)?.row ?? null });
      view.select({ anchor: at(first), focus: at(end - 1) });
    },
    copy: () => void copySelection(),
    escape: stepBack,
    toggleDetails: ui.toggleDetails,
    togglePanel: ui.togglePanel,
    toggleError: () => filter.toggleLevel(0),
    toggleWarning: () => filter.toggleLevel(1),
    toggleInfo: () => filter.toggleLevel(2),
    toggleTrace: () => filter.toggleLevel(3),
    toggleOther: () => filter.toggleLevel(OTHER_LEVEL),
    showEverything: filter.reset,
    cheatSheet: () => ui.setSheet(!ui.store.getState().sheet),
  };

  /** Becomes what the page before this one was; the view does its part before it shows anything. */
  function comeBack({ filter: inForce, page }: Restored): void {
    filter.restore(inForce, page.filter);
    find.restore(page.find);
    ui.restoreShift(page.shift);
  }

  /** The details follow the selection while the pane is open. */
  function syncDetails(): void {
    details.show(ui.store.getState().details ? (state().selection?.focus.row ?? null) : null);
  }

  return {
    frames: deps.frames,
    view,
    status,
    filter,
    find,
    marks,
    capture,
    exports,
    copy,
    density,
    ui,
    details,
    doctor,
    driver,
    debugFilter,
    offers,
    processes,
    examine() {
      // Brought into view once it has its height.
      void doctor.run().then(() => ui.explain('doctor'));
      void driver.refresh();
    },
    connect() {
      const bootstrap = bridge.bootstrap();
      const ends = [
        view.connect(
          bootstrap.then(
            ({ restored }) => restored?.page ?? null,
            () => null,
          ),
        ),
        status.connect(),
        status.store.subscribe(({ status: now }) => capture.hold(now?.sources.map(({ info }) => info.name) ?? [])),
        find.connect(),
        marks.store.subscribe(({ tooSlow }, previous) => {
          if (tooSlow !== previous.tooSlow && tooSlow !== null)
            ui.notify({
              severity: 'info',
              message: 'Matches are not marked: the expression takes too long on a row that is shown.',
              action: 'Simplify it.',
            });
        }),
        exports.connect(),
        processes.connect(),
        copy.connect(),
        density.connect(),
        bridge.onNotice(ui.notify),
        view.store.subscribe((next, previous) => {
          if (next.selection !== previous.selection) syncDetails();
        }),
        ui.store.subscribe((next, previous) => {
          if (next.details !== previous.details) syncDetails();
        }),
      ];
      bootstrap.then(
        ({ theme, source, recentSources, platform, restored }) => {
          capture.setRecent(recentSources);
          capture.setWindows(platform === 'win32');
          ui.setTheme(theme);
          capture.offer(source);
          if (restored) comeBack(restored);
          ends.push(rememberPage(bridge, deps.later, { view, filter, find, ui }, restored?.page ?? null));
        },
        (error: unknown) => fail(callFailure(error)),
      );
      return () => {
        for (const end of ends) end();
      };
    },
    setTheme(theme) {
      ui.setTheme(theme);
      void bridge.setTheme(theme);
    },
    toggleCapture,
    selectAt: selectRow,
    moveSelection,
    async goTo(text) {
      const long = goToFailure(text);
      if (long) return `${sentence(long.message)} ${sentence(long.action)}`;
      await upToDate();
      const { cache, top } = state();
      const destination = parseGoTo(text, {
        startUnixMs: status.store.getState().status?.startUnixMs ?? 0,
        aroundNs: cache.get(Math.ceil(top / ROW_PX))?.timeNs ?? 0,
      });
      if (!destination) return `That is neither an index nor a time. Examples: ${GO_TO_EXAMPLES}.`;
      const { target, note } = destination;
      // Its failure is said here, where somebody waits for it.
      const found = await deps.bridge.locate(target).catch(callFailure);
      if (found && 'message' in found) return sentence(found.message);
      if (!found) {
        return 'index' in target ? 'No row has this index or a later one.' : 'No row is of this time or a later one.';
      }
      const { nearest } = found;
      const waiting = found.absence === 'not-reached' && state().stopped === null;
      if (nearest === null && !waiting) return `${landingWords(target, found)} No row is shown.`;
      if (waiting) view.awaitRow(found.row);
      else if (nearest !== null) {
        selectRow(nearest, false);
        view.standAt(centreTop(state().top, nearest, extentOf(state())));
      }
      const words = landingWords(target, found);
      const where = waiting ? 'The table goes there when it does.' : 'The nearest row shown is selected.';
      const said = [note, words, found.position === null ? where : ''].filter((each) => each !== '').join(' ');
      if (said !== '') ui.notify({ severity: 'info', message: said, action: '' });
      return null;
    },
    copySelection,
    selectedRange: range,
    async setHistory(settings) {
      const result = await bridge.setHistory(settings);
      return result.ok ? null : result.failure;
    },
    run(command) {
      const action = commands[command];
      action?.();
      return action !== undefined;
    },
  };
}
