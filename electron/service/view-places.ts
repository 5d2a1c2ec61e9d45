/**
 * Which page shows which view, where there are several: each view is in one of them alone, so that its filter, its pause
 * and its searches are one page's. What nobody has placed is shown by the page that a person used last.
 */
import type { Layout, ViewInfo } from '../contract/app.ts';
import type { PageState, ViewState } from '../contract/page-state.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import type { Workspace } from '../session/workspace/workspace.ts';

export class ViewPlaces {
  private readonly workspace: Workspace;
  /** Pages by their numbers, in the order in which they came. */
  private pages: readonly number[] = [];
  /** The page of each open view. */
  private places = new Map<number, number>();
  private lists = new Map<number, readonly OpenView[]>();
  /** What pages that are gone told of the views that they showed, for those that show them now. */
  private readonly told = new Map<number, ViewState>();
  /** The views for which the places above hold. */
  private placed: readonly OpenView[] | null = null;
  private used = 0;
  private last = 0;

  constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  get count(): number {
    return this.pages.length;
  }

  /** A further page, which shows nothing yet unless it is the only one. */
  add(): number {
    this.settle();
    const page = ++this.last;
    this.pages = [...this.pages, page];
    if (this.pages.length === 1) this.used = page;
    this.placed = null;
    return page;
  }

  /** A page is gone: another one shows its views from now on, as it told them last; null: it told nothing. */
  remove(page: number, told: PageState | null = null): void {
    this.settle();
    for (const { view, state } of told?.views ?? []) if (this.places.get(view) === page) this.told.set(view, state);
    this.pages = this.pages.filter((each) => each !== page);
    if (this.used === page) this.used = this.pages[0] ?? 0;
    this.placed = null;
  }

  /** A person uses a page. */
  use(page: number): void {
    // What has been opened before stays where it was opened.
    this.settle();
    if (this.pages.includes(page)) this.used = page;
  }

  /** Shows a view in a page from now on. */
  put(view: number, page: number): void {
    this.settle();
    this.places.set(view, page);
    this.placed = null;
  }

  /** The page that shows a view. */
  of(view: number): number {
    this.settle();
    return this.places.get(view) ?? this.used;
  }

  /** The views of a page, in the order in which they were opened. The same array until it changes. */
  viewsOf(page: number): readonly OpenView[] {
    this.settle();
    return this.lists.get(page) ?? NONE;
  }

  /** What is open, as far as a page shows it. */
  layoutOf(page: number): Layout {
    return this.workspace.layout
      .map((session) => ({
        ...session,
        views: session.views.filter(({ view }) => this.of(view) === page).map((view) => this.withTold(view)),
      }))
      .filter(({ views }) => views.length > 0);
  }

  private withTold(info: ViewInfo): ViewInfo {
    const told = this.told.get(info.view);
    return told === undefined ? info : { ...info, told };
  }

  private settle(): void {
    const { openViews } = this.workspace;
    if (openViews === this.placed) return;
    this.placed = openViews;
    const placed = (view: number): number => {
      const page = this.places.get(view);
      return page !== undefined && this.pages.includes(page) ? page : this.used;
    };
    this.places = new Map(openViews.map(({ id }) => [id, placed(id)]));
    for (const view of this.told.keys()) if (!this.places.has(view)) this.told.delete(view);
    for (const page of this.pages) {
      const now = openViews.filter(({ id }) => this.places.get(id) === page);
      const before = this.lists.get(page);
      const same = before?.length === now.length && before.every((view, at) => view === now[at]);
      if (!same) this.lists.set(page, now);
    }
    for (const page of this.lists.keys()) if (!this.pages.includes(page)) this.lists.delete(page);
  }
}

const NONE: readonly OpenView[] = [];
