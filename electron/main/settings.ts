/**
 * What a person sets, and what the program remembers between runs: how each value is read, and what counts where it makes no
 * sense. The file that they are kept in is settings-file.ts's.
 */
import { isAbsolute } from 'node:path';
import type { Theme } from '../contract/app.ts';
import { type ColourRule, parseColourRules } from '../contract/colour-rules.ts';
import { DEFAULT_LIBRARY, type LibrarySettings, parseLibrarySettings } from '../contract/library.ts';
import { MAX_SQL_TEXT } from '../contract/limits.ts';
import { DEFAULT_LOOK, isFontFamily, isFontSize, type LogLook } from '../contract/log-look.ts';
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
import { MOST_SCHEMA_FILES } from '../contract/schemas.ts';
import { parseTimes, type TimeSettings } from '../contract/shown-time.ts';
import { parseWatches, type Watch } from '../contract/watches.ts';
import { type CommandSettings, NO_COMMANDS, parseCommands } from './allowed-commands.ts';
import { plainValue, readCommented } from './commented-json.ts';

export interface WindowPlace {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

export interface Settings extends LogLook {
  readonly window: WindowPlace;
  /** Where a second window was; null if there was none. */
  readonly secondWindow: WindowPlace | null;
  readonly theme: Theme;
  /** Null: as the window was left. */
  readonly times: TimeSettings | null;
  readonly alwaysOnTop: boolean;
  /** Whether closing asks while rows are there that nothing keeps. */
  readonly askBeforeClosing: boolean;
  /** Whether there is an icon in the tray, and whether closing the last window leaves the program there. */
  readonly tray: boolean;
  readonly closeToTray: boolean;
  readonly source: string;
  /** Sources used lately, newest first. */
  readonly recentSources: readonly string[];
  /** Paths of files and sessions opened lately, newest first. */
  readonly recentFiles: readonly string[];
  /** Files and folders that events of traces and event logs were explained by, newest first. */
  readonly symbols: readonly string[];
  /** Files that say what the bytes of typed records are. */
  readonly schemas: readonly string[];
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

export const MAX_RECENT = 8;
export const MAX_SYMBOLS = 16;
const MAX_NAME = 256;
const MAX_PATH = 4096;

export const DEFAULT_SETTINGS: Settings = {
  window: { width: 1280, height: 800, maximized: false },
  secondWindow: null,
  theme: 'system',
  times: null,
  alwaysOnTop: false,
  askBeforeClosing: true,
  tray: false,
  closeToTray: false,
  ...DEFAULT_LOOK,
  source: 'sim:demo',
  recentSources: [],
  recentFiles: [],
  symbols: [],
  schemas: [],
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

/** The change that remembers what events were explained by. */
export function withSymbols({ symbols }: Settings, chosen: readonly string[]): Partial<Settings> {
  return { symbols: [...new Set([...chosen, ...symbols])].slice(0, MAX_SYMBOLS) };
}

/** The change that remembers what a page says was asked; what others have asked stays behind it. Null: it is known. */
export function withQuestions(settings: Settings, earlier: readonly string[]): Partial<Settings> | null {
  if (earlier.length === 0 || earlier.every((sql, at) => sql === settings.questions[at])) return null;
  const questions = [...new Set([...earlier, ...settings.questions])].slice(0, MAX_EARLIER_QUESTIONS);
  return { questions };
}

export function isQuestion(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_SQL_TEXT;
}

export function isWholePath(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_PATH && !value.includes('\0') && isAbsolute(value);
}

export function isSourceName(value: unknown): value is string {
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

export const isWindowSize = (value: unknown): value is number =>
  typeof value === 'number' && value >= 200 && value <= 20_000;

const size = (value: unknown, fallback: number): number => (isWindowSize(value) ? Math.round(value) : fallback);

function windowPlace(value: unknown): WindowPlace {
  const { x, y, width, height, maximized } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  return {
    width: size(width, DEFAULT_SETTINGS.window.width),
    height: size(height, DEFAULT_SETTINGS.window.height),
    maximized: maximized === true,
    ...(Number.isSafeInteger(x) && Number.isSafeInteger(y) ? { x: x as number, y: y as number } : {}),
  };
}

/** Settings from a file's text, as far as it can be read; every value that does not make sense takes its default. */
export function parseSettings(text: string): Settings {
  const { root } = readCommented(text);
  return settingsFrom(root === null ? null : plainValue(root));
}

/** Settings from untrusted data; every value that does not make sense takes its default. */
export function settingsFrom(raw: unknown): Settings {
  const fields = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  const theme = fields.theme;
  const source = fields.source;
  return {
    window: windowPlace(fields.window),
    secondWindow:
      typeof fields.secondWindow === 'object' && fields.secondWindow ? windowPlace(fields.secondWindow) : null,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    times: parseTimes(fields.times),
    alwaysOnTop: fields.alwaysOnTop === true,
    askBeforeClosing: fields.askBeforeClosing !== false,
    tray: fields.tray === true,
    closeToTray: fields.closeToTray === true,
    fontSize: isFontSize(fields.fontSize) ? fields.fontSize : DEFAULT_LOOK.fontSize,
    fontFamily: isFontFamily(fields.fontFamily) ? fields.fontFamily : DEFAULT_LOOK.fontFamily,
    processColours: fields.processColours === true,
    source: isSourceName(source) ? source : DEFAULT_SETTINGS.source,
    recentSources: Array.isArray(fields.recentSources)
      ? fields.recentSources.filter(isSourceName).slice(0, MAX_RECENT)
      : DEFAULT_SETTINGS.recentSources,
    recentFiles: Array.isArray(fields.recentFiles)
      ? fields.recentFiles.filter(isWholePath).slice(0, MOST_RECENT_FILES)
      : DEFAULT_SETTINGS.recentFiles,
    symbols: Array.isArray(fields.symbols)
      ? fields.symbols.filter(isWholePath).slice(0, MAX_SYMBOLS)
      : DEFAULT_SETTINGS.symbols,
    schemas: Array.isArray(fields.schemas)
      ? fields.schemas.filter(isWholePath).slice(0, MOST_SCHEMA_FILES)
      : DEFAULT_SETTINGS.schemas,
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
