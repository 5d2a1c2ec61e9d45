/** Opens a source of live tracing: which session it is, what is written into it, and the thread that reads it. */

import { Worker } from 'node:worker_threads';
import { unixMsToFiletime } from '../../core/filetime.ts';
import { guidOf } from '../../core/guid.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { getPlatform } from '../../platform.ts';
import { closeTrace, type TraceFacts } from '../../win32/tracing/consumer.ts';
import { providersByName, registrationsOf } from '../../win32/tracing/providers.ts';
import {
  allSessions,
  CLOCK_QPC,
  enableProvider,
  flushSession,
  querySession,
  type SessionFacts,
  type StartedSession,
  stopSession,
} from '../../win32/tracing/sessions.ts';
import { LOG_MODE } from '../../win32/tracing/structures.ts';
import { codePage, type TraceOptions } from '../etl/etl-source.ts';
import type { TraceControl } from '../etl/pdb/pdb-messages.ts';
import { readSymbols, type Symbols } from '../etl/symbols.ts';
import type { LogSource } from '../source.ts';
import { awaitChange, LinkState, linkState, said, troubleOf } from '../thread-link.ts';
import { createLink, type EtwLink } from './etw-link.ts';
import { type EtwName, type EventChoice, parseEtwName } from './etw-name.ts';
import { EtwSource, type SessionControl } from './etw-source.ts';
import { startOwnSession, stopLeftBehind } from './own-sessions.ts';

/** Holds a second of some 100,000 events. */
const RING_BYTES = 33_554_432;
const START_MS = 10_000;
const FILETIME_FREQUENCY = 10_000_000n;
const NT_KERNEL_LOGGER = 'NT Kernel Logger';
/** Names that are offered instead of one that Windows does not know. */
const MOST_OFFERED = 5;

/** The worker's file, beside this module both in the sources and in a bundle. */
const WORKER = import.meta.url.endsWith('.ts') ? './etw-worker.ts' : './etw-worker.js';

/** A provider to enable. */
interface Wanted {
  readonly guid: string;
  readonly keywords: bigint;
  readonly level: number;
}

/** The session that is read. */
interface Joined {
  readonly name: string;
  /** Null for one that this source did not start. */
  readonly started: StartedSession | null;
  readonly raw: boolean;
}

/**
 * Opens what is named behind `etw:` (etw-name.ts). Failures: bad-argument, source-unsupported off Windows,
 * source-not-found (no such provider or session), permission-denied, source-busy (Windows has no session free), bad-magic
 * (a damaged PDB), io-error.
 */
export function openEtwSource(
  rest: string,
  options: TraceOptions & { readonly displayName: string },
): Result<LogSource> {
  const name = parseEtwName(rest);
  if (!name.ok) return name;
  if (process.platform !== 'win32') {
    const action = 'Capture it on Windows; traces in .etl files open here';
    return fail('source-unsupported', 'Tracing that is running can be read on Windows only', action);
  }
  const encoding = codePage(options);
  if (encoding === null) {
    return fail('bad-argument', `'${options.encoding}' is no encoding`, 'Use auto, windows-1252, gbk, shift_jis ...');
  }
  const symbols = readSymbols(options);
  if (!symbols.ok) return symbols;
  const wanted = providersOf(name.value, symbols.value.controls);
  if (!wanted.ok) return wanted;
  const joined = name.value.of === 'session' ? join(name.value.session) : begin(name.value);
  if (!joined.ok) return joined;
  const opened = read(joined.value, options.displayName, symbols.value, encoding);
  if (!opened.ok) {
    if (joined.value.started !== null) stopSession(joined.value.name);
    return opened;
  }
  const source = opened.value;
  for (const each of wanted.value) {
    const enabled = enableProvider(joined.value.started as StartedSession, each.guid, each.keywords, each.level);
    if (!enabled.ok) {
      source.close(() => {});
      return enabled;
    }
    const registrations = registrationsOf(each.guid);
    if (registrations.ok && registrations.value.length === 0) {
      source.note(`no driver or program has registered {${each.guid}} yet: its events come once one does`);
    }
  }
  return ok(source);
}

