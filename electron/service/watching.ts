/**
 * Actions on a match, for all live sessions: looks with every tick at the rows that have arrived, for a bounded time, and
 * acts on what was found, no more often than the limits allow. What was done is told.
 */
import { type Failure, fail, ok, type Result } from '../../native/core/result.ts';
import type { LogRow } from '../contract/rows.ts';
import { shownText } from '../contract/shown-text.ts';
import {
  NO_MATCH,
  type Watch,
  type WatchAction,
  type WatchedRow,
  type WatchesState,
  type WatchReport,
} from '../contract/watches.ts';
import type { Scanner } from '../session/search/scanner.ts';
import { sliceOf } from '../session/store/slice.ts';
import { bookmarkOn } from '../session/view/bookmark-places.ts';
import { logRow } from '../session/view/log-row.ts';
import { NO_DELTAS } from '../session/view/row-deltas.ts';
import type { OpenSession, Workspace } from '../session/workspace/workspace.ts';
import type { Listener } from './loop.ts';
import { OneQuestion } from './one-question.ts';
import { WatchLimits } from './watch-limits.ts';
import { type Hits, WatchScan } from './watch-scan.ts';

/** What the surrounding process does and keeps for it. */
export interface WatchEffects {
  readonly load: () => readonly Watch[];
  readonly keep: (watches: readonly Watch[]) => void;
  /** Names of the commands that the person has allowed, in the settings. */
  readonly commands: () => readonly string[];
  /** Where the last minutes are saved; null while no folder is chosen. */
  readonly folder: () => string | null;
  /** Asks the person for that folder, and keeps it; null if they dismissed the question. */
  readonly chooseFolder: () => Promise<string | null>;
  readonly sound: () => void;
  readonly notify: (title: string, body: string) => void;
  /** Runs an allowed command without a shell; the row is in its environment. Failure: what is in the way. */
  readonly run: (command: string, row: LogRow) => Result<void>;
}

export interface WatchingDependencies {
  readonly workspace: Workspace;
  readonly scanner: Scanner;
  readonly effects: WatchEffects;
  /** Whether the rows of one more session may go now. */
  readonly mayEnd: () => boolean;
  /** Writes the last minutes before a row; `told` gets what became of it. The value is the path. */
  readonly save: (open: OpenSession, row: LogRow, told: (failure: Failure | null) => void) => Result<string>;
  readonly tell: (reports: readonly WatchReport[]) => void;
  readonly wake: () => void;
  readonly now: () => number;
}

/** The longest that a tick spends on all watches together, milliseconds. */
const SCAN_MS = 4;
/** Reports are told at least so far apart, milliseconds. */
const TELL_MS = 200;
/** How much of a message a report and a notification have, UTF-16 units. */
const MAX_SHOWN = 200;

/** A watch that is set, and what became of it. */
interface Kept {
  readonly watch: Watch;
  readonly key: string;
  /** Where rows began when it was set, by session; of a session that was opened since, all rows are new. */
  readonly from: ReadonlyMap<number, number>;
  readonly scans: Map<number, WatchScan>;
  report: WatchReport;
}

export class Watching implements Listener {
  private readonly dependencies: WatchingDependencies;
  private readonly limits = new WatchLimits();
  private readonly question = new OneQuestion('A folder is being chosen already', 'Choose that first');
  private kept: readonly Kept[];
  /** Where the rows end of sessions that are not live: what was opened is not what arrives. */
  private readonly still = new Map<number, number>();
  private changed = false;
  private toldAt = Number.NEGATIVE_INFINITY;
  private turn = 0;

  constructor(dependencies: WatchingDependencies) {
    this.dependencies = dependencies;
    this.kept = dependencies.effects.load().map((each) => this.keep(each));
  }

  get state(): WatchesState {
    const { effects } = this.dependencies;
    const watches = this.kept.map(({ watch }) => watch);
    const reports = this.kept.map(({ report }) => report);
    return { watches, reports, commands: effects.commands(), folder: effects.folder() };
  }

  /** Failure: bad-argument for a command that is not allowed. */
  set(watches: readonly Watch[]): Result<WatchesState> {
    const { effects, wake } = this.dependencies;
    const unknown = watches.find(({ on, command }) => on && command !== '' && !effects.commands().includes(command));
    if (unknown !== undefined) {
      return fail(
        'bad-argument',
        `The command '${unknown.command}' is not allowed`,
        'Allow it in the settings file, then start RingView again',
      );
    }
    const before = [...this.kept];
    this.kept = watches.map((watch) => {
      const same = before.findIndex(({ key }) => key === keyOf(watch));
      return same < 0 ? this.keep(watch) : (before.splice(same, 1)[0] as Kept);
    });
    for (const { scans } of before) for (const scan of scans.values()) scan.close();
    effects.keep(watches);
    wake();
    return ok(this.state);
  }

  async chooseFolder(): Promise<Result<WatchesState>> {
    const asked = await this.question.ask(this.dependencies.effects.chooseFolder);
    return asked.ok ? ok(this.state) : asked;
  }

  close(): void {
    for (const { scans } of this.kept) for (const scan of scans.values()) scan.close();
  }

  offer(nowMs: number): number {
    if (this.kept.length === 0) return this.told(nowMs);
    this.follow();
    const slice = sliceOf(this.dependencies.now, SCAN_MS);
    let more = false;
    const scans = this.kept.flatMap((kept) => [...kept.scans.values()].map((scan) => ({ kept, scan })));
    // Each has the first turn now and then, so that one with much to do does not keep the others from theirs.
    this.turn = scans.length === 0 ? 0 : (this.turn + 1) % scans.length;
    for (let at = 0; at < scans.length; at++) {
      const { kept, scan } = scans[(this.turn + at) % scans.length] as (typeof scans)[number];
      more = slice.spent() || scan.advance(slice) || more;
      const hits = scan.take();
      if (hits !== null) this.act(kept, scan.open, hits, nowMs);
      if (scan.failure !== null && kept.report.failure === null) this.note(kept, { failure: scan.failure });
    }
    const due = this.told(nowMs);
    return more ? 0 : due;
  }

