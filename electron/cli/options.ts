/** The options of every command, as `parseArgs` takes them: those of commands with a file of their own are there. */
import type { ParseArgsConfig } from 'node:util';
import { FILTER_OPTIONS, type Topic } from './arg-values.ts';
import { LOG_OPTIONS, WATCH_OPTIONS } from './capture-args.ts';
import { CI } from './ci-args.ts';
import { CONVERT } from './convert-args.ts';
import { LOG } from './log-args.ts';
import { OPEN } from './open-args.ts';
import { QUERY, STATS } from './query-args.ts';
import { RECOVER } from './recover-args.ts';
import { SCHEMA } from './schema-args.ts';
import { SCHEMA_OPTION } from './schema-option.ts';
import { SESSIONS } from './sessions-args.ts';
import { SOURCE_FLAGS } from './source-flags.ts';
import { TRACES } from './traces-args.ts';

export type Options = NonNullable<ParseArgsConfig['options']>;

export const SIMULATE = {
  help: { type: 'boolean', short: 'h' },
  name: { type: 'string' },
  cpus: { type: 'string' },
  rate: { type: 'string' },
  count: { type: 'string' },
  'ring-bytes': { type: 'string' },
  mode: { type: 'string' },
  order: { type: 'string' },
  replay: { type: 'string' },
  'text-bytes': { type: 'string' },
  seed: { type: 'string' },
  checksum: { type: 'boolean' },
  numbered: { type: 'boolean' },
  binary: { type: 'string' },
  records: { type: 'string' },
  faults: { type: 'string' },
  'wait-reader': { type: 'boolean' },
  linger: { type: 'string' },
} as const satisfies Options;

export const CAPTURE = {
  help: { type: 'boolean', short: 'h' },
  source: { type: 'string', multiple: true },
  duration: { type: 'string' },
  max: { type: 'string' },
  out: { type: 'string' },
  format: { type: 'string' },
  summary: { type: 'string' },
  ...FILTER_OPTIONS,
  ...SCHEMA_OPTION,
  wait: { type: 'string' },
  ...SOURCE_FLAGS,
  session: { type: 'string' },
  library: { type: 'string' },
  ...LOG_OPTIONS,
  ...WATCH_OPTIONS,
} as const satisfies Options;

export const TAIL = {
  help: { type: 'boolean', short: 'h' },
  demo: { type: 'boolean' },
  ...FILTER_OPTIONS,
  ...SCHEMA_OPTION,
  duration: { type: 'string' },
  wait: { type: 'string' },
  ...SOURCE_FLAGS,
} as const satisfies Options;

export const DOCTOR = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  'set-mask': { type: 'string' },
} as const satisfies Options;

export const DRIVER = {
  help: { type: 'boolean', short: 'h' },
  path: { type: 'string' },
  'ring-bytes': { type: 'string' },
  mode: { type: 'string' },
  order: { type: 'string' },
  off: { type: 'string' },
  start: { type: 'string' },
  captures: { type: 'string' },
  standard: { type: 'boolean' },
  name: { type: 'string' },
  on: { type: 'string' },
  pid: { type: 'string' },
  'in-path': { type: 'string', multiple: true },
  except: { type: 'boolean' },
  'leave-out': { type: 'string' },
} as const satisfies Options;

export const DRIVER_VERBS = [
  'install',
  'start',
  'stop',
  'remove',
  'status',
  'configure',
  'boot',
  'mask',
  'stacks',
  'observe',
  'capture',
  'filter',
] as const;

export const HELP_ONLY = { help: { type: 'boolean', short: 'h' } } as const satisfies Options;

export const OPTIONS_OF: Readonly<Record<Exclude<Topic, 'ringview'>, Options>> = {
  simulate: SIMULATE,
  capture: CAPTURE,
  sessions: SESSIONS,
  tail: TAIL,
  open: OPEN,
  ci: CI,
  convert: CONVERT,
  recover: RECOVER,
  query: QUERY,
  stats: STATS,
  diff: STATS,
  doctor: DOCTOR,
  driver: DRIVER,
  traces: TRACES,
  log: LOG,
  schema: SCHEMA,
  completion: HELP_ONLY,
};
