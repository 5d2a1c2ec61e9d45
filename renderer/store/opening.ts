/** How further sessions and views are opened in a page, and shown: alone, or beside the active one. */
import type { Layout } from '../../electron/contract/app.ts';
import type { Bridge } from '../../electron/contract/bridge.ts';
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { type Failure, ok, type Result } from '../../native/core/result.ts';
import type { App } from './app.ts';
import type { Beside } from './beside.ts';
import type { Look } from './bound-bridge.ts';
import type { OtherView } from './insights.ts';

export interface OpeningDependencies {
  readonly bridge: Bridge;
  readonly layout: () => Layout;
  readonly beside: Beside;
  readonly active: () => App | null;
  readonly appOf: (view: number) => App | null;
  /** The view that was active before the one that is. */
  readonly previous: () => number | null;
  /** Makes the page agree with a layout. */
  readonly arrange: (layout: Layout) => void;
  readonly show: (view: number) => void;
  readonly fail: (failure: Failure) => void;
}

type Opened = Result<Look | null>;

/** What a person opens. */
export interface Opening {
  openSession(): Promise<void>;
  /** Lets the person choose files through the program, and shows the last one opened. */
  openFiles(): Promise<void>;
  /** Opens a file that was opened lately, and looks at it. */
  openRecent(id: string): Promise<void>;
  /** Opens a recorded session, and looks at it. */
  openRecorded(id: string): Promise<void>;
  /** Opens another view of the session that is shown, with the filter of the view that is shown, or linked to that. */
  openView(how?: 'alike' | 'linked'): Promise<void>;
  /** Shows a view in a window of its own, or one like it where this window has no other. */
  openWindow(view: number): Promise<void>;
  /**
   * Shows a view to the right of the active one; without one named, the one that was active before, or another view of
   * the same session where there is none.
   */
  showBeside(view?: number): Promise<void>;
  /** Shows what was opened. */
  showOpened(opened: Opened): void;
  /** Opens a view linked to another one, and shows it once `prepare` has been told of it. */
  openLinked(like: Look, prepare: (view: OtherView) => void): Promise<void>;
}

export function createOpening(deps: OpeningDependencies): Opening {
  const { bridge, beside, active, appOf, previous, arrange, show, fail } = deps;

  /** Takes in what was opened, maybe linked to a view. The layout that contains it may not have arrived yet. */
  function take(opened: Opened, within: number | null): number | null {
    if (!opened.ok) fail(opened.failure);
    if (!opened.ok || opened.value === null) return null;
    const { session, view } = opened.value;
    if (appOf(view) !== null) return view;
    const layout = deps.layout();
    const alike = active()?.filter.store.getState().applied ?? SHOW_ALL;
    const added = within === null ? { view, filter: alike } : { view, filter: SHOW_ALL, within };
    const known = layout.some((info) => info.session === session);
    arrange(
      known
        ? layout.map((info) => (info.session === session ? { ...info, views: [...info.views, added] } : info))
        : [...layout, { session, name: `Session ${session}`, views: [{ view, filter: SHOW_ALL }] }],
    );
    return view;
  }

  function showOpened(opened: Opened, within: number | null = null): void {
    const view = take(opened, within);
    if (view !== null) show(view);
  }

  async function viewLike(like: Look, linked: boolean): Promise<Opened> {
    const opened = await bridge.workspace.openView({ like: like.view, linked });
    return opened.ok ? ok({ session: like.session, view: opened.value.view }) : opened;
  }

  /** The view that was active before, else one of the same session, else any other. */
  function otherThan(look: Look): number | null {
    const views = deps.layout().flatMap((info) => info.views.map(({ view }) => view));
    const others = views.filter((view) => view !== look.view);
    const ofSession = others.find((view) => appOf(view)?.look.session === look.session);
    return others.find((view) => view === previous()) ?? ofSession ?? others[0] ?? null;
  }

  return {
    showOpened,
    async openLinked(like, prepare) {
      const opened = await viewLike(like, true);
      showOpened(opened, like.view);
      const app = opened.ok && opened.value !== null ? appOf(opened.value.view) : null;
      if (app !== null) prepare(app);
    },
    async openSession() {
      showOpened(await bridge.workspace.openSession());
    },
    async openFiles() {
      showOpened(await bridge.workspace.openFiles());
    },
    async openRecent(id) {
      showOpened(await bridge.recent.open({ id }));
    },
    async openRecorded(id) {
      showOpened(await bridge.library.open({ id }));
    },
    async openView(how = 'alike') {
      const like = active()?.look;
      if (like === undefined) return;
      const linked = how === 'linked';
      showOpened(await viewLike(like, linked), linked ? like.view : null);
    },
    async openWindow(view) {
      const opened = await bridge.workspace.openWindow({ view });
      if (!opened.ok) fail(opened.failure);
    },
    async showBeside(named) {
      const look = active()?.look;
      if (look === undefined) return;
      const there = named === look.view ? null : (named ?? otherThan(look));
      const view = there ?? take(await viewLike(look, false), null);
      if (view !== null && appOf(view) !== null && active()?.look.view === look.view) beside.show(look.view, view);
    },
  };
}
