/** Parses a command line into a request: strictly, with a failure for every mistake, and without doing anything yet. */
import { type BootChange, START_CHOICES, type StartChoice } from '../../native/core/boot.ts';
import type { RingConfiguration } from '../../native/core/ioctl.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { SimulatorOptions } from '../../native/sim/index.ts';
import type { SourceOptions } from '../../native/sources/source-kind.ts';
import { formatOfPath, LINE_FORMAT_NAMES, type LineFormat } from '../contract/export-formats.ts';
import type { LogFiles } from '../files/log-files.ts';
import {
  BadOption,
  FILTER_OPTIONS,
  type FilterValues,
  filterOf,
  oneOf,
  parse,
  parseAll,
  positive,
  rateOf,
  required,
  seconds,
  TOPICS,
  type Topic,
  wholeNumber,
  withoutUndefined,
} from './arg-values.ts';
import { bootChange } from './boot-args.ts';
import { LOG_OPTIONS, logFilesOf, type WatchArguments, watchOf } from './capture-args.ts';
import { type CiRequest, ciArguments } from './ci-args.ts';
import { SHELLS, type Shell } from './completion.ts';
import { type ConvertRequest, convertArguments } from './convert-args.ts';
import { captureFilterOf, capturesOf, maskOf, stacksOf } from './driver-args.ts';
import { type LogRequest, logArguments } from './log-args.ts';
import { type ObserverRequest, observerRequest } from './observe-args.ts';
import { type OpenRequest, openArguments } from './open-args.ts';
import { CAPTURE, DOCTOR, DRIVER, DRIVER_VERBS, HELP_ONLY, SIMULATE, TAIL } from './options.ts';
import {
  type DiffRequest,
  diffArguments,
  type QueryRequest,
  queryArguments,
  type StatsRequest,
  statsArguments,
} from './query-args.ts';
import { recoverArguments } from './recover-args.ts';
import { type SchemaRequest, schemaArguments } from './schema-args.ts';
import { parseSessions, type SessionsRequest } from './sessions-args.ts';
import { namedSources, optionsOf } from './source-args.ts';
import { type TracesRequest, tracesArguments } from './traces-args.ts';

export type { Topic } from './arg-values.ts';
export type { ConvertRequest, DiffRequest, QueryRequest, StatsRequest };

export interface SimulateRequest {
  /** Without the replay, because the command itself reads its file. */
  readonly options: Omit<SimulatorOptions, 'replay'>;
  readonly replayPath: string | null;
}

export interface CaptureRequest {
  /** Source names: at least one, no two the same. */
  readonly sources: readonly string[];
  /** Seconds; null until the source ends. */
  readonly durationSeconds: number | null;
  /** Entries; null is no limit. */
  readonly maxEntries: number | null;
  /** A path, or `-` for standard output. */
  readonly out: string;
  /** How the log goes on from file to file. */
  readonly logFiles: LogFiles;
  readonly format: LineFormat;
  readonly summaryPath: string | null;
  /** How long to wait for the source to appear, seconds; 0 does not wait. */
  readonly waitSeconds: number;
  /** How the sources are read; each uses the options that its kind has. */
  readonly options: SourceOptions;
  readonly watch: WatchArguments;
  /** As it is typed into the filter box of the app; without it all rows are written. */
  readonly filter?: string;
}

/** A capture into a session on disk instead of a file. */
export interface RecordRequest
  extends Pick<
    CaptureRequest,
    'sources' | 'options' | 'durationSeconds' | 'maxEntries' | 'summaryPath' | 'waitSeconds' | 'watch'
  > {
  /** The name of the session. */
  readonly session: string;
  /** Folder of the sessions; null for the usual one. */
  readonly library: string | null;
}

export interface TailRequest {
  /** Source names, no two the same; empty for the simulated driver that the command brings along. */
  readonly sources: readonly string[];
  /** Seconds; null until the source ends. */
  readonly durationSeconds: number | null;
  /** How long to wait for the source to appear, seconds; 0 does not wait. */
  readonly waitSeconds: number;
  /** How the sources are read; each uses the options that its kind has. */
  readonly options: SourceOptions;
  /** As it is typed into the filter box of the app; without it all rows are shown. */
  readonly filter?: string;
}

export interface DoctorRequest {
  readonly json: boolean;
  /** `COMPONENT=MASK` of the debug print filter to set; null to examine only. */
  readonly setMask: string | null;
}

