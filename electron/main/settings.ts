/**
 * What the program remembers between runs: window place, theme, last source. Kept as JSON in the user's data folder,
 * replaced whole so that a crash leaves the old file or the new one. A file that is damaged, or is none, means defaults, said
 * once.
 */
import { isAbsolute, join } from 'node:path';
import type { FileLock } from '../../native/core/platform.ts';
import { lockFile } from '../../native/file-lock.ts';
import type { Theme } from '../contract/app.ts';
import { type ColourRule, parseColourRules } from '../contract/colour-rules.ts';
import { DEFAULT_LIBRARY, type LibrarySettings, parseLibrarySettings } from '../contract/library.ts';
import { MAX_SQL_TEXT } from '../contract/limits.ts';
import { type NamedFilter, parseNamedFilters } from '../contract/named-filters.ts';
import { newestFirst } from '../contract/newest-first.ts';
import { MAX_EARLIER_QUESTIONS } from '../contract/page-state.ts';
import { MOST_RECENT_FILES } from '../contract/recent.ts';
import {
  DEFAULT_MEMORY_CAP,
  KEEP_ALL,
  LEAST_MEMORY_CAP,
  parsePolicy,
  type RetentionSettings,
} from '../contract/retention.ts';
import { parseWatches, type Watch } from '../contract/watches.ts';
import { readSmallFile } from '../files/read-small.ts';
import { removeTemporaries, replaceFileSync } from '../files/replace-sync.ts';
import { type CommandSettings, NO_COMMANDS, parseCommands } from './allowed-commands.ts';

export interface WindowPlace {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

export interface Settings {
  readonly window: WindowPlace;
  readonly theme: Theme;
  readonly source: string;
  /** Sources used lately, newest first. */
  readonly recentSources: readonly string[];
  /** Paths of files and sessions opened lately, newest first. */
  readonly recentFiles: readonly string[];
  readonly retention: RetentionSettings;
  /** Whether sessions are recorded, and how many are kept. */
  readonly library: LibrarySettings;
  /** The filters that the person has named. */
  readonly filters: readonly NamedFilter[];
  /** Questions in SQL that were asked, newest first. */
  readonly questions: readonly string[];
  /** What they highlight. */
  readonly highlights: readonly ColourRule[];
  /** Actions on a match, the folder that they save into, and the commands that they may run, which only the person writes. */
  readonly watches: readonly Watch[];
  readonly saveFolder: string | null;
  readonly commands: CommandSettings;
}

const MAX_RECENT = 8;
const MAX_NAME = 256;
const MAX_PATH = 4096;

export const DEFAULT_SETTINGS: Settings = {
  window: { width: 1280, height: 800, maximized: false },
  theme: 'system',
  source: 'sim:demo',
  recentSources: [],
  recentFiles: [],
  retention: { memoryCapBytes: DEFAULT_MEMORY_CAP, policy: KEEP_ALL },
  library: DEFAULT_LIBRARY,
  filters: [],
  questions: [],
  highlights: [],
  watches: [],
  saveFolder: null,
  commands: NO_COMMANDS,
};

/** The change that remembers a source that was opened; one opened alone is also the next start's default. */
export function withRecentSource(settings: Settings, source: string, how: 'alone' | 'beside'): Partial<Settings> {
  const recentSources = newestFirst(settings.recentSources, source, MAX_RECENT);
  return how === 'alone' || settings.recentSources.length === 0 ? { source, recentSources } : { recentSources };
}

/** The change that remembers what a page says was asked; what others have asked stays behind it. Null: it is known. */
export function withQuestions(settings: Settings, earlier: readonly string[]): Partial<Settings> | null {
  if (earlier.length === 0 || earlier.every((sql, at) => sql === settings.questions[at])) return null;
  const questions = [...new Set([...earlier, ...settings.questions])].slice(0, MAX_EARLIER_QUESTIONS);
  return { questions };
}

function isQuestion(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_SQL_TEXT;
}

function isWholePath(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_PATH && !value.includes('\0') && isAbsolute(value);
}

function isSourceName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_NAME && value !== '';
}

/** All is kept rather than follow a figure that makes no sense. */
function retentionSettings(value: unknown): RetentionSettings {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const cap = fields.memoryCapBytes;
  return {
    memoryCapBytes:
      typeof cap === 'number' && Number.isSafeInteger(cap) && cap >= LEAST_MEMORY_CAP ? cap : DEFAULT_MEMORY_CAP,
    policy: parsePolicy(fields.policy) ?? KEEP_ALL,
  };
}

function size(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 200 && value <= 20_000
    ? Math.round(value)
    : fallback;
}