  private keep(watch: Watch): Kept {
    const from = new Map(
      this.dependencies.workspace.openSessions.map(({ id, session }) => [id, session.store.endRow] as const),
    );
    return { watch, key: keyOf(watch), from, scans: new Map(), report: NO_MATCH };
  }

  /** Begins and ends scans, as sessions and watches come and go. */
  private follow(): void {
    const { workspace, scanner, wake } = this.dependencies;
    const { openSessions } = workspace;
    for (const { id, session } of openSessions) if (!session.isLive) this.still.set(id, session.store.endRow);
    for (const id of this.still.keys()) if (!openSessions.some((open) => open.id === id)) this.still.delete(id);
    for (const { watch, from, scans, report } of this.kept) {
      const wanted = watch.on && !(watch.once && report.done > 0);
      for (const [id, scan] of scans) {
        // What was captured up to a stop is looked at; what a file brings then is not.
        const goesOn = scan.open.session.isLive || !scan.isDone;
        if (wanted && goesOn && openSessions.some((open) => open.id === id)) continue;
        scan.close();
        scans.delete(id);
      }
      if (!wanted) continue;
      for (const open of openSessions) {
        if (scans.has(open.id) || !open.session.isLive) continue;
        const begin = Math.max(from.get(open.id) ?? 0, this.still.get(open.id) ?? 0);
        scans.set(open.id, new WatchScan(watch, open, begin, scanner, wake));
      }
    }
  }

  private act(kept: Kept, open: OpenSession, hits: Hits, nowMs: number): void {
    const { watch, report } = kept;
    const { count } = hits;
    if (watch.once && report.done > 0) return;
    const newest = rowOf(open, watch.once ? (hits.rows[0] as number) : hits.last);
    const last = newest === null ? report.last : watchedRow(open.id, newest);
    this.note(kept, { matches: report.matches + count, last });
    if (newest === null) return;
    const rows = watch.action === 'bookmark' ? (watch.once ? hits.rows.slice(0, 1) : hits.rows) : [newest.row];
    let done = 0;
    let failure: Failure | null = null;
    for (const row of rows) {
      if (!this.limits.take(kept.key, watch.action, nowMs)) break;
      const acted = this.carryOut(watch.action, kept, open, row === newest.row ? newest : rowOf(open, row));
      if (acted.ok) done++;
      else failure = acted.failure;
      if (failure !== null) break;
    }
    // Where the newest is gone to, those just before it are passed, not left out.
    const covered = watch.once || watch.action === 'track' ? count : done;
    this.note(kept, {
      done: kept.report.done + done,
      skipped: kept.report.skipped + Math.max(0, count - covered),
      failure: done > 0 ? null : (failure ?? kept.report.failure),
    });
  }

  private carryOut(action: WatchAction, kept: Kept, open: OpenSession, row: LogRow | null): Result<unknown> {
    const { effects, mayEnd, save, wake } = this.dependencies;
    const { session } = open;
    if (row === null) return ok(null);
    switch (action) {
      case 'bookmark': {
        const mark = bookmarkOn(session.store, row.row);
        return mark === null ? ok(null) : session.bookmarks.set([mark]);
      }
      case 'track':
        // Pages hear of the match, and those that follow go there.
        return ok(null);
      case 'stop':
        session.stop();
        wake();
        return ok(null);
      case 'clear':
        if (!mayEnd())
          return fail('overloaded', 'The disk has not taken the rows of earlier sessions yet', 'Wait a moment');
        session.clear();
        wake();
        return ok(null);
      case 'sound':
        effects.sound();
        return ok(null);
      case 'notify': {
        const { skipped } = kept.report;
        const more = skipped > 0 ? `\n${skipped.toLocaleString('en')} more matches were not notified` : '';
        effects.notify(`RingView: ${kept.watch.text.slice(0, MAX_SHOWN)}`, `${watchedRow(open.id, row).text}${more}`);
        return ok(null);
      }
      case 'run':
        return effects.run(kept.watch.command, row);
      case 'save': {
        const saved = save(open, row, (failure) => this.note(kept, { failure }));
        if (saved.ok) this.note(kept, { path: saved.value });
        return saved;
      }
    }
  }

  private note(kept: Kept, change: Partial<WatchReport>): void {
    kept.report = { ...kept.report, ...change };
    this.changed = true;
  }

  /** Tells what is new, if that is due. The milliseconds after which it is. */
  private told(nowMs: number): number {
    if (!this.changed) return Number.POSITIVE_INFINITY;
    const early = this.toldAt + TELL_MS - nowMs;
    if (early > 0) return early;
    this.changed = false;
    this.toldAt = nowMs;
    this.dependencies.tell(this.kept.map(({ report }) => report));
    return Number.POSITIVE_INFINITY;
  }
}

const keyOf = (watch: Watch): string => JSON.stringify(watch);

function rowOf({ session: { store } }: OpenSession, row: number): LogRow | null {
  const segment = store.segmentOf(row);
  return segment === null ? null : logRow(segment, row - segment.firstRow, NO_DELTAS);
}

function watchedRow(session: number, { row, index, text }: LogRow): WatchedRow {
  return { session, row, index, text: shownText(text).slice(0, MAX_SHOWN) };
}
