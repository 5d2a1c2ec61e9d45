/**
 * The windows: each shows a page of its own, which shows views that no other one does, by the same rules for all. Closing
 * one leaves the log alone, and what it showed is shown by another; closing the last one ends the program.
 */
import type { BrowserWindow, WebContents } from 'electron';
import { nativeTheme } from 'electron';
import type { EventChannel, EventWireOf } from '../contract/channels.ts';
import type { PageState } from '../contract/page-state.ts';
import type { Calls } from '../service/calls.ts';
import type { Send, ServedPage } from '../service/service.ts';
import { send } from '../transport/ipc.ts';
import { askBeforeClosing } from './closing.ts';
import { keepPage, type PageWatch } from './keep-page.ts';
import { PageLink } from './page-link.ts';
import type { Settings, WindowPlace } from './settings.ts';
import { backgroundColor, openWindow, placeOf, showPage } from './window.ts';
import { zoomByKeys } from './zoom.ts';

/** A page as the service needs to know it. */
export interface WindowPage {
  readonly send: Send;
  /** It has made its first call: it can be sent to from now on. */
  readonly begins: () => void;
  /** What the page last told of itself, for the one that takes its place should it end. */
  readonly restored: () => PageState | null;
  readonly remember: (state: PageState) => void;
  /** It shows nothing any more, and another window does. */
  readonly emptied: () => void;
}

export interface WindowsDependencies {
  readonly preload: string;
  /** Answers and informs the page of a window. */
  readonly serve: (page: WindowPage) => ServedPage;
  readonly settings: () => Settings;
  readonly keep: (change: Partial<Settings>) => void;
  /** Rows that would go with the last window; 0 for no question. */
  readonly unkept: () => number;
  readonly askToClose: (rows: number) => Promise<boolean>;
  /** Whether the last window is hidden where it would be closed. */
  readonly hides: () => boolean;
  /** A person works in the window whose page has this number. */
  readonly used: (page: number) => void;
  /** A page can be sent to. */
  readonly listens: () => void;
  /** A page ended; `others`: whether another one can be sent to. */
  readonly gone: (others: boolean) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly report: (line: string) => void;
}

interface Shown {
  readonly window: BrowserWindow;
  readonly link: PageLink;
  readonly watch: PageWatch;
  readonly served: ServedPage;
  /** Whose place is that of the program's window, not that of a further one. */
  readonly first: boolean;
  remembered: PageState | null;
}

export class Windows {
  private readonly deps: WindowsDependencies;
  private shown: readonly Shown[] = [];
  private last: Shown | null = null;
  /** Questions of pages that are gone, until they have ended. */
  private readonly ending: Promise<unknown>[] = [];

  constructor(deps: WindowsDependencies) {
    this.deps = deps;
    nativeTheme.on('updated', () => {
      for (const { window } of this.shown) window.setBackgroundColor(backgroundColor());
    });
  }

  get all(): readonly BrowserWindow[] {
    return this.shown.map(({ window }) => window);
  }

  /** The one that a person worked in last; null if there is none. */
  get front(): BrowserWindow | null {
    return (this.last ?? this.shown[0])?.window ?? null;
  }

  /** Brings it before all others, also one that is hidden. */
  show(): void {
    const { front } = this;
    if (front?.isMinimized()) front.restore();
    front?.show();
    front?.focus();
  }

  private get isLast(): boolean {
    return this.shown.length === 1;
  }

  /** Why the page without script is shown. */
  get trouble(): string {
    return this.shown.findLast(({ watch }) => watch.reason() !== '')?.watch.reason() ?? '';
  }

  /** Who answers a page; null for contents that are none of ours. */
  callsOf(contents: WebContents): Calls | null {
    return this.shown.find(({ window }) => window.webContents === contents)?.served.calls ?? null;
  }

