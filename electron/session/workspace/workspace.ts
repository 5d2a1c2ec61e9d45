/**
 * All open sessions and the views of each, by number. Moves them together: every session has its turn in a tick, the
 * views share one slice of time for their filters, and the sessions share one amount of memory.
 */
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { Layout } from '../../contract/app.ts';
import { MOST_LINKS, MOST_SESSIONS, MOST_VIEWS } from '../../contract/limits.ts';
import type { RetentionPolicy } from '../../contract/retention.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import type { Status } from '../../contract/status.ts';
import { Session, type SessionOptions } from '../ingest/session.ts';
import { IntervalScan } from '../search/interval-scan.ts';
import { LaneScan } from '../search/lane-scan.ts';
import { ModuleScan } from '../search/module-scan.ts';
import type { Scanner } from '../search/scanner.ts';
import { TemplateCount } from '../search/template-count.ts';
import { ValueLives } from '../search/value-life.ts';
import { sliceOf } from '../store/slice.ts';
import { sharesOf } from './memory-shares.ts';
import { OpenView } from './open-view.ts';

export interface WorkspaceOptions {
  readonly scanner: Scanner;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** The options of a new session, given its number. Their memory cap is that of the whole workspace. */
  readonly sessionOptions: (session: number) => SessionOptions;
  readonly memoryCapBytes: number;
  /** The largest memory cap a person may set. */
  readonly largestCapBytes: number;
  /** The retention policy of a new session. */
  readonly policy: RetentionPolicy;
  /** Called when a view has changed since the last tick. */
  readonly changed: () => void;
}

/** What is gathered of its messages: templates, the modules they tell of, the lives of values, intervals; and CPU lanes. */
export interface Gathered {
  readonly templates: TemplateCount;
  readonly modules: ModuleScan;
  readonly lives: ValueLives;
  readonly intervals: IntervalScan;
  readonly lanes: LaneScan;
}

/** A session with its number. */
export interface OpenSession extends Gathered {
  readonly id: number;
  readonly session: Session;
}

/** The longest that a tick spends on applying filters, for all views together; milliseconds. */
const SCAN_MS = 8;
/** The same on counting CPU lanes. */
const LANES_MS = 4;

export class Workspace {
  private readonly options: WorkspaceOptions;
  private readonly sessions = new Map<number, OpenSession>();
  private readonly views = new Map<number, OpenView>();
  /** Asked for in every tick, so the lists are kept until they change. */
  private sessionList: readonly OpenSession[] | null = null;
  private viewList: readonly OpenView[] | null = null;
  private policy: RetentionPolicy;
  private cap: number;
  private lastSession = 0;
  private lastView = 0;
  /** Place in the order of views of the one whose filter has the first turn. */
  private turn = 0;

  /** Begins with one session, which has one view. */
  constructor(options: WorkspaceOptions) {
    this.options = options;
    this.policy = options.policy;
    this.cap = options.memoryCapBytes;
    this.begin();
  }

  /** In the order in which they were opened. The same array is returned until one is opened or closed. */
  get openSessions(): readonly OpenSession[] {
    this.sessionList ??= [...this.sessions.values()];
    return this.sessionList;
  }

  /** All open views, likewise. */
  get openViews(): readonly OpenView[] {
    this.viewList ??= [...this.views.values()];
    return this.viewList;
  }

  /** The most memory that the rows and indexes of all sessions may take together, bytes. */
  get memoryCapBytes(): number {
    return this.cap;
  }

  /** Failure: closed. */
  session(id: number): Result<Session> {
    const open = this.sessions.get(id);
    return open === undefined ? gone('session') : ok(open.session);
  }

  /** What is gathered of the messages of a session. Failure: closed. */
  gathered(session: number): Result<Gathered> {
    const open = this.sessions.get(session);
    return open === undefined ? gone('session') : ok(open);
  }

  /** Failure: closed. */
  view(id: number): Result<OpenView> {
    const view = this.views.get(id);
    return view === undefined ? gone('view') : ok(view);
  }

