/**
 * The program behind a page, without the page and without a transport: it keeps the workspace ticking, and answers
 * and informs pages. A transport passes calls to `calls` and transmits what is given to `send`.
 */
import type { EventChannel, EventWireOf } from '../contract/channels.ts';
import { pack } from '../contract/packed.ts';
import type { PageState } from '../contract/page-state.ts';
import { Workspace, type WorkspaceOptions } from '../session/workspace/workspace.ts';
import { Calls, type CallsDependencies } from './calls.ts';
import { Exports } from './exports.ts';
import { FileLogs } from './file-logs.ts';
import type { Dependencies } from './handlers/dependencies.ts';
import { createHandlers } from './handlers/handlers.ts';
import { LastMinutes } from './last-minutes.ts';
import { Loop } from './loop.ts';
import { PageFeed } from './page-feed.ts';
import { Questions } from './questions.ts';
import type { Timers } from './timers.ts';
import { ViewPlaces } from './view-places.ts';
import { Watching } from './watching.ts';

export type Send = <C extends EventChannel>(channel: C, payload: EventWireOf<C>) => void;

export interface ServiceOptions extends Timers {
  readonly workspace: Omit<WorkspaceOptions, 'changed' | 'now'>;
}

/** Those that the service makes by itself, so that a page need not bring them. */
type OwnDependencies =
  | 'workspace'
  | 'feed'
  | 'places'
  | 'wake'
  | 'scanner'
  | 'exports'
  | 'questions'
  | 'fileLogs'
  | 'watching'
  | 'largestCapBytes'
  | 'copyProgress'
  | 'now';

/** What a page's calls need beside the service itself. */
export type PageDependencies = Omit<Dependencies, OwnDependencies> &
  Pick<CallsDependencies, 'onRefused' | 'onDefect'> & {
    /** Wall clock, milliseconds since 1970 UTC. */
    readonly unixMs: () => number;
    /** A line for people. */
    readonly report: (line: string) => void;
    /** The page shows no view any more, and another one does: it may go. */
    readonly emptied: () => void;
  };

/** One page that is answered and informed. */
export interface ServedPage {
  /** Its number in `Service.places`. */
  readonly number: number;
  readonly calls: Calls;
  readonly exports: Exports;
  readonly questions: Questions;
  readonly fileLogs: FileLogs;
  /** Stops informing the page; another one shows its views, as it told them last. */
  readonly end: (told: PageState | null) => void;
}

/** What all pages have in common. */
interface Shared {
  readonly fileLogs: FileLogs;
  readonly watching: Watching;
}

export class Service {
  readonly workspace: Workspace;
  readonly loop: Loop;
  /** Which page shows which view. */
  readonly places: ViewPlaces;
  private readonly options: ServiceOptions;
  private readonly sends = new Set<Send>();
  private shared: Shared | null = null;

  constructor(options: ServiceOptions) {
    this.options = options;
    const { now } = options;
    this.workspace = new Workspace({ ...options.workspace, now, changed: () => this.loop.wake() });
    this.loop = new Loop(this.workspace, options);
    this.places = new ViewPlaces(this.workspace);
  }

  /** Answers and informs a page from now on. */
  serve(send: Send, page: PageDependencies): ServedPage {
    const { now, workspace: options } = this.options;
    const questions = new Questions({
      ...page.sql,
      fieldsOf: page.fieldsOf,
      tell: (session, progress) => send('session.queryProgress', { session, progress }),
      now,
    });
    this.shared ??= this.share(page);
    const { fileLogs, watching } = this.shared;
    const number = this.places.add();
    const feed = new PageFeed(this.workspace, this.places, number, {
      sendLayout: (layout) => {
        send('app.layout', layout);
        const sessions = this.workspace.openSessions.map(({ id }) => id);
        questions.keepOnly(sessions);
        fileLogs.keepOnly(sessions);
      },
      emptied: page.emptied,
      fileLogOf: (session) => fileLogs.statusOf(session),
      fieldsOf: page.fieldsOf,
      sendUpdate: (view, update) => send('view.update', pack({ view, update })),
      sendFound: (view, found) => send('view.found', { view, found }),
      sendStatus: (session, status) => send('session.status', { session, status }),
      sendProcesses: (session, names) => send('session.processes', { session, names }),
      sendEventNames: (session, names) => send('session.eventNames', { session, names }),
      sendBookmarks: (session, news) => send('session.bookmarks', pack({ session, news })),
    });
    this.sends.add(send);
    const stop = this.loop.inform(feed);
    const end = (told: PageState | null): void => {
      stop();
      this.sends.delete(send);
      this.places.remove(number, told);
      this.loop.wake();
    };
    const exports = new Exports((progress) => send('export.progress', progress), now);
    const handlers = createHandlers({
      ...page,
      workspace: this.workspace,
      places: this.places,
      feed,
      wake: () => this.loop.wake(),
      scanner: options.scanner,
      exports,
      ...{ questions, fileLogs, watching },
      largestCapBytes: options.largestCapBytes,
      copyProgress: (progress) => send('copy.progress', progress),
      now,
    });
    return { number, calls: new Calls(handlers, { ...page, now }), exports, questions, fileLogs, end };
  }

  /** An event for every page. */
  tellAll<C extends EventChannel>(channel: C, payload: EventWireOf<C>): void {
    for (const send of this.sends) send(channel, payload);
  }

  private share(page: PageDependencies): Shared {
    const { now, workspace: options } = this.options;
    const fileLogs = new FileLogs({
      ...{ now, after: this.options.after, scanner: options.scanner, fieldsOf: page.fieldsOf },
      ...{ unixMs: page.unixMs, report: page.report, changed: () => this.loop.wake() },
    });
    const lastMinutes = new LastMinutes({
      workspace: this.workspace,
      folder: page.watchEffects.folder,
      fieldsOf: page.fieldsOf,
      unixMs: Date.now,
      now,
    });
    const watching = new Watching({
      workspace: this.workspace,
      scanner: options.scanner,
      effects: page.watchEffects,
      mayEnd: page.mayEnd,
      save: (open, row, told) => lastMinutes.save(open, row, told),
      tell: (reports) => this.tellAll('app.watches', { reports }),
      wake: () => this.loop.wake(),
      now,
    });
    this.loop.inform(watching);
    return { fileLogs, watching };
  }

  start(): void {
    this.loop.start();
  }

  /** Ends all captures and discards all rows. */
  close(): void {
    this.loop.stop();
    this.shared?.watching.close();
    this.workspace.close();
  }
}
