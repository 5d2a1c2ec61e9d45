/**
 * The program behind a page, without the page and without a transport: it keeps the workspace ticking, and answers
 * and informs pages. A transport passes calls to `calls` and transmits what is given to `send`.
 */
import type { EventChannel, EventWireOf } from '../contract/channels.ts';
import { pack } from '../contract/packed.ts';
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
import { Watching } from './watching.ts';

export type Send = <C extends EventChannel>(channel: C, payload: EventWireOf<C>) => void;

export interface ServiceOptions extends Timers {
  readonly workspace: Omit<WorkspaceOptions, 'changed' | 'now'>;
}

/** Those that the service makes by itself, so that a page need not bring them. */
type OwnDependencies =
  | 'workspace'
  | 'feed'
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
  };

/** One page that is answered and informed. */
export interface ServedPage {
  readonly calls: Calls;
  readonly exports: Exports;
  readonly questions: Questions;
  readonly fileLogs: FileLogs;
  /** Stops informing the page. */
  readonly end: () => void;
}

export class Service {
  readonly workspace: Workspace;
  readonly loop: Loop;
  private readonly options: ServiceOptions;

  constructor(options: ServiceOptions) {
    this.options = options;
    const { now } = options;
    this.workspace = new Workspace({ ...options.workspace, now, changed: () => this.loop.wake() });
    this.loop = new Loop(this.workspace, options);
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
    const fileLogs = new FileLogs({
      ...{ now, after: this.options.after, scanner: options.scanner, fieldsOf: page.fieldsOf },
      ...{ unixMs: page.unixMs, report: page.report, changed: () => this.loop.wake() },
    });
    const feed = new PageFeed(this.workspace, {
      sendLayout: (layout) => {
        send('app.layout', layout);
        const sessions = layout.map(({ session }) => session);
        questions.keepOnly(sessions);
        fileLogs.keepOnly(sessions);
      },
      fileLogOf: (session) => fileLogs.statusOf(session),
      statesCpu: (session, source) => !page.fieldsOf(session, source).lacks.has('cpu'),
      sendUpdate: (view, update) => send('view.update', pack({ view, update })),
      sendFound: (view, found) => send('view.found', { view, found }),
      sendStatus: (session, status) => send('session.status', { session, status }),
      sendProcesses: (session, names) => send('session.processes', { session, names }),
      sendEventNames: (session, names) => send('session.eventNames', { session, names }),
      sendBookmarks: (session, news) => send('session.bookmarks', pack({ session, news })),
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
      tell: (reports) => send('app.watches', { reports }),
      wake: () => this.loop.wake(),
      now,
    });
    const ends = [this.loop.inform(feed), this.loop.inform(watching)];
    const end = (): void => {
      for (const each of ends) each();
      watching.close();
    };
    const exports = new Exports((progress) => send('export.progress', progress), now);
    const handlers = createHandlers({
      ...page,
      workspace: this.workspace,
      feed,
      wake: () => this.loop.wake(),
      scanner: options.scanner,
      exports,
      ...{ questions, fileLogs, watching },
      largestCapBytes: options.largestCapBytes,
      copyProgress: (progress) => send('copy.progress', progress),
      now,
    });
    return { calls: new Calls(handlers, { ...page, now }), exports, questions, fileLogs, end };
  }

  start(): void {
    this.loop.start();
  }

  /** Ends all captures and discards all rows. */
  close(): void {
    this.loop.stop();
    this.workspace.close();
  }
}