  viewsOf(session: number): readonly OpenView[] {
    return this.openViews.filter((view) => view.session === session);
  }

  /** Opens a session without sources and with one view; `options` replace the usual ones. Failure: overloaded. */
  openSession(options?: SessionOptions): Result<OpenView> {
    if (this.sessions.size >= MOST_SESSIONS) {
      return fail('overloaded', `${MOST_SESSIONS} sessions are open already`, 'Close one first');
    }
    return this.views.size >= MOST_VIEWS ? tooManyViews() : ok(this.begin(options));
  }

  /**
   * Opens another view of the session that view `like` looks at, with the same filter; or `linked`, which shows what the
   * other shows and filters it further, whatever the other's filter becomes. Failure: overloaded, closed.
   */
  openView(like: number, linked = false): Result<OpenView> {
    const other = this.view(like);
    if (!other.ok) return other;
    if (this.views.size >= MOST_VIEWS) return tooManyViews();
    if (linked && other.value.depth >= MOST_LINKS) {
      return fail('overloaded', `Views are linked ${MOST_LINKS} deep already`, 'Link one to a view further up');
    }
    const view = this.look(this.sessions.get(other.value.session) as OpenSession);
    view.parent = linked ? other.value : other.value.parent;
    applied(linked ? view.setFilter(SHOW_ALL) : view.log.setFilter(other.value.log.filterSpec));
    return ok(view);
  }

  /** Changes the filter of a view, and with it what those show that are linked to it. Failure: closed, bad-pattern, bad-argument. */
  setFilter(id: number, filter: FilterSpec): Result<{ readonly generation: number }> {
    const view = this.view(id);
    if (!view.ok) return view;
    const set = view.value.setFilter(filter);
    if (set.ok) this.followFilter(view.value);
    return set;
  }

  private followFilter(view: OpenView): void {
    for (const linked of this.openViews) {
      if (linked.parent !== view) continue;
      applied(linked.setFilter(linked.own));
      this.followFilter(linked);
    }
  }

  /** Closes a view, and with its last view the session too. Harmless if the view is closed already. */
  closeView(id: number): void {
    const view = this.views.get(id);
    if (view === undefined) return;
    if (this.viewsOf(view.session).length === 1) this.closeSession(view.session);
    else this.forget(view);
  }

  /** Ends a session's capture and discards its rows. If it was the last session, an empty one takes its place. */
  closeSession(id: number): void {
    const open = this.sessions.get(id);
    if (open === undefined) return;
    for (const view of this.viewsOf(id)) this.forget(view);
    closeGathering(open);
    open.session.close();
    this.sessions.delete(id);
    this.sessionList = null;
    this.options.scanner.forget();
    if (this.sessions.size === 0) this.begin();
    this.share();
  }

  /** Changes the memory of all sessions together, at once. */
  setMemoryCap(bytes: number): void {
    this.cap = bytes;
    this.share();
  }

  /** Changes the retention policy of a session, and of those that are opened from now on. */
  setPolicy(session: Session, policy: RetentionPolicy): void {
    this.policy = policy;
    session.store.setPolicy(policy);
  }

  get layout(): Layout {
    return this.openSessions.map(({ id, session }) => ({
      session: id,
      name: session.title ?? (session.sourceNames.map(({ name }) => name).join(', ') || `Session ${id}`),
      views: this.viewsOf(id).map((view) => ({
        ...{ view: view.id, filter: view.own },
        ...(view.isLinked ? { within: view.parent?.id ?? null } : {}),
      })),
    }));
  }

  status(session: Session, nowMs: number): Status {
    const own = session.status(nowMs);
    const { largestCapBytes } = this.options;
    return { ...own, memoryCapBytes: this.cap, retention: { ...own.retention, largestCapBytes } };
  }

