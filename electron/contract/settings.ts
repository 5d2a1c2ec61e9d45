/** The settings as a page sees and sets them, and what is wrong in the file that they are kept in. */
import type { Theme } from './app.ts';
import type { LibrarySettings } from './library.ts';
import type { LogLook } from './log-look.ts';
import type { RetentionSettings } from './retention.ts';
import type { TimeSettings } from './shown-time.ts';

/** A value of the file that is not used, or, without a name, the place from which on the file cannot be read. */
export interface SettingsProblem {
  /** As `library.mostDays` or `highlights[2]`; empty where the file itself is broken. */
  readonly name: string;
  /** From 1; null where the file cannot be read at all. */
  readonly line: number | null;
  /** A sentence without its full stop: what is wrong, and what is allowed. */
  readonly what: string;
}

/** Most problems that are told. */
export const MOST_PROBLEMS = 20;

export interface SettingsState extends LogLook {
  readonly theme: Theme;
  /** Null: as the window was left. */
  readonly times: TimeSettings | null;
  readonly alwaysOnTop: boolean;
  readonly askBeforeClosing: boolean;
  /** An icon in the tray, and whether closing the last window leaves the program there. */
  readonly tray: boolean;
  readonly closeToTray: boolean;
  /** Why there is no tray here; null if there is one. */
  readonly trayHindrance: string | null;
  readonly retention: RetentionSettings;
  /** The largest memory cap that this machine allows, bytes. */
  readonly largestCapBytes: number;
  readonly library: LibrarySettings;
  /** Names of the commands that the file lists, and whether they may run. */
  readonly commands: { readonly allowed: boolean; readonly names: readonly string[] };
  readonly problems: readonly SettingsProblem[];
  /** Where the file is, for people. */
  readonly place: string;
}

/** What a page may set by itself; theme, retention and library have calls of their own. */
export interface SettingsChoice extends Partial<LogLook> {
  readonly times?: TimeSettings;
  readonly alwaysOnTop?: boolean;
  readonly askBeforeClosing?: boolean;
  readonly tray?: boolean;
  readonly closeToTray?: boolean;
}

/** A problem on one line, as the terminal and a notice say it. */
export const problemText = ({ name, line, what }: SettingsProblem): string =>
  `${line === null ? '' : `line ${line}: `}${name === '' ? '' : `${name} `}${what}`;