export type DriverRequest =
  | { readonly verb: 'install'; readonly path: string; readonly start: StartChoice }
  | { readonly verb: 'start' | 'stop' | 'remove' | 'status' }
  | { readonly verb: 'configure'; readonly configuration: RingConfiguration }
  | { readonly verb: 'boot'; readonly change: BootChange | null }
  | ({ readonly verb: 'mask' } & ReturnType<typeof maskOf>)
  | ({ readonly verb: 'stacks' } & ReturnType<typeof stacksOf>)
  | { readonly verb: 'capture'; readonly captures: ReturnType<typeof capturesOf> }
  | ({ readonly verb: 'filter' } & ReturnType<typeof captureFilterOf>);

export type Command =
  | { readonly do: 'help'; readonly topic: Topic }
  | { readonly do: 'version' }
  | { readonly do: 'simulate'; readonly request: SimulateRequest }
  | { readonly do: 'capture'; readonly request: CaptureRequest }
  | { readonly do: 'record'; readonly request: RecordRequest }
  | { readonly do: 'sessions'; readonly request: SessionsRequest }
  | { readonly do: 'tail'; readonly request: TailRequest }
  | { readonly do: 'open'; readonly request: OpenRequest }
  | { readonly do: 'ci'; readonly request: CiRequest }
  | { readonly do: 'convert'; readonly request: ConvertRequest }
  | { readonly do: 'recover'; readonly request: ConvertRequest }
  | { readonly do: 'query'; readonly request: QueryRequest }
  | { readonly do: 'stats'; readonly request: StatsRequest }
  | { readonly do: 'diff'; readonly request: DiffRequest }
  | { readonly do: 'doctor'; readonly request: DoctorRequest }
  | { readonly do: 'driver'; readonly request: DriverRequest }
  | { readonly do: 'observer'; readonly request: ObserverRequest }
  | { readonly do: 'traces'; readonly request: TracesRequest }
  | { readonly do: 'log'; readonly request: LogRequest }
  | { readonly do: 'schema'; readonly request: SchemaRequest }
  | { readonly do: 'completion'; readonly shell: Shell };

/** The file that `driver install` installs by default. */
const DRIVER_FILE = 'ringview.sys';
const DRIVER_RING_BYTES = 4194304;

/** The command in the arguments after the program's name. Failure: bad-argument. */
export function parseCommand(argv: readonly string[]): Result<Command> {
  const [name, ...rest] = argv;
  try {
    switch (name) {
      case undefined:
      case '--help':
      case '-h':
      case 'help':
        return ok({ do: 'help', topic: TOPICS.find((topic) => topic === rest[0]) ?? 'ringview' });
      case '--version':
      case '-v':
        return ok({ do: 'version' });
      case 'simulate':
        return ok(simulateCommand(rest));
      case 'capture':
        return ok(captureCommand(rest));
      case 'sessions': {
        const parsed = parseSessions(rest);
        if (!parsed.ok) return parsed;
        return ok(
          parsed.value === null ? { do: 'help', topic: 'sessions' } : { do: 'sessions', request: parsed.value },
        );
      }
      case 'tail':
        return ok(tailCommand(rest));
      case 'open': {
        const request = openArguments(rest);
        return ok(request === null ? { do: 'help', topic: 'open' } : { do: 'open', request });
      }
      case 'ci': {
        const request = ciArguments(rest);
        return ok(request === null ? { do: 'help', topic: 'ci' } : { do: 'ci', request });
      }
      case 'convert':
        return ok(fileCommand('convert', convertArguments(rest)));
      case 'recover':
        return ok(fileCommand('recover', recoverArguments(rest)));
      case 'query':
        return ok(fileCommand('query', queryArguments(rest)));
      case 'stats':
        return ok(fileCommand('stats', statsArguments(rest)));
      case 'diff':
        return ok(fileCommand('diff', diffArguments(rest)));
      case 'doctor':
        return ok(doctorCommand(rest));
      case 'driver':
        return ok(driverCommand(rest));
      case 'traces':
        return ok(fileCommand('traces', tracesArguments(rest)));
      case 'log': {
        const request = logArguments(rest);
        return ok(request === null ? { do: 'help', topic: 'log' } : { do: 'log', request });
      }
      case 'schema': {
        const request = schemaArguments(rest);
        return ok(request === null ? { do: 'help', topic: 'schema' } : { do: 'schema', request });
      }
      case 'completion':
        return ok(completionCommand(rest));
      default:
        throw new BadOption(`there is no command '${name}'`, 'ringview');
    }
  } catch (error) {
    if (!(error instanceof BadOption)) throw error;
    const help = error.topic === 'ringview' ? 'ringview --help' : `ringview ${error.topic} --help`;
    return fail('bad-argument', error.message, `See '${help}'`);
  }
}