  /** An event for one page, the one that a person looks at if it listens. */
  tellOne<C extends EventChannel>(channel: C, payload: EventWireOf<C>): void {
    const listening = this.shown.filter(({ link }) => link.listens);
    const one = listening.find((each) => each === this.last) ?? listening[0];
    one?.link.send(channel, payload);
  }

  /** What the pages have last told, as one page that has the views of all of them. */
  get remembered(): PageState | null {
    const states = this.shown.flatMap(({ remembered }) => remembered ?? []);
    return states[0] === undefined ? null : { ...states[0], views: states.flatMap(({ views }) => views) };
  }

  /** What a page has last told of a view, for another one that shows it from now on. */
  stateOf(view: number): PageState | null {
    const views = this.shown.flatMap(({ remembered }) => remembered?.views.filter((each) => each.view === view) ?? []);
    return views[0] === undefined ? null : { active: view, views: [views[0]] };
  }

  /** Opens a window. Returns the number of its page. */
  open(restored: PageState | null = null): number {
    const { deps } = this;
    const first = !this.shown.some((each) => each.first);
    const window = openWindow(deps.preload, this.placeFor(first));
    const { webContents } = window;
    const link = new PageLink((channel, payload) => send(webContents, channel, payload));
    const watch = keepPage(window, deps.now, () => this.pageGone(link), deps.report);
    const served = deps.serve({
      send: (channel, payload) => link.send(channel, payload),
      begins: () => {
        watch.runs();
        link.pageListens();
        deps.listens();
      },
      restored: () => shown.remembered,
      remember: (state) => {
        shown.remembered = state;
      },
      // Not from within the turn that found it out.
      emptied: () => setImmediate(() => this.closeEmpty(shown)),
    });
    const shown: Shown = { ...{ window, link, watch, served, first }, remembered: restored };
    this.shown = [...this.shown, shown];
    this.care(shown);
    showPage(window);
    return served.number;
  }

  /** Ends what pages are at; resolves once files are whole. */
  async ended(): Promise<void> {
    for (const { served } of this.shown) this.ending.push(served.questions.close(), served.fileLogs.close());
    await Promise.all(this.ending);
  }

  private care(shown: Shown): void {
    const { deps } = this;
    const { window, served } = shown;
    zoomByKeys(window.webContents);
    window.setAlwaysOnTop(deps.settings().alwaysOnTop);
    window.on('focus', () => {
      this.last = shown;
      deps.used(served.number);
    });
    window.on('close', (event) => {
      this.keepPlace(shown);
      if (!this.isLast || !deps.hides()) return;
      event.preventDefault();
      window.hide();
    });
    askBeforeClosing(window, () => (this.isLast && !deps.hides() ? deps.unkept() : 0), deps.askToClose);
    window.on('closed', () => {
      // The last one is closed by whoever ends the program, which waits for what the page was at.
      if (this.shown.length === 1) this.ending.push(served.questions.close(), served.fileLogs.close());
      else this.ending.push(served.questions.close());
      this.shown = this.shown.filter((each) => each !== shown);
      if (this.last === shown) this.last = null;
      served.end(shown.remembered);
    });
  }

  private pageGone(link: PageLink): void {
    link.pageGone();
    this.deps.gone(this.shown.some((each) => each.link.listens));
  }

  private closeEmpty(shown: Shown): void {
    if (shown.window.isDestroyed() || this.shown.length === 1) return;
    this.keepPlace(shown);
    // It has nothing to ask for.
    shown.window.destroy();
  }

  private keepPlace({ window, first }: Shown): void {
    this.deps.keep(first ? { window: placeOf(window) } : { secondWindow: placeOf(window) });
  }

  /** A third one is placed by the system, or it would lie on the second. */
  private placeFor(first: boolean): WindowPlace {
    const { window, secondWindow } = this.deps.settings();
    if (first) return window;
    const place = secondWindow ?? { width: window.width, height: window.height, maximized: false };
    if (this.shown.filter((each) => !each.first).length === 0) return place;
    return { width: place.width, height: place.height, maximized: false };
  }
}