/** The providers that a name asks for; none for the system logger and for a session of others. */
function providersOf(name: EtwName, controls: readonly TraceControl[]): Result<Wanted[]> {
  if (name.of === 'pdb') return providersOfPdbs(name.choice, controls);
  if (name.of !== 'providers') return ok([]);
  const found: Wanted[] = [];
  let known: Map<string, string> | null = null;
  for (const { provider, keywords, level } of name.providers) {
    let guid = guidOf(provider);
    if (guid === null) {
      if (known === null) {
        const listed = providersByName();
        if (!listed.ok) return listed;
        known = listed.value;
      }
      guid = known.get(provider.toLowerCase()) ?? null;
      if (guid === null) return unknownProvider(provider, known);
    }
    found.push({ guid, keywords, level });
  }
  return ok(found);
}

function unknownProvider(provider: string, known: ReadonlyMap<string, string>): Result<never> {
  const part = provider.toLowerCase();
  const like = [...known.keys()].filter((name) => name.includes(part)).slice(0, MOST_OFFERED);
  const action =
    like.length > 0
      ? `Windows knows ${like.join(', ')}`
      : 'Name it by its GUID, or give the PDB of its driver: ringview tail driver.pdb';
  return fail('source-not-found', `Windows knows no provider '${provider}'`, action);
}

/** Exported for its test. */
export function providersOfPdbs(choice: EventChoice, controls: readonly TraceControl[]): Result<Wanted[]> {
  if (controls.length === 0) {
    const action = 'Give the private PDB of the driver as --symbols, or name a provider: etw:PROVIDER';
    return fail('bad-argument', 'None of the symbols says by which GUID its messages are switched on', action);
  }
  const found: Wanted[] = [];
  for (const { guid, flags } of controls) {
    const named = choice.flagNames.map((name) => flags.findIndex((flag) => flag.toLowerCase() === name.toLowerCase()));
    const bits = named.filter((bit) => bit >= 0).reduce((all, bit) => all | (1n << BigInt(bit)), choice.keywords);
    // Flags are of one of the PDBs: the others are left alone.
    if (bits !== 0n) found.push({ guid, keywords: bits, level: choice.level });
  }
  if (found.length > 0) return ok(found);
  const known = [...new Set(controls.flatMap(({ flags }) => flags))].join(', ');
  return fail('bad-argument', `No PDB has the flags ${choice.flagNames.join(', ')}`, `Use ${known}`);
}

/** Joins a session that runs. */
function join(session: string): Result<Joined> {
  const asked = querySession(session);
  if (!asked.ok) return asked;
  const { mode, logFile, clock } = asked.value;
  if ((mode & LOG_MODE.REAL_TIME) === 0) {
    const where = logFile === '' ? 'only into memory' : `only into ${logFile}`;
    const action = logFile === '' ? 'Choose another session' : 'Stop it where it was started, then open that file';
    return fail('bad-argument', `The logging session '${session}' writes ${where}, not for readers`, action);
  }
  return ok({ name: session, started: null, raw: clock === CLOCK_QPC });
}

/** Starts a session of our own. */
function begin(name: EtwName): Result<Joined> {
  // A failure to clean up is no reason not to capture: it is told where there is no room for one session more.
  stopLeftBehind();
  const kernelFlags = name.of === 'kernel' ? name.flags : null;
  const started = startOwnSession(kernelFlags);
  if (started.ok) return ok({ name: started.value.name, started: started.value, raw: true });
  if (kernelFlags === null || started.failure.code !== 'source-busy') return started;
  const { failure } = started;
  const holders = kernelLoggers();
  const who = holders.length === 0 ? failure.message : `${failure.message}; system loggers: ${holders.join(', ')}`;
  return { ok: false, failure: { ...failure, message: who } };
}