function simulateCommand(args: string[]): Command {
  const values = parse(args, SIMULATE, 'simulate');
  if (values.help) return { do: 'help', topic: 'simulate' };
  const topic = 'simulate';
  const count = (
    name: 'cpus' | 'count' | 'ring-bytes' | 'binary' | 'records' | 'faults' | 'text-bytes',
    least: number,
  ) => (values[name] === undefined ? undefined : wholeNumber(values[name], `--${name}`, least, topic));
  const rate = values.rate === undefined ? undefined : rateOf(values.rate, topic);
  const linger = values.linger === undefined ? undefined : seconds(values.linger, '--linger', topic);
  const options = {
    name: required(values.name, '--name', topic),
    cpus: count('cpus', 1),
    rate,
    count: count('count', 1),
    ringBytes: count('ring-bytes', 1),
    mode: oneOf(values.mode, ['drop', 'overwrite'], '--mode', topic),
    order: oneOf(values.order, ['index', 'clock'], '--order', topic),
    seed: values.seed === undefined ? undefined : wholeNumber(values.seed, '--seed', 0, topic),
    checksum: values.checksum,
    numbered: values.numbered,
    binary: count('binary', 0),
    records: count('records', 0),
    faults: count('faults', 0),
    textBytes: count('text-bytes', 0),
    waitReader: values['wait-reader'],
    lingerMs: linger === undefined ? undefined : Math.round(linger * 1000),
  };
  return { do: 'simulate', request: { options: withoutUndefined(options), replayPath: values.replay ?? null } };
}

function captureCommand(args: string[]): Command {
  const values = parse(args, CAPTURE, 'capture');
  if (values.help) return { do: 'help', topic: 'capture' };
  const topic = 'capture';
  const until = {
    ...namedSources(values.source ?? [], values, topic),
    durationSeconds: values.duration === undefined ? null : positive(values.duration, '--duration', topic, ''),
    maxEntries: values.max === undefined ? null : wholeNumber(values.max, '--max', 1, topic),
    summaryPath: values.summary ?? null,
    waitSeconds: values.wait === undefined ? 0 : seconds(values.wait, '--wait', topic),
    watch: watchOf(values, topic),
  };
  if (values.session !== undefined) return recordCommand(values.session, values, until);
  if (values.library !== undefined) throw new BadOption('--library is for --session', topic);
  const out = values.out ?? '-';
  if (out === '') throw new BadOption("--out: a path, or '-' for standard output, was expected", topic);
  const format = oneOf(values.format, LINE_FORMAT_NAMES, '--format', topic) ?? lineFormatOf(out, topic);
  const written = { out, logFiles: logFilesOf(values, out, topic), format };
  return { do: 'capture', request: { ...until, ...filterPart(values, topic), ...written } };
}

function recordCommand(
  session: string,
  values: Readonly<Record<string, unknown>> & FilterValues & { readonly library?: string },
  until: Omit<RecordRequest, 'session' | 'library'>,
): Command {
  const topic = 'capture';
  const foreign = ['out', 'format', ...Object.keys(LOG_OPTIONS)].find((name) => values[name] !== undefined);
  if (foreign !== undefined) {
    throw new BadOption(`--session records rows as they are: --${foreign} is for a file instead`, topic);
  }
  const filtering = Object.keys(FILTER_OPTIONS).find((name) => values[name] !== undefined);
  if (filtering !== undefined) throw new BadOption(`--session records all rows: --${filtering} is for a file`, topic);
  const library = values.library ?? null;
  return { do: 'record', request: { ...until, session: required(session, '--session', topic), library } };
}

function tailCommand(args: string[]): Command {
  const topic = 'tail';
  // Everything that is neither an option nor the value of one is a source.
  const { values, positionals } = parseAll(args, TAIL, topic, true);
  if (values.help) return { do: 'help', topic };
  if (values.demo && positionals.length > 0) {
    throw new BadOption(`--demo brings its own source: '${positionals[0]}' cannot be shown beside it`, topic);
  }
  const named = values.demo
    ? { sources: [], options: optionsOf(values, [], topic) }
    : namedSources(positionals, values, topic, 'SOURCE');
  return {
    do: 'tail',
    request: {
      ...named,
      ...filterPart(values, topic),
      durationSeconds: values.duration === undefined ? null : positive(values.duration, '--duration', topic, ''),
      waitSeconds: values.wait === undefined ? 0 : seconds(values.wait, '--wait', topic),
    },
  };
}