/** Settings from a file's text; every field that does not make sense takes its default. Throws SyntaxError for no JSON. */
export function parseSettings(text: string): Settings {
  const raw: unknown = JSON.parse(text);
  const fields = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  const place = (typeof fields.window === 'object' && fields.window !== null ? fields.window : {}) as Record<
    string,
    unknown
  >;
  const { x, y } = place;
  const theme = fields.theme;
  const source = fields.source;
  return {
    window: {
      width: size(place.width, DEFAULT_SETTINGS.window.width),
      height: size(place.height, DEFAULT_SETTINGS.window.height),
      maximized: place.maximized === true,
      ...(Number.isSafeInteger(x) && Number.isSafeInteger(y) ? { x: x as number, y: y as number } : {}),
    },
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    source: isSourceName(source) ? source : DEFAULT_SETTINGS.source,
    recentSources: Array.isArray(fields.recentSources)
      ? fields.recentSources.filter(isSourceName).slice(0, MAX_RECENT)
      : DEFAULT_SETTINGS.recentSources,
    recentFiles: Array.isArray(fields.recentFiles)
      ? fields.recentFiles.filter(isWholePath).slice(0, MOST_RECENT_FILES)
      : DEFAULT_SETTINGS.recentFiles,
    retention: retentionSettings(fields.retention ?? fields.history),
    library: parseLibrarySettings(fields.library),
    filters: parseNamedFilters(fields.filters),
    questions: Array.isArray(fields.questions)
      ? fields.questions.filter(isQuestion).slice(0, MAX_EARLIER_QUESTIONS)
      : DEFAULT_SETTINGS.questions,
    highlights: parseColourRules(fields.highlights),
    watches: parseWatches(fields.watches),
    saveFolder: isWholePath(fields.saveFolder) ? fields.saveFolder : null,
    commands: parseCommands(fields.commands),
  };
}

/** Far more than all that is remembered takes. */
const MOST_BYTES = 1024 ** 2;
/** Another instance holds the lock for a write of a few kilobytes; tries, and the wait between two, milliseconds. */
const LOCK_TRIES = 20;
const LOCK_WAIT_MS = 5;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `change` over what is there, field by field, also within an object: what this version does not know stays. */
function merged(there: Fields, change: Partial<Settings>): Fields {
  const result: Record<string, unknown> = { ...there };
  for (const [name, value] of Object.entries(change)) {
    const old = there[name];
    result[name] = isFields(old) && isFields(value) ? { ...old, ...(value as Fields) } : value;
  }
  return result;
}

/** What changes, or what makes a change of the settings as they are now, another instance's changes among them. */
export type SettingsChange = Partial<Settings> | ((now: Settings) => Partial<Settings>);

/**
 * The file. Other instances may write it too, and newer versions: each change is merged into what is there then, under a
 * lock, and the file replaced whole.
 */
export class SettingsFile {
  private current: Settings;
  private readonly path: string;
  private readonly report: (message: string) => void;

  /** Reads `settings.json` in `folder`; `report` gets one line when it cannot be read or written. */
  constructor(folder: string, report: (message: string) => void) {
    this.path = join(folder, 'settings.json');
    this.report = report;
    this.current = DEFAULT_SETTINGS;
    try {
      this.current = parseSettings(readSmallFile(this.path, MOST_BYTES).toString());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.report(`settings could not be read, defaults are used: ${String(error)}`);
      }
    }
  }

  get value(): Settings {
    return this.current;
  }

  update(change: SettingsChange): void {
    const lock = this.lock();
    try {
      const there = this.read();
      const now = { ...this.current, ...(there === null ? {} : onlyOf(there)) };
      const wanted = typeof change === 'function' ? change(now) : change;
      this.current = { ...this.current, ...wanted };
      if (lock !== null) removeTemporaries(this.path);
      const base = there ?? (this.current as unknown as Fields);
      replaceFileSync(this.path, `${JSON.stringify(merged(base, wanted), null, 2)}\n`, 'followed');
    } catch (error) {
      this.report(`settings were not saved: ${String(error)}`);
    } finally {
      lock?.release();
    }
  }

  /** Null if it cannot be had soon: a change that may be lost is better than a window that stands still. */
  private lock(): FileLock | null {
    for (let tries = 0; tries < LOCK_TRIES; tries++) {
      const locked = lockFile(`${this.path}.lock`);
      if (!locked.ok) return null;
      if (locked.value !== null) return locked.value;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_WAIT_MS);
    }
    return null;
  }

  /** The fields of the file as they are now; null if there is none or it is damaged, which was said at the start. */
  private read(): Fields | null {
    try {
      const raw: unknown = JSON.parse(readSmallFile(this.path, MOST_BYTES).toString());
      return isFields(raw) ? raw : null;
    } catch {
      return null;
    }
  }
}

/** The settings that these fields say, without those they do not name. */
function onlyOf(fields: Fields): Partial<Settings> {
  const parsed = parseSettings(JSON.stringify(fields));
  return Object.fromEntries(Object.entries(parsed).filter(([name]) => name in fields)) as Partial<Settings>;
}