/** Who has the system loggers, of which Windows has eight beside the NT Kernel Logger; none of them is taken away. */
function kernelLoggers(): string[] {
  const sessions = allSessions();
  if (!sessions.ok) return [];
  const isKernel = ({ name, mode }: SessionFacts): boolean =>
    name === NT_KERNEL_LOGGER || (mode & LOG_MODE.SYSTEM_LOGGER) !== 0;
  return sessions.value
    .filter(isKernel)
    .map(({ name, logFile }) => (logFile === '' ? `'${name}'` : `'${name}' (into ${logFile})`));
}

/** Starts the thread that reads the session, and makes the source of what it hands over. */
function read(joined: Joined, displayName: string, symbols: Symbols, encoding: string): Result<EtwSource> {
  const platform = getPlatform();
  if (!platform.ok) return platform;
  const { clock } = platform.value;
  const link = createLink(joined.name, joined.raw, RING_BYTES);
  const ticks = clock.ticks();
  const startUnixMs = Date.now();
  const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: link });
  worker.unref();
  if (!awaitChange(link, LinkState.Starting, START_MS)) {
    void worker.terminate();
    return fail('internal', 'The thread that reads the logging session did not start', 'Start the capture again');
  }
  if (linkState(link) === LinkState.Failed) {
    return { ok: false, failure: troubleOf(link, 'The logging session cannot be read') };
  }
  const facts = said(link) as TraceFacts;
  const startTime = unixMsToFiletime(startUnixMs);
  const frequency = facts.frequency > 0 ? facts.frequency : clock.frequency;
  const source = new EtwSource({
    info: {
      name: displayName,
      producer: `Windows tracing, session ${joined.name}`,
      cpuCount: Math.max(1, Math.min(2048, facts.cpuCount)),
      identity: `${joined.name} ${ticks}`,
      startUnixMs,
      ...(joined.raw && frequency === clock.frequency ? { clock: { frequency, startTicks: ticks.toString() } } : {}),
    },
    loggingSession: joined.name,
    link,
    control: new RunningSession(joined, link, facts.handle),
    clock: joined.raw
      ? { startTicks: ticks, startTime, frequency: BigInt(frequency) }
      : { startTicks: startTime, startTime, frequency: FILETIME_FREQUENCY },
    pointerBytes: facts.pointerBytes,
    symbols,
    encoding,
    nowMs: () => performance.now(),
  });
  worker.on('error', (error) => source.broke(error.message));
  worker.on('exit', () => source.broke('it ended'));
  return ok(source);
}

/** What the source does to its session by calls of Windows. */
class RunningSession implements SessionControl {
  readonly own: boolean;
  private readonly name: string;
  private readonly link: EtwLink;
  private readonly handle: string;
  private stopped = false;
  /** A process that ends waits for its threads: the one that waits for events has to be let go before. */
  private readonly atExit = (): void => {
    this.stop();
    awaitChange(this.link, LinkState.Open, START_MS);
  };

  constructor({ name, started }: Joined, link: EtwLink, handle: string) {
    this.name = name;
    this.own = started !== null;
    this.link = link;
    this.handle = handle;
    process.once('exit', this.atExit);
  }

  counts(): SessionFacts | null {
    const asked = querySession(this.name);
    return asked.ok ? asked.value : null;
  }

  flush(): void {
    flushSession(this.name);
  }

  stop(): SessionFacts | null {
    if (this.stopped) return null;
    this.stopped = true;
    process.off('exit', this.atExit);
    const stopped = this.own ? stopSession(this.name) : querySession(this.name);
    if (linkState(this.link) === LinkState.Open && (!this.own || !stopped.ok)) closeTrace(this.handle);
    return stopped.ok ? stopped.value : null;
  }
}
