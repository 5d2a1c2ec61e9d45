/**
 * The page: which sessions and views are open, which view is shown, and what they share. Each view has an App of its
 * own, which stays up to date while another one is shown, except that no rows are fetched for it.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Layout, SessionInfo } from '../../electron/contract/app.ts';
import type { Wire } from '../../electron/contract/bridge.ts';
import type { PageState, ViewState as Told } from '../../electron/contract/page-state.ts';
import { type Failure, failureMessage, ok } from '../../native/core/result.ts';
import type { Frames } from '../model/frames.ts';
import { type App, type Before, createApp } from './app.ts';
import { type Beside, createBeside } from './beside.ts';
import { createBookmarks } from './bookmarks.ts';
import { boundTo } from './bound-bridge.ts';
import { createCapture } from './capture.ts';
import { createCarried } from './carried.ts';
import { createColours } from './colours.ts';
import { createColumns } from './columns.ts';
import { createDebugFilter } from './debug-filter.ts';
import { createDecoder } from './decoder.ts';
import { createDriver } from './driver.ts';
import { elevateBy } from './elevate.ts';
import { createEventNames } from './event-names.ts';
import { createExportJobs } from './exports.ts';
import type { Later } from './filter.ts';
import { createFilterSets } from './filter-sets.ts';
import type { StartHighlightThread } from './highlights.ts';
import { tellFailedLog } from './logging.ts';
import { recollect, tellPage } from './memory.ts';
import { createOffers } from './offers.ts';
import { createOpening, type Opening } from './opening.ts';
import { createProcesses } from './processes.ts';
import { createRecent } from './recent.ts';
import { createRecorded } from './recorded.ts';
import { createSchemas } from './schemas.ts';
import { createSettings } from './settings.ts';
import type { SessionSlices } from './slices.ts';
import { createSql, createSqlEditor } from './sql.ts';
import { createStatus } from './status.ts';
import { createUi, type KeyValue, type Ui } from './ui.ts';
import { createWatches } from './watches.ts';
import { bridgeOver, locateOver, Unanswered } from './wire-bridge.ts';

export interface PageDependencies {
  readonly wire: Wire;
  readonly frames: Frames;
  readonly later: Later;
  readonly startHighlightThread: StartHighlightThread;
  readonly storage: KeyValue;
}

export interface TabsState {
  readonly layout: Layout;
  /** Number of the view that is shown; null before the first is known. */
  readonly active: number | null;
}

export interface Page extends Omit<Opening, 'showOpened' | 'openLinked'> {
  readonly tabs: StoreApi<TabsState>;
  readonly ui: Ui;
  /** Two views side by side. */
  readonly beside: Beside;
  /** The view that is shown; null before the first is known. */
  active(): App | null;
  /** The App of an open view. */
  appOf(view: number): App | null;
  /** Subscribes to the wire; returns a function that ends the subscription. */
  connect(): () => void;
  /** Shows another view. Does nothing if it is not open. */
  show(view: number): void;
  /** The page may end now: what the program knows of it is brought up to date. */
  leaving(): void;
  /** A person comes back to this window: what another one may have changed meanwhile is asked for anew. */
  refresh(): void;
  /** Makes the other one of two views active. */
  changeSide(): void;
  /** The view of a session that was shown last. */
  lastOf(session: number): number;
  /** Shows the view of a session that was shown last. */
  showSession(session: number): void;
  /** Shows the view so many tabs further on, wrapping around at the ends. */
  step(tabs: number): void;
  closeSession(session: number): void;
  closeView(view: number): void;
}

/** What the page keeps for each open session. */
interface OpenedSession {
  readonly slices: SessionSlices;
  readonly end: () => void;
  /** The view of it that was shown last. */
  last: number;
}

interface OpenedView {
  readonly app: App;
  readonly told: () => Told;
  readonly end: () => void;
}

