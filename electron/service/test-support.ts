/** The program behind a page in plain Node, for tests: real session, handlers and exports; dialogs and the rest injected. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as rest } from 'node:timers/promises';
import { fail, ok } from '../../native/core/result.ts';
import { openSource } from '../../native/sources/open.ts';
import type { Handlers, RequestChannel } from '../contract/channels.ts';
import { ArrowArchive } from '../files/arrow-archive.ts';
import { CaptureEngine } from '../session/ingest/capture.ts';
import type { Scanner } from '../session/search/scanner.ts';
import { batchOf, entry, FakeSource } from '../session/test-support.ts';
import { Finder } from '../session/view/finder.ts';
import { Calls } from './calls.ts';
import { CaptureLoop } from './capture-loop.ts';
import { Exports } from './exports.ts';
import { createHandlers } from './handlers.ts';
import { Machine } from './machine.ts';

const MIB = 1024 ** 2;
export const LARGEST_CAP = 256 * MIB;

/** What a handler was called with. */
export interface Seen {
  readonly channel: RequestChannel;
  readonly request: unknown;
}

export interface ProgramOptions {
  readonly scanner: Scanner & { close?(): void };
  /** Answers the question where to export to; the folder is the program's own. */
  readonly choose?: (folder: string, question: number) => string | null | Promise<string | null>;
}

/** Starts it with a source of 2,000 rows, which is `sim:demo`; every other name is looked for on this machine. */
export function startProgram(options: ProgramOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-program-'));
  const now = (): number => performance.now();
  let source = new FakeSource({ name: 'sim:demo' });
  let rows = 0;
  const feed = (count: number): void => {
    const fresh = Array.from({ length: count }, () =>
      entry(++rows, `IRP ${rows} of a device`, { cpu: rows % 4, level: rows % 5 }),
    );
    source.ready.push(batchOf(fresh));
  };
  const engine = new CaptureEngine({
    open: (spec) => {
      if (spec !== 'sim:demo') return openSource(spec);
      source = new FakeSource({ name: 'sim:demo' });
      return ok(source);
    },
    now,
    largestCapBytes: LARGEST_CAP,
    scanner: options.scanner,
    viewChanged: () => loop.wake(),
    store: { memoryCapBytes: 64 * MIB, archive: new ArrowArchive(join(folder, 'history')) },
  });
  const finder = new Finder(engine.view, options.scanner, () => loop.wake());
  const loop = new CaptureLoop(
    { engine, finder },
    {
      sendView: (update) => loop.confirm(update.sequence),
      sendCount: () => {},
      sendStatus: () => {},
      sendProcesses: () => {},
    },
    {
      now,
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
  );
  const exports = new Exports(() => {}, now);
  const unsupported = () => fail('source-unsupported', 'This is a test', 'Use Windows');
  const machine = new Machine({
    examineDriver: () => ({ state: 'not-installed', what: 'none', fix: null, elevated: null, facts: [], captures: [] }),
    checkRights: unsupported,
    install: unsupported,
    start: async () => unsupported(),
    stop: async () => unsupported(),
    remove: async () => unsupported(),
    setCaptures: unsupported,
    askForDriver: async () => null,
    readFilter: unsupported,
    writeMask: unsupported,
  });
  const told = { clipboard: '', theme: 'system', questions: 0 };
  const real = createHandlers({
    engine,
    loop,
    finder,
    scanner: options.scanner,
    exports,
    bootstrap: () => ({
      version: '0',
      platform: 'linux',
      theme: 'system',
      source: 'sim:demo',
      recentSources: [],
      restored: null,
    }),
    remember: () => {},
    openSource: async (spec, how) => (how === 'alone' ? engine.start(spec) : engine.add(spec)),
    examineSystem: () => [],
    machine,
    offerSources: () => [],
    setTheme: (theme) => {
      told.theme = theme;
    },
    writeClipboard: (text) => {
      told.clipboard = text;
    },
    historyChanged: () => {},
    largestCapBytes: LARGEST_CAP,
    copyProgress: () => {},
    askForPath: async () => {
      const question = told.questions++;
      return options.choose === undefined ? null : options.choose(folder, question);
    },
    now,
    rest: () => rest(),
  });
  const seen: Seen[] = [];
  const handlers = Object.fromEntries(
    Object.entries(real).map(([channel, handle]) => [
      channel,
      (request: never) => {
        seen.push({ channel: channel as RequestChannel, request });
        return (handle as (request: never) => unknown)(request);
      },
    ]),
  ) as unknown as Handlers;
  const defects: string[] = [];
  const calls = new Calls(handlers, {
    now,
    rest: () => rest(),
    onRefused: () => {},
    onDefect: (channel, error) => defects.push(`${channel}: ${error instanceof Error ? error.stack : error}`),
  });
  engine.start('sim:demo');
  feed(2000);
  loop.start();
  return {
    folder,
    calls,
    engine,
    exports,
    told,
    /** Every request that a handler got, and every exception of one. */
    seen,
    defects,
    feed,
    /** Number of the newest row fed. */
    get newest(): number {
      return rows;
    },
    /** Lets everything run that is due. */
    rest: () => rest(),
    /** Waits until something is so; whoever calls has a time limit of its own. */
    async until(holds: () => boolean): Promise<void> {
      while (!holds()) await rest();
    },
    end(): void {
      loop.stop();
      engine.stop();
      engine.store.clear();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type TestProgram = ReturnType<typeof startProgram>;
