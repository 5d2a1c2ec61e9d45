/**
 * The recorded sessions of this machine, for the page: which there are, those that a crash left, and what a person does
 * with them. A session is named by its id and found among those of the library; what cannot be undone is asked of the
 * person here, by a dialog of the system, whatever the page says.
 */
import { basename } from 'node:path';
import { describeFailure, fail, ok, type Result } from '../../native/core/result.ts';
import type { Notice } from '../contract/app.ts';
import {
  type LibrarySettings,
  MOST_DAMAGES,
  MOST_LISTED,
  type RecordedSession,
  type SessionList,
} from '../contract/library.ts';
import { FOLDER_ENDING } from '../recording/layout.ts';
import type { SessionLibrary } from '../recording/library.ts';
import type { LibraryPort, LibraryQuestion } from '../recording/library-host.ts';
import type { LibraryLimits, SessionEntry } from '../recording/library-rules.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import type { Workspace } from '../session/workspace/workspace.ts';
import { OneQuestion } from './one-question.ts';
import { openRecorded } from './open-recorded.ts';

export interface LibraryDependencies {
  readonly library: Pick<SessionLibrary, 'folder' | 'pathOf' | 'isRecorded'>;
  readonly port: LibraryPort;
  readonly settings: () => LibrarySettings;
  /** Remembers other settings. */
  readonly setSettings: (settings: LibrarySettings) => void;
  /** Whether these sessions are to be deleted, asked of the person. `why` begins the question. */
  readonly askToDelete: (names: readonly string[], why: string) => Promise<boolean>;
  /** Told of what went because it was beyond the limits, and of what could not be done: a line each. */
  readonly report: (line: string) => void;
  /** Tells a person. */
  readonly tell: (notice: Notice) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

const DAY_MS = 86_400_000;

export class Library {
  private readonly dependencies: LibraryDependencies;
  /** Paths of recorded sessions that are open, by the session they are open as. */
  private readonly open = new Map<number, string>();
  private offers: Promise<Result<readonly RecordedSession[]>> | null = null;
  /** Paths of what was offered in this run: whoever has just heard of it must find it. */
  private offered: readonly string[] = [];
  private readonly question = new OneQuestion('Another question about sessions is open', 'Answer that one first');
  private ending = false;
  /** What is still written to sessions that were opened. */
  private readonly writes = new Set<Promise<void>>();

  constructor(dependencies: LibraryDependencies) {
    this.dependencies = dependencies;
  }

  async list(): Promise<Result<SessionList>> {
    const { port, library, settings } = this.dependencies;
    const listed = await port.ask({ do: 'list' });
    if (!listed.ok) return listed;
    const { sessions, troubles } = listed.value;
    return ok({
      sessions: sessions.slice(0, MOST_LISTED).map(shown),
      more: Math.max(0, sessions.length - MOST_LISTED),
      troubles: troubles.slice(0, MOST_DAMAGES),
      place: library.folder,
      settings: settings(),
    });
  }

  /** Those that a crash left: the same all through a run, until they are dismissed. */
  crashed(): Promise<Result<readonly RecordedSession[]>> {
    this.offers ??= this.dependencies.port.ask({ do: 'offer' }).then((listed) => {
      if (!listed.ok) return listed;
      this.offered = listed.value.sessions.map(({ path }) => path);
      // Once it is known what is offered: that does not go in this run.
      this.forget();
      return ok(listed.value.sessions.slice(0, MOST_LISTED).map(shown));
    });
    return this.offers;
  }

  dismiss(): void {
    this.offers = Promise.resolve(ok([]));
  }

  /** Opens one, or finds the session that it is open as. */
  openIn(workspace: Workspace, id: string): Result<{ readonly session: number; readonly view: number }> {
    const path = this.dependencies.library.pathOf(id);
    if (!path.ok) return path;
    this.letGo(workspace);
    for (const [session, known] of this.open) {
      const [view] = workspace.viewsOf(session);
      if (known === path.value && view !== undefined) return ok({ session, view: view.id });
    }
    if (this.dependencies.library.isRecorded(path.value))
      return fail('source-busy', 'This session is being recorded', 'Look at it where it is captured, or stop it first');
    const opened = this.openPath(workspace, path.value);
    if (!opened.ok) return opened;
    this.open.set(opened.value.session, path.value);
    return ok({ session: opened.value.session, view: opened.value.id });
  }

  /** Opens one that lies anywhere. What is damaged in it is told of. Failures: those of `openRecorded`. */
  openPath(workspace: Workspace, path: string): Result<OpenView> {
    const { now, report, tell } = this.dependencies;
    const writing = (written: Promise<void>): void => {
      const noted = written.finally(() => this.writes.delete(noted));
      this.writes.add(noted);
    };
    const damaged = (damages: readonly string[], notice: Notice): void => {
      for (const damage of damages) report(`${path}: ${damage}`);
      tell(notice);
    };
    return openRecorded(workspace, path, { now, writing, damaged });
  }