  /** Moves everything that is ready. Returns the milliseconds after which to call again; 0 means at once. */
  tick(nowMs: number): number {
    let delayMs = Number.POSITIVE_INFINITY;
    this.share();
    for (const { session } of this.openSessions) delayMs = Math.min(delayMs, session.tick(nowMs));
    const unfiltered = this.applyFilters();
    for (const { finder, marker } of this.openViews) {
      finder.advance();
      marker.advance();
    }
    let uncounted = false;
    const slice = sliceOf(this.options.now, LANES_MS);
    for (const open of this.openSessions) {
      for (const each of gatheringOf(open)) each.advance(nowMs);
      uncounted = open.lanes.advance(nowMs, slice) || uncounted;
    }
    return unfiltered || uncounted ? 0 : delayMs;
  }

  /** Closes everything. */
  close(): void {
    for (const view of this.views.values()) view.close();
    for (const open of this.openSessions) closeGathering(open);
    for (const { session } of this.openSessions) session.close();
    this.views.clear();
    this.sessions.clear();
    this.sessionList = null;
    this.viewList = null;
  }

  /**
   * Applies the filters of the views in turn until the slice is spent; the next tick begins with the view after. True
   * if there is more to do.
   */
  private applyFilters(): boolean {
    const views = this.openViews;
    const slice = sliceOf(this.options.now, SCAN_MS);
    let unfiltered = false;
    for (let at = 0; at < views.length; at++) {
      const view = views[(this.turn + at) % views.length] as OpenView;
      unfiltered = view.log.advance(slice) || unfiltered;
      if (slice.spent() && at + 1 < views.length) {
        this.turn = (this.turn + at + 1) % views.length;
        return true;
      }
    }
    return unfiltered;
  }

  /**
   * Divides the memory: a single session gets all of it; of several, each may use what the others leave, and at least
   * its equal part.
   */
  private share(): void {
    const stores = this.openSessions.map(({ session }) => session.store);
    // What a store uses is a sum over all its segments, and is not needed for a single session, which gets all of the
    // memory anyway.
    const shares =
      stores.length === 1
        ? [this.cap]
        : sharesOf(
            this.cap,
            stores.map((store) => store.usedBytes),
          );
    for (const [at, store] of stores.entries()) {
      const share = shares[at] as number;
      if (store.memoryCapBytes !== share) store.setMemoryCap(share);
    }
  }

  private begin(options?: SessionOptions): OpenView {
    const id = ++this.lastSession;
    const session = new Session(options ?? this.options.sessionOptions(id));
    // What was recorded was kept by the policy of its time.
    if (session.title === null) session.store.setPolicy(this.policy);
    const { scanner, changed } = this.options;
    const { store } = session;
    const open = {
      ...{ id, session },
      templates: new TemplateCount(store, scanner, changed),
      modules: new ModuleScan(store, scanner, changed),
      lives: new ValueLives(store, scanner, changed),
      intervals: new IntervalScan({ store, scanner, names: () => session.filterNames, changed }),
      lanes: new LaneScan(store, (nowMs) => session.clockNs(nowMs)),
    };
    this.sessions.set(id, open);
    this.sessionList = null;
    const view = this.look(open);
    this.share();
    return view;
  }

  private look({ id, session }: OpenSession): OpenView {
    const { scanner, changed } = this.options;
    const view = new OpenView(++this.lastView, id, session, scanner, changed);
    this.views.set(view.id, view);
    this.viewList = null;
    return view;
  }

  private forget(view: OpenView): void {
    view.close();
    // What was linked to it goes on showing what it shows.
    for (const linked of this.openViews) if (linked.parent === view) linked.parent = null;
    this.views.delete(view.id);
    this.viewList = null;
  }
}

/** What goes on with a scan of its own in every tick. */
const gatheringOf = ({ templates, modules, lives, intervals }: Gathered) => [templates, modules, lives, intervals];

function closeGathering(open: Gathered): void {
  for (const each of gatheringOf(open)) each.close();
}

/** A filter that was in force in another view. */
function applied(set: Result<unknown>): void {
  if (!set.ok) throw new Error(set.failure.message);
}

const tooManyViews = (): Result<never> => fail('overloaded', `${MOST_VIEWS} views are open already`, 'Close one first');

const gone = (what: 'session' | 'view'): Result<never> =>
  fail('closed', `The ${what} is closed`, 'Choose one that is open');