export function createPage(deps: PageDependencies): Page {
  const ui = createUi(deps.storage);
  const fail = (failure: Failure): void =>
    ui.notify({ severity: 'error', message: failureMessage(failure), action: failure.action });
  const bridge = bridgeOver(deps.wire, fail);
  const tabs = createStore<TabsState>(() => ({ layout: [], active: null }));
  const sessions = new Map<number, OpenedSession>();
  const views = new Map<number, OpenedView>();
  const beside = createBeside({
    appOf: (view) => views.get(view)?.app ?? null,
    locate: (view, target) => locateOver(deps.wire, { view, target }),
  });
  /** The view that was active before the one that is. */
  let previous: number | null = null;
  const machineChanged = (): void => {
    for (const { app } of views.values()) app.machineChanged();
  };
  const colours = createColours(bridge);
  const shared = {
    ui,
    // What was said before leaves the status bar to it.
    exports: createExportJobs(bridge, () => {
      for (const { id, severity } of ui.store.getState().notices) if (severity === 'info') ui.dismiss(id);
    }),
    offers: createOffers(bridge),
    recorded: createRecorded(bridge),
    recent: createRecent(bridge),
    filterSets: createFilterSets(bridge, colours),
    colours,
    watches: createWatches(bridge),
    settings: createSettings(bridge, ui),
    schemas: createSchemas(bridge, () => {
      for (const { app } of views.values()) app.filter.readAgain();
    }),
    driver: createDriver(bridge, deps.later, machineChanged),
    debugFilter: createDebugFilter(bridge, machineChanged),
    decoder: createDecoder(),
    sqlEditor: createSqlEditor(),
    elevate: elevateBy(bridge, ui),
  };
  let remember: () => void = () => {};
  let rememberNow: () => void = () => {};
  /** The source box of a new session. */
  let begin: { source: string; recent: readonly string[]; windows: boolean } = {
    source: '',
    recent: [],
    windows: false,
  };

  const active = (): App | null => {
    const { active: view } = tabs.getState();
    return view === null ? null : (views.get(view)?.app ?? null);
  };

  function openSession({ session, views: [first] }: SessionInfo): OpenedSession {
    const bound = boundTo(bridge, { session, view: first?.view ?? -1 });
    const status = createStatus(bound);
    const capture = createCapture(bound);
    const columns = createColumns(ui, status);
    const processes = createProcesses(bound);
    const eventNames = createEventNames(bound);
    const bookmarks = createBookmarks(bound);
    const carried = createCarried(bound);
    const sql = createSql(bound, shared.sqlEditor);
    const recent = active()?.capture.store.getState().recent ?? begin.recent;
    capture.setRecent(recent);
    capture.setWindows(begin.windows);
    capture.offer(begin.source);
    const ends = [
      status.connect(),
      tellFailedLog(status, ui.notify),
      processes.connect(),
      eventNames.connect(),
      bookmarks.connect(),
      carried.connect(),
      sql.connect(),
      status.store.subscribe(({ status: now }) => capture.hold(now?.sources.map(({ info }) => info.name) ?? [])),
    ];
    const opened = {
      slices: { status, capture, columns, processes, eventNames, bookmarks, carried, sql },
      end: () => {
        for (const end of ends) end();
      },
      last: first?.view ?? -1,
    };
    sessions.set(session, opened);
    return opened;
  }

  function openView(session: number, view: number, before: Before): void {
    const look = { session, view };
    const { slices } = sessions.get(session) as OpenedSession;
    const { frames, later, startHighlightThread } = deps;
    const app = createApp({
      ...{ look, bridge: boundTo(bridge, look), page: shared, session: slices },
      ...{ frames, later, startHighlightThread },
      locate: (target) => locateOver(deps.wire, { view, target }),
      showOpened: (opened) => opening.showOpened(ok(opened)),
      openLinked: (prepare) => opening.openLinked(look, prepare),
    });
    const end = app.connect(before);
    const stores = [app.view.store, app.filter.store, app.find.store, app.reading.store, app.measure.store];
    const ends = [end, ...stores.map((store) => store.subscribe(() => remember()))];
    views.set(view, {
      app,
      told: recollect(app, before.told),
      end: () => {
        for (const each of ends) each();
      },
    });
  }

  /**
   * Creates and removes Apps so that they agree with the layout. If the view that was shown is closed, another one is
   * shown.
   */
  function arrange(layout: Layout, told: PageState | null): void {
    const open = new Set(layout.flatMap((each) => each.views.map(({ view }) => view)));
    for (const [view, { end }] of views) {
      if (open.has(view)) continue;
      end();
      views.delete(view);
    }
    for (const [session, { end }] of sessions) {
      if (layout.some((each) => each.session === session)) continue;
      end();
      sessions.delete(session);
    }
    for (const info of layout) {
      if (!sessions.has(info.session)) openSession(info);
      for (const { view, filter, told: elsewhere = null } of info.views) {
        if (views.has(view)) continue;
        const before = told?.views.find((each) => each.view === view)?.state ?? elsewhere;
        openView(info.session, view, { told: before, filter });
      }
    }
    const wanted = tabs.getState().active ?? told?.active ?? null;
    const other = wanted === null ? null : beside.other(wanted);
    const left = other !== null && open.has(other) ? other : nextTo(wanted, layout);
    const active = wanted !== null && open.has(wanted) ? wanted : left;
    if (told?.beside) beside.restore(told.beside, open);
    beside.keep(open);
    tabs.setState({ layout, active });
    if (active !== null) beside.lead(active);
    noteLast(active);
    remember();
  }

  /** Notes a view as its session's last one shown, whether somebody chose it or it replaced another. */
  function noteLast(view: number | null): void {
    const app = view === null ? undefined : views.get(view)?.app;
    const session = app && sessions.get(app.look.session);
    if (app && session) session.last = app.look.view;
  }

  /** The view to show after `gone` was closed: another one of its session, else the last one there is. */
  function nextTo(gone: number | null, layout: Layout): number | null {
    const before = tabs.getState().layout.find((info) => info.views.some(({ view }) => view === gone));
    const session =
      layout.find((info) => info.session === before?.session) ?? (gone === null ? layout[0] : layout.at(-1));
    return session?.views.at(-1)?.view ?? null;
  }

  function show(view: number): void {
    const { active: before } = tabs.getState();
    const app = views.get(view)?.app;
    if (app === undefined || view === before) return;
    if (before !== null && beside.other(view) === null) {
      beside.replace(before, view);
      views.get(before)?.app.view.hide();
    }
    previous = before;
    tabs.setState({ active: view });
    beside.lead(view);
    noteLast(view);
    rememberNow();
  }

  /** Of views that were shown, fetches no more rows for those that are not. */
  function hideUnseen(shown: readonly number[]): void {
    const { active: view } = tabs.getState();
    const { pair } = beside.store.getState();
    for (const each of shown) if (each !== view && !pair?.includes(each)) views.get(each)?.app.view.hide();
  }

  function lastOf(session: number): number {
    const last = sessions.get(session)?.last ?? -1;
    const own = tabs.getState().layout.find((info) => info.session === session)?.views ?? [];
    return own.some(({ view }) => view === last) ? last : (own[0]?.view ?? -1);
  }

  function pageState(): PageState {
    const besides = beside.told();
    return {
      active: tabs.getState().active ?? 0,
      views: [...views].map(([view, { told }]) => ({ view, state: told() })),
      sql: { open: ui.store.getState().pane === 'sql', ...shared.sqlEditor.told() },
      ...(besides === null ? {} : { beside: besides }),
    };
  }

  const opening = createOpening({
    ...{ bridge, beside, active, show, fail },
    layout: () => tabs.getState().layout,
    appOf: (view) => views.get(view)?.app ?? null,
    previous: () => previous,
    arrange: (layout) => arrange(layout, null),
  });

  return {
    tabs,
    ui,
    beside,
    active,
    appOf: (view) => views.get(view)?.app ?? null,
    connect() {
      // Subscribed before the first call, because events may follow it at once.
      const ends = [
        bridge.on.app.notice(ui.notify),
        bridge.on.app.schemas(shared.schemas.take),
        shared.exports.connect(),
        shared.watches.connect(),
        shared.sqlEditor.store.subscribe(() => remember()),
        beside.store.subscribe((now, before) => {
          if (now.pair !== before.pair) hideUnseen(before.pair ?? []);
          if (now.share === before.share) rememberNow();
          else remember();
        }),
        ui.store.subscribe((now, before) => {
          if (now.pane !== before.pane) remember();
        }),
        bridge.on.app.layout((layout) => arrange(layout, null)),
      ];
      // The program sends nothing about a view and its session before the view has asked for it.
      bridge.app.bootstrap().then(
        ({ theme, times, look, source, recentSources, earlierQuestions, schemas, platform, layout, restored }) => {
          shared.schemas.take(schemas);
          begin = { source, recent: recentSources, windows: platform === 'win32' };
          ui.setTheme(theme);
          if (look !== undefined) ui.setLook(look);
          ends.push(shared.settings.connect(times));
          shared.sqlEditor.restore({ text: '', earlier: earlierQuestions });
          if (restored?.sql) {
            shared.sqlEditor.restore(restored.sql);
            if (restored.sql.open) ui.openPane('sql');
          }
          arrange(layout, restored);
          void shared.colours.refresh();
          void shared.watches.refresh();
          const teller = tellPage(bridge, deps.later, pageState, restored);
          remember = teller.changed;
          rememberNow = teller.changedNow;
          ends.push(teller.end);
          // Looking at every recorded session takes a thread and a disk: not before the first rows are shown.
          void active()?.view.reached(0).then(shared.recorded.askForOffers);
        },
        (error: unknown) => {
          if (error instanceof Unanswered) fail(error.failure);
          else throw error;
        },
      );
      return () => {
        for (const end of ends) end();
        beside.end();
        for (const { end } of [...views.values(), ...sessions.values()]) end();
      };
    },
    ...opening,
    show,
    leaving: () => rememberNow(),
    refresh() {
      // Nothing is shown yet that could have changed.
      if (active() === null) return;
      void shared.colours.refresh();
      void shared.watches.refresh();
      void shared.settings.refreshLook();
    },
    changeSide() {
      const { active: view } = tabs.getState();
      const other = view === null ? null : beside.other(view);
      if (other !== null) show(other);
    },
    lastOf,
    showSession: (session) => show(lastOf(session)),
    step(by) {
      const all = tabs.getState().layout.flatMap((info) => info.views.map(({ view }) => view));
      const at = all.indexOf(tabs.getState().active ?? -1);
      if (all.length > 0) show(all[(((at + by) % all.length) + all.length) % all.length] as number);
    },
    closeSession: (session) => void bridge.workspace.closeSession({ session }),
    closeView: (view) => void bridge.workspace.closeView({ view }),
  };
}