  /** Resolves once everything is written that a person changed in sessions that were opened. */
  async written(): Promise<void> {
    while (this.writes.size > 0) await Promise.all(this.writes);
  }

  rename(id: string, name: string): Promise<Result<null>> {
    return this.change(id, (path) => ({ do: 'rename', path, name }));
  }

  pin(id: string, pinned: boolean): Promise<Result<null>> {
    return this.change(id, (path) => ({ do: 'pin', path, pinned }));
  }

  /** Asks, and deletes for good; false if the person would not. */
  async delete(workspace: Workspace, id: string): Promise<Result<boolean>> {
    const found = await this.atRest(id);
    if (!found.ok) return found;
    this.letGo(workspace);
    if (this.inUse.includes(found.value.path))
      return fail('source-busy', `${found.value.name} is open`, 'Close its tab first');
    const agreed = await this.ask([found.value.name], 'It is deleted for good, with all its rows.');
    if (!agreed.ok || !agreed.value) return agreed;
    const deleted = await this.change(id, (path) => ({ do: 'delete', path }));
    return deleted.ok ? ok(true) : deleted;
  }

  /** What the library knows of one that is not being recorded. Failures: source-busy while it is, source-not-found. */
  async atRest(id: string): Promise<Result<SessionEntry>> {
    const path = this.dependencies.library.pathOf(id);
    if (!path.ok) return path;
    const listed = await this.dependencies.port.ask({ do: 'list' });
    if (!listed.ok) return listed;
    const found = listed.value.sessions.find((entry) => entry.path === path.value);
    if (found === undefined) return fail('source-not-found', 'There is no such session', 'Look at the list again');
    if (found.ended !== null) return ok(found);
    return fail('source-busy', `${found.name} is being recorded`, 'Clear it or close its tab first');
  }

  /** Takes other settings; false, and nothing changed, if sessions would go and the person would not have that. */
  async setSettings(settings: LibrarySettings): Promise<Result<boolean>> {
    const before = this.dependencies.settings();
    if (settings.mostBytes < before.mostBytes || settings.mostDays < before.mostDays) {
      const going = await this.dependencies.port.ask({ do: 'beyond', limits: limitsOf(settings), inUse: this.spared });
      if (!going.ok) return going;
      const names = going.value.sessions.map(({ name }) => name);
      const agreed = names.length === 0 ? ok(true) : await this.ask(names, 'They are beyond these limits.');
      if (!agreed.ok || !agreed.value) return agreed;
    }
    this.dependencies.setSettings(settings);
    this.forget();
    return ok(true);
  }

  /** The program ends, and nothing goes by itself any more: a deletion that is cut off would leave a part of a session. */
  end(): void {
    this.ending = true;
  }

  /** Deletes what goes by itself: beyond the limits, or empty. Nobody waits for it. */
  forget(): void {
    if (this.ending) return;
    const { port, settings, report } = this.dependencies;
    void port.ask({ do: 'forget', limits: limitsOf(settings()), inUse: this.spared }).then((gone) => {
      if (!gone.ok) {
        report(describeFailure(gone.failure));
        return;
      }
      for (const { name, rows } of gone.value.sessions)
        if (rows > 0) report(`deleted the session ${name}, which was beyond the limits`);
      for (const trouble of gone.value.troubles) report(trouble);
    });
  }

  private get inUse(): readonly string[] {
    return [...this.open.values()];
  }

  /** Paths of those that do not go by themselves in this run. */
  private get spared(): readonly string[] {
    return [...this.inUse, ...this.offered];
  }

  /** Sessions that were closed are open no more. */
  private letGo(workspace: Workspace): void {
    for (const session of this.open.keys()) if (!workspace.session(session).ok) this.open.delete(session);
  }

  private async change(id: string, question: (path: string) => LibraryQuestion): Promise<Result<null>> {
    const path = this.dependencies.library.pathOf(id);
    if (!path.ok) return path;
    const changed = await this.dependencies.port.ask(question(path.value));
    return changed.ok ? ok(null) : changed;
  }

  private ask(names: readonly string[], why: string): Promise<Result<boolean>> {
    return this.question.ask(() => this.dependencies.askToDelete(names, why));
  }
}

function limitsOf({ mostBytes, mostDays }: LibrarySettings): LibraryLimits {
  return { mostBytes, mostAgeMs: mostDays * DAY_MS };
}

function shown(entry: SessionEntry): RecordedSession {
  const { name, pinned, startedUnixMs, durationMs, rows, lost, bytes, sources, ended, damages, path } = entry;
  return {
    id: basename(path).slice(0, -FOLDER_ENDING.length),
    ...{ name, pinned, startedUnixMs, durationMs, rows, lost, bytes, sources: sources.slice(0, 32), ended },
    damages: damages.slice(0, MOST_DAMAGES),
  };
}
