/**
 * The events for one page: which sessions and views are open, and what is new in those that the page has asked for. A
 * page asks for a view by saying how many of its newest rows it wants. It is ready for events by then; before that,
 * nothing about the view is sent.
 */
import type { Layout } from '../contract/app.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import type { Workspace } from '../session/workspace/workspace.ts';
import type { Listener } from './loop.ts';
import { SessionFeed, type SessionListener } from './session-feed.ts';
import { ViewFeed, type ViewListener } from './view-feed.ts';
import type { ViewPlaces } from './view-places.ts';

export interface PageListener extends SessionListener, ViewListener {
  readonly sendLayout: (layout: Layout) => void;
  /** It shows no view any more: the last one was closed, or another page shows it. */
  readonly emptied: () => void;
}

export class PageFeed implements Listener {
  private readonly workspace: Workspace;
  private readonly places: ViewPlaces;
  /** Its number among the pages. */
  readonly number: number;
  private readonly page: PageListener;
  private readonly views = new Map<number, ViewFeed>();
  private readonly sessions = new Map<number, SessionFeed>();
  private lastLayout = '';
  /** The views that were open at the last look; null if there was none yet. */
  private followed: readonly OpenView[] | null = null;

  constructor(workspace: Workspace, places: ViewPlaces, number: number, page: PageListener) {
    this.workspace = workspace;
    this.places = places;
    this.number = number;
    this.page = page;
  }

  /**
   * To be called when the page is loaded anew: it knows nothing, no confirmation is outstanding, and no matches are
   * counted for it until it asks.
   */
  pageLoaded(): void {
    for (const view of this.places.viewsOf(this.number)) view.stopCounting();
    this.views.clear();
    this.sessions.clear();
    // The page gets the layout with its first reply, so it need not be sent again.
    this.lastLayout = keyOf(this.layout);
  }

  /** What is open, as far as this page shows it. */
  get layout(): Layout {
    return this.places.layoutOf(this.number);
  }

  /** From now on the page shows this view, and gets so many of its newest rows with each update, with these fields. */
  setTail(view: OpenView, rows: number, fields: readonly string[] = []): void {
    let feed = this.views.get(view.id);
    if (feed === undefined) {
      feed = new ViewFeed(view, this.page);
      this.views.set(view.id, feed);
    }
    feed.setTail(rows, fields);
    const open = this.workspace.openSessions.find(({ id }) => id === view.session);
    if (open !== undefined && !this.sessions.has(open.id))
      this.sessions.set(open.id, new SessionFeed(this.workspace, open, this.page));
  }

  /** The page has processed an update of a view. True if there is news that waited for that. */
  confirm(view: number, sequence: number): boolean {
    return this.views.get(view)?.confirm(sequence) ?? false;
  }

  offer(now: number): number {
    let news = this.follow();
    let delay = Infinity;
    for (const feed of this.views.values()) delay = Math.min(delay, feed.offer(now));
    for (const feed of this.sessions.values()) news = feed.offer(now) || news;
    if (news) this.offerLayout();
    return delay;
  }

  /** Stops sending events about what it shows no more. True if it shows something else than before. */
  private follow(): boolean {
    const openViews = this.places.viewsOf(this.number);
    if (openViews === this.followed) return false;
    this.followed = openViews;
    for (const [id, { view }] of this.views) {
      if (openViews.includes(view)) continue;
      view.stopCounting();
      this.views.delete(id);
    }
    for (const id of this.sessions.keys()) {
      if (!openViews.some((view) => view.session === id)) this.sessions.delete(id);
    }
    return true;
  }

  private offerLayout(): void {
    const { layout } = this;
    if (layout.length === 0) {
      this.page.emptied();
      return;
    }
    const key = keyOf(layout);
    if (key === this.lastLayout) return;
    this.lastLayout = key;
    this.page.sendLayout(layout);
  }
}

/** A key that changes when the layout should be sent again. It leaves out filters, which the page itself has set. */
function keyOf(layout: Layout): string {
  return JSON.stringify(
    layout.map(({ session, name, views }) => [session, name, views.map(({ view, within }) => [view, within])]),
  );
}
