/**
 * What the program remembers between runs: window place, theme, last source. Kept as JSON in the user's data folder,
 * replaced whole so that a crash leaves the old file or the new one. A damaged file means defaults, said once.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Theme } from '../contract/channels.ts';
import {
  DEFAULT_MEMORY_CAP,
  type HistorySettings,
  KEEP_ALL,
  LEAST_MEMORY_CAP,
  parsePolicy,
} from '../contract/history.ts';

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
  readonly history: HistorySettings;
}

const MAX_RECENT = 8;
const MAX_NAME = 256;

export const DEFAULT_SETTINGS: Settings = {
  window: { width: 1280, height: 800, maximized: false },
  theme: 'system',
  source: 'sim:demo',
  recentSources: [],
  history: { memoryCapBytes: DEFAULT_MEMORY_CAP, policy: KEEP_ALL },
};

/** The change that remembers a source that was opened; one opened alone is also the next start's default. */
export function withRecentSource(settings: Settings, source: string, how: 'alone' | 'beside'): Partial<Settings> {
  const recentSources = [source, ...settings.recentSources.filter((other) => other !== source)].slice(0, MAX_RECENT);
  return how === 'alone' || settings.recentSources.length === 0 ? { source, recentSources } : { recentSources };
}

function isSourceName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_NAME && value !== '';
}

/** All is kept rather than follow a figure that makes no sense. */
function historySettings(value: unknown): HistorySettings {
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
    history: historySettings(fields.history),
  };
}

export class SettingsFile {
  private current: Settings;
  private readonly path: string;
  private readonly report: (message: string) => void;

  /** Reads `settings.json` in `folder`; `report` gets one line when it cannot be read or written. */
  constructor(folder: string, report: (message: string) => void) {
    this.path = join(folder, 'settings.json');
    this.report = report;
    this.current = this.read();
  }

  get value(): Settings {
    return this.current;
  }

  update(change: Partial<Settings>): void {
    this.current = { ...this.current, ...change };
    try {
      const fresh = `${this.path}.new`;
      writeFileSync(fresh, `${JSON.stringify(this.current, null, 2)}\n`);
      renameSync(fresh, this.path);
    } catch (error) {
      this.report(`settings were not saved: ${String(error)}`);
    }
  }

  private read(): Settings {
    try {
      return parseSettings(readFileSync(this.path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.report(`settings could not be read, defaults are used: ${String(error)}`);
      }
      return DEFAULT_SETTINGS;
    }
  }
}
