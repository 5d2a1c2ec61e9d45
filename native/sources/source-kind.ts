/**
 * What each kind of source declares about itself: its name, its options, what can be captured of it now, and how it is
 * opened.
 */
import { fail, type Result } from '../core/result.ts';
import type { SymbolWishes } from './etl/symbols.ts';
import { FORMAT_NAMES, type FormatName } from './file/detect.ts';
import { isKnownEncoding } from './file/encoding.ts';
import type { MachineSituation } from './machine-situation.ts';
import type { RingSourceOptions } from './ring/ring.ts';
import type { LogSource, SourceOffer } from './source.ts';
import type { ZipOptions } from './zip/zip-source.ts';

export type { SourceOffer } from './source.ts';

/** What a person may decide about how a source is read. */
export interface SourceOptions {
  /** A name that TextDecoder knows, or `auto`. */
  readonly encoding?: string;
  /** The format of a text file, if it is not to be detected from its first lines. */
  readonly format?: FormatName | 'auto';
  /** Whether to continue when a file grows, is truncated, or is replaced. */
  readonly follow?: boolean;
  /** Files or folders with symbols, which say what the messages of a trace mean. */
  readonly symbols?: readonly string[];
}

/** Those that were chosen, of the two that a person may choose of a file that is open. */
export function chosenOptions(encoding?: string, symbols?: readonly string[]): SourceOptions {
  return { ...(encoding === undefined ? {} : { encoding }), ...(symbols === undefined ? {} : { symbols }) };
}

export type SourceOptionName = keyof SourceOptions;

/** How an option is written and checked. */
export interface SourceOption {
  /** Its name on a command line, without dashes. */
  readonly flag: string;
  /** The placeholder for its value in usage texts; null for a switch. */
  readonly value: string | null;
  /** May be given more than once. */
  readonly many: boolean;
  readonly describes: string;
  /** Whether the value is one that this program can use. */
  readonly accepts: (value: string) => boolean;
  /** What to use instead of a value that is not accepted. */
  readonly advice: string;
}

/** Every option of any kind of source. */
export const SOURCE_OPTIONS: Readonly<Record<SourceOptionName, SourceOption>> = {
  encoding: {
    flag: 'encoding',
    value: 'NAME',
    many: false,
    describes: 'encoding of a text file, or code page of the machine that wrote a trace (default: auto)',
    accepts: (value) => value === 'auto' || isKnownEncoding(value),
    advice: 'Use auto, utf-8, utf-16le, windows-1252, gbk, shift_jis ...',
  },
  format: {
    flag: 'read-as',
    value: 'FORMAT',
    many: false,
    describes: `format of a text file: ${FORMAT_NAMES.join(', ')} (default: auto)`,
    accepts: (value) => value === 'auto' || FORMAT_NAMES.some((name) => name === value),
    advice: `Use auto, ${FORMAT_NAMES.join(', ')}`,
  },
  follow: {
    flag: 'follow',
    value: null,
    many: false,
    describes: 'go on when a text file grows, is cut or is replaced',
    accepts: () => true,
    advice: '',
  },
  symbols: {
    flag: 'symbols',
    value: 'PATH',
    many: true,
    describes:
      'what explains events: a .tmf, .pdb or .man file, a driver, a folder or symbol store of them; else _NT_SYMBOL_PATH; may be given again',
    accepts: (value) => value !== '',
    advice: 'Name a .tmf, .pdb or .man file, a driver, or a folder of them',
  },
};

export const SOURCE_OPTION_NAMES = Object.keys(SOURCE_OPTIONS) as readonly SourceOptionName[];

/** The options of opening a source: those that a person decides, and those that the program sets. */
export type OpenOptions = RingSourceOptions &
  SourceOptions &
  Pick<SymbolWishes, 'symbolsBesides'> &
  Pick<ZipOptions, 'scratch'>;

export interface SourceKind {
  /** The part of a source name before the colon; the whole name where there is no colon, as for `-`. */
  readonly kind: string;
  /** How such a name is written, for usage texts: `sim:NAME`. */
  readonly form: string;
  readonly describes: string;
  /** Whether `rest` is possible behind the colon. */
  readonly accepts: (rest: string) => boolean;
  /** The options it takes. */
  readonly options: readonly SourceOptionName[];
  /** How the name is shown to a person, given what stands behind the colon. */
  readonly title: (rest: string) => string;
  /** Which sources of this kind can be captured now. Pure. */
  readonly offers: (machine: MachineSituation) => readonly SourceOffer[];
  /**
   * Resolves once opening the source can tell what it is. Only kinds that may have to wait for input have this, and
   * callers may open without waiting.
   */
  readonly spoken?: () => Promise<void>;
  /** `options.displayName` is set. Failures: bad-argument, and whatever opening that kind can say. */
  readonly open: (rest: string, options: OpenOptions & { readonly displayName: string }) => Result<LogSource>;
}

/** Picks those options that the kind takes, when a person gave options for several sources at once. */
export function optionsOfKind(kind: SourceKind, options: SourceOptions): SourceOptions {
  const given = Object.entries(options) as [SourceOptionName, unknown][];
  return Object.fromEntries(given.filter(([name]) => kind.options.includes(name))) as SourceOptions;
}

/** Refuses an option that the kind does not take, and a value that no source can use. Failure: bad-argument. */
export function checkOptions(spec: string, kind: SourceKind, options: SourceOptions): Result<null> {
  for (const name of SOURCE_OPTION_NAMES) {
    const value = options[name];
    if (value === undefined || value === false) continue;
    const { flag, accepts, advice } = SOURCE_OPTIONS[name];
    if (!kind.options.includes(name)) {
      const known = kind.options.map((each) => SOURCE_OPTIONS[each].flag).join(', ');
      const action = known === '' ? 'Leave it out' : `Use what it takes: ${known}`;
      return fail('bad-argument', `${spec} has no option ${flag}`, action);
    }
    const values = typeof value === 'object' ? value : [String(value)];
    const wrong = values.find((each) => !accepts(each));
    if (wrong !== undefined) return fail('bad-argument', `'${wrong}' is no ${flag} that this program knows`, advice);
  }
  return { ok: true, value: null };
}