/** A command whose arguments are parsed in a file of their own; null means that its help is asked for. */
function fileCommand<D extends 'convert' | 'recover' | 'query' | 'stats' | 'diff' | 'traces'>(
  topic: D,
  request: Extract<Command, { do: D }>['request'] | null,
): Command {
  return request === null ? { do: 'help', topic } : ({ do: topic, request } as Command);
}

function doctorCommand(args: string[]): Command {
  const values = parse(args, DOCTOR, 'doctor');
  if (values.help) return { do: 'help', topic: 'doctor' };
  return { do: 'doctor', request: { json: values.json ?? false, setMask: values['set-mask'] ?? null } };
}

function completionCommand(args: string[]): Command {
  const topic = 'completion';
  const { values, positionals } = parseAll(args, HELP_ONLY, topic, true);
  if (values.help) return { do: 'help', topic };
  const [name, more] = positionals;
  const shell = oneOf(required(name, `one of ${SHELLS.join(', ')}`, topic), SHELLS, topic, topic);
  if (more !== undefined) throw new BadOption(`completion: '${more}' is one too many`, topic);
  return shell === undefined ? { do: 'help', topic } : { do: 'completion', shell };
}

function driverCommand(args: string[]): Command {
  const topic = 'driver';
  if (args[0] === '--help' || args[0] === '-h') return { do: 'help', topic };
  const verb = oneOf(required(args[0], `one of ${DRIVER_VERBS.join(', ')}`, topic), DRIVER_VERBS, 'driver', topic);
  const named = verb === 'mask' || verb === 'stacks' || verb === 'capture' || verb === 'filter';
  const name = named && args[1]?.startsWith('-') === false ? args[1] : undefined;
  const values = parse(args.slice(name === undefined ? 1 : 2), DRIVER, topic);
  if (values.help || verb === undefined) return { do: 'help', topic };
  if (verb === 'observe' || values.name !== undefined)
    return { do: 'observer', request: observerRequest(verb, values) };
  const own: Partial<Record<typeof verb, readonly string[]>> = {
    install: ['path', 'start'],
    boot: ['start', 'ring-bytes', 'mode', 'order', 'captures', 'standard'],
    configure: ['ring-bytes', 'mode', 'order'],
    mask: ['off'],
    stacks: ['on'],
    filter: ['pid', 'in-path', 'except'],
  };
  const foreign = Object.keys(values).find((name) => !own[verb]?.includes(name));
  if (foreign !== undefined) throw new BadOption(`driver ${verb} has no option --${foreign}`, topic);
  const start = oneOf(values.start, START_CHOICES, '--start', topic);
  if (verb === 'install')
    return { do: 'driver', request: { verb, path: values.path ?? DRIVER_FILE, start: start ?? 'demand' } };
  if (verb === 'boot') return { do: 'driver', request: { verb, change: bootChange(values) } };
  if (verb === 'mask')
    return { do: 'driver', request: { verb, ...maskOf(required(name, 'the NAME', topic), values.off) } };
  if (verb === 'stacks')
    return { do: 'driver', request: { verb, ...stacksOf(required(name, 'the NAME', topic), values.on) } };
  if (verb === 'capture')
    return { do: 'driver', request: { verb, captures: capturesOf(required(name, 'the LIST', topic)) } };
  if (verb === 'filter')
    return { do: 'driver', request: { verb, ...captureFilterOf(required(name, 'the LIST', topic), values) } };
  if (verb !== 'configure') return { do: 'driver', request: { verb } };
  const bytes = values['ring-bytes'];
  const configuration: RingConfiguration = {
    ringBytes: bytes === undefined ? DRIVER_RING_BYTES : wholeNumber(bytes, '--ring-bytes', 1, topic),
    ringMode: oneOf(values.mode, ['drop', 'overwrite'], '--mode', topic) ?? 'drop',
    orderMode: oneOf(values.order, ['index', 'clock'], '--order', topic) ?? 'index',
  };
  return { do: 'driver', request: { verb, configuration } };
}

function filterPart(given: FilterValues, topic: Topic): { readonly filter?: string } {
  const filter = filterOf(given, topic);
  return filter === null ? {} : { filter };
}

/** What the ending of a path says; text if it says nothing. */
function lineFormatOf(path: string, topic: Topic): LineFormat {
  const named = formatOfPath(path) ?? 'text';
  const lines = LINE_FORMAT_NAMES.find((name) => name === named);
  if (lines !== undefined) return lines;
  throw new BadOption(
    `${path}: a capture is written in lines (${LINE_FORMAT_NAMES.join(', ')}), not as ${named}`,
    topic,
  );
}
