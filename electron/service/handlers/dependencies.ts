/**
 * The dependencies of the handlers: the workspace and its feed, and functions that only the surrounding process can
 * provide.
 */

import type { Result } from '../../../native/core/result.ts';
import type { Bootstrap, Theme } from '../../contract/app.ts';
import type { DoctorFinding } from '../../contract/doctor.ts';
import type { LineFormat } from '../../contract/export-formats.ts';
import type { SourceOffer } from '../../contract/machine.ts';
import type { SymbolPlace } from '../../contract/merging.ts';
import type { CopyProgress, ExportRequest } from '../../contract/output.ts';
import type { PageState } from '../../contract/page-state.ts';
import type { RetentionSettings } from '../../contract/retention.ts';
import type { SettingsChoice, SettingsState } from '../../contract/settings.ts';
import type { ResultFormat } from '../../contract/sql.ts';
import type { SourceInfo } from '../../contract/status.ts';
import type { Session } from '../../session/ingest/session.ts';
import type { Scanner } from '../../session/search/scanner.ts';
import type { OpenView } from '../../session/workspace/open-view.ts';
import type { Workspace } from '../../session/workspace/workspace.ts';
import type { Addresses } from '../addresses.ts';
import type { Colours } from '../colours.ts';
import type { Exports } from '../exports.ts';
import type { FileLogs } from '../file-logs.ts';
import type { FilterSets } from '../filter-sets.ts';
import type { Library } from '../library.ts';
import type { Machine } from '../machine.ts';
import { type OpenPath, pathOpener } from '../open-file.ts';
import type { PageFeed } from '../page-feed.ts';
import type { QuestionDependencies, Questions } from '../questions.ts';
import type { RecentFiles } from '../recent-files.ts';
import { orRefuse } from '../refused.ts';
import type { SchemaFiles } from '../schema-files.ts';
import type { FieldsOf } from '../session-facts.ts';
import type { ViewPlaces } from '../view-places.ts';
import type { WatchEffects, Watching } from '../watching.ts';

/** What is to be written: rows of a view, one file of the recorded session of that name, an answer, rows as they come. */
export type SaveRequest =
  | ExportRequest
  | { readonly pack: string }
  | { readonly answer: ResultFormat }
  | { readonly log: LineFormat };

/** Where the settings are kept. */
export interface SettingsDesk {
  read(): SettingsState;
  set(choice: SettingsChoice): SettingsState;
  openFile(): Promise<Result<null>>;
}

export interface Dependencies {
  readonly workspace: Workspace;
  /** Which page shows which view. */
  readonly places: ViewPlaces;
  /** The feed of events to the calling page. */
  readonly feed: PageFeed;
  /** Makes changes known at once rather than at the next tick. */
  readonly wake: () => void;
  readonly scanner: Scanner;
  readonly exports: Exports;
  readonly questions: Questions;
  /** Logs that are written while rows come. */
  readonly fileLogs: FileLogs;
  readonly sql: QuestionDependencies;
  readonly bootstrap: () => Omit<Bootstrap, 'layout'>;
  /** Opens a source in a session: instead of those in use, or beside them. */
  readonly openSource: (session: Session, source: string, how: 'alone' | 'beside') => Promise<Result<SourceInfo>>;
  /** Findings of the doctor that concern this machine rather than the session. */
  readonly examineSystem: () => readonly DoctorFinding[];
  readonly machine: Machine;
  readonly offerSources: () => readonly SourceOffer[];
  readonly remember: (state: PageState) => void;
  /** Opens another window, and shows a view there. */
  readonly openWindow: (view: number) => void;
  /** Uses this theme from now on, and remembers it. */
  readonly setTheme: (theme: Theme) => void;
  /** Starts the program again with the rights of an administrator: see `app.elevate`. */
  readonly elevate: () => Promise<Result<null>>;
  readonly writeClipboard: (text: string) => void;
  /** Shows a file in the file manager of the system. */
  readonly showInFolder: (path: string) => void;
  readonly retentionChanged: (settings: RetentionSettings) => void;
  /** What addresses in messages mean. */
  readonly addresses: Addresses;
  /** Files that were opened lately. */
  readonly recent: RecentFiles;
  /** The filters that the person has named. */
  readonly filterSets: FilterSets;
  /** What the person highlights. */
  readonly colours: Colours;
  /** Actions on a match, and what the surrounding process does for them. */
  readonly watching: Watching;
  readonly watchEffects: WatchEffects;
  /** The recorded sessions of this machine. */
  readonly library: Library;
  readonly settings: SettingsDesk;
  /** What the bytes of typed records are. */
  readonly schemas: SchemaFiles;
  /** Whether the rows of one more session may go now: those of earlier ones may still wait for the disk. */
  readonly mayEnd: () => boolean;
  /** What is known of the rows of a source of a session, by its number. */
  readonly fieldsOf: FieldsOf;
  /** The largest memory cap this machine allows. */
  readonly largestCapBytes: number;
  readonly copyProgress: (progress: CopyProgress) => void;
  /** Asks where to write; null if the person dismissed the question. */
  readonly askForPath: (request: SaveRequest) => Promise<string | null>;
  /** Asks which files to open; none if the person dismissed the question. */
  readonly askForFiles: () => Promise<readonly string[]>;
  /** Asks which files explain events, or which folder has them; none if the person dismissed the question. */
  readonly askForSymbols: (from: SymbolPlace) => Promise<readonly string[]>;
  /** Remembers them for what is opened from now on. */
  readonly rememberSymbols: (paths: readonly string[]) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Lets everything else that is due run. */
  readonly rest: () => Promise<void>;
}

/** Asks which files to open, once at a time; none if the person dismissed the question. Failure: overloaded. */
export type AskForFiles = () => Promise<Result<readonly string[]>>;

/** Opens files and recordings by their paths, and remembers them. */
export function openPathBy({ workspace, openSource, library, recent }: Dependencies): OpenPath {
  return pathOpener(workspace, {
    open: (session, source) => openSource(session, source, 'alone'),
    openRecording: (path) => library.openPath(workspace, path),
    opened: (path) => recent.note(path),
  });
}

/** A view and the session it looks at. */
export interface ViewAndSession {
  readonly view: OpenView;
  readonly session: Session;
}

/** The view of a number; if there is none, the call is refused. */
export function lookedAt({ workspace }: Dependencies, id: number): ViewAndSession {
  const view = orRefuse(workspace.view(id));
  return { view, session: orRefuse(workspace.session(view.session)) };
}
