/**
 * The contract under fire: every channel is sent valid, broken and hostile requests, many at once, through the real
 * checks and handlers over a real session, as each transport would carry them. A few seconds; about a minute in CI, with
 * a seed of its own each time. A failure prints its seed.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { callOf, checkRequest, REQUEST_CHANNELS, type RequestChannel } from '../contract/channels.ts';
import { MAX_LIST, MAX_PATTERN_TEXT, MAX_SOURCE_TEXT } from '../contract/limits.ts';
import { isFontSize } from '../contract/log-look.ts';
import { SHOW_ALL } from '../contract/rows.ts';
import { changed, HOSTILE, HOSTILE_MADE, requestOf, VALID } from '../contract/test-support.ts';
import { ensureBuild } from '../setup/build.mjs';
import { asText, type Carry } from '../transport/in-process.ts';
import { type Calls, MOST_WAITING } from './calls.ts';
import { MOST_EXPORTS } from './exports.ts';
import { builtThreads, LARGEST_CAP, startProgram, type TestProgram } from './test-support.ts';

const CI = process.env.CI === 'true';
/** Sequences of calls that are always made: enough for every channel to be answered and refused. */
const RUNS = 50;
/** In CI, as many more as there is time for. */
const MORE_MS = 45_000;
const CALLS_A_RUN = 120;

/** How a request and an answer cross. A transport that is added is driven by adding it here. */
const TRANSPORTS: readonly { readonly name: string; readonly carry: Carry }[] = [
  // Electron's: what it cannot clone never arrives.
  { name: 'structured clone', carry: (value) => structuredClone(value) },
  // A socket's: text.
  { name: 'JSON', carry: asText },
];

const scanner = builtThreads(2, ensureBuild);

const NOT_CARRIED = Symbol('the transport refused it');

function carried(transport: (typeof TRANSPORTS)[number], value: unknown): unknown {
  try {
    return transport.carry(value);
  } catch {
    return NOT_CARRIED;
  }
}

/** A program that answers questions for a file in every way a person may. */
function start(): TestProgram {
  return startProgram({
    scanner,
    choose: (folder, question) => {
      const files = join(folder, 'exports');
      mkdirSync(files, { recursive: true });
      if (question % 5 === 4) return null;
      return question % 5 === 3 ? join(files, 'no', 'such', 'folder') : join(files, `log-${question % 5}`);
    },
  });
}

/** True if nothing in it is what a check would refuse: walks it without knowing the channel. */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'boolean') return true;
  // A size of letters may be a half; who takes whole numbers alone refuses it when it is checked again.
  if (typeof value === 'number') return Number.isSafeInteger(value) || isFontSize(value);
  if (typeof value === 'string') return value.length <= Math.max(MAX_PATTERN_TEXT, MAX_SOURCE_TEXT);
  if (Array.isArray(value)) return value.length <= MAX_LIST && Array.from(value).every(isPlain);
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every(isPlain);
}

/** What must hold of everything that reached a handler, and of the program at any time. */
function judge(program: TestProgram): void {
  expect(program.defects).toEqual([]);
  for (const { channel, request } of program.seen.splice(0)) {
    const again = checkRequest(channel, request);
    if (!isPlain(request) || !again.ok || !isDeepStrictEqual(again.value, request)) {
      throw new Error(`${channel} was handled with ${JSON.stringify(request).slice(0, 500)}`);
    }
  }
  expect(program.calls.waitingCalls).toBeLessThanOrEqual(MOST_WAITING);
  expect(program.exports.count).toBeLessThanOrEqual(MOST_EXPORTS);
}

/** Why a call may be refused; everything else is a reply, or a defect. A reply may be any failure but a defect. */
const FAIR = ['bad-argument', 'overloaded', 'closed'];

/** An answer that any transport can carry: a reply, or a failure that says what and what to do. */
function judgeAnswer(channel: RequestChannel, answer: Awaited<ReturnType<Calls['answer']>>): void {
  // Plain comparisons: tens of thousands of answers are looked at.
  const said = answer.ok ? '' : `: ${answer.failure.code}, ${answer.failure.message}`;
  const reply = callOf(channel).form === 'result';
  const fair =
    answer.ok ||
    ((reply ? answer.failure.code !== 'internal' : FAIR.includes(answer.failure.code)) &&
      answer.failure.message !== '' &&
      answer.failure.action !== '');
  if (!fair || carried(TRANSPORTS[0] as never, answer) === NOT_CARRIED)
    throw new Error(`${channel} answers unfairly${said}`);
}

/** What came of a call: the code of a refusal, and for every reply, which may be a failure too, that it was answered. */
function outcomeOf(answer: Awaited<ReturnType<Calls['answer']>>): string {
  return !answer.ok && FAIR.includes(answer.failure.code) ? answer.failure.code : 'answered';
}

/** The log is captured, filtered and read as if nothing had been. */
async function worksOn(program: TestProgram): Promise<void> {
  // One that clears or stops on every match would do so with the rows below.
  await program.calls.answer('watches.set', { watches: [] });
  const { calls } = program;
  await program.until(() => calls.waitingCalls === 0 && program.exports.count === 0);
  // Sessions and views may have been closed, and others opened.
  const [info] = program.service.workspace.layout;
  const session = info?.session ?? 0;
  const view = info?.views[0]?.view ?? 0;
  const looked = program.service.workspace.view(view);
  if (!looked.ok) throw new Error(looked.failure.message);
  // Of that view, not of the oldest one, which may look at another session.
  const { log } = looked.value;
  const settings = { memoryCapBytes: LARGEST_CAP, policy: { keep: 'all' } };
  const again = [
    ['session.setRetention', { session, settings }],
    ['session.setCaptureFilter', { session, filter: null }],
    ['view.setPaused', { view, paused: false }],
    ['view.setFilter', { view, filter: SHOW_ALL }],
    // Opened anew: another session may have opened it after this one, and rows go where it was opened last.
    ['session.stop', { session }],
    ['session.start', { session, source: 'sim:demo' }],
  ] as const;
  for (const [channel, request] of again) expect(await calls.answer(channel, request)).toMatchObject({ ok: true });
  program.feed(10);
  const text = `IRP ${program.newest} of a device`;
  const newest = async (): Promise<string> => {
    const { generation, end } = log;
    const answer = await calls.answer('view.rows', { view, generation, first: Math.max(0, end - 1), count: 1 });
    return answer.ok ? answer.value : '';
  };
  while (!(await newest()).includes(text)) await program.rest();
  const files = join(program.folder, 'exports');
  const left = (() => {
    try {
      return readdirSync(files);
    } catch {
      return [];
    }
  })();
  expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
}

const descriptors = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0);

/** What valid requests come to that are about files, of which the program has none open: its rows are captured live. */
const NOT_ANSWERED: Partial<Record<RequestChannel, string>> = {
  'session.readAs': 'bad-argument',
  'session.explainEvents': 'bad-argument',
  'session.setOffset': 'bad-argument',
  'session.openBeside': 'bad-argument',
};

it('covers every channel there is', () => {
  expect(Object.keys(VALID).sort()).toEqual([...REQUEST_CHANNELS].sort());
});

it.each(TRANSPORTS)(
  '$name: every field of every request refuses every hostile value, and nothing else breaks',
  async (transport) => {
    let program = start();
    try {
      for (const channel of REQUEST_CHANNELS) {
        // A call before this one may have closed what the valid requests are about.
        if (!program.service.workspace.view(1).ok) {
          await worksOn(program);
          program.end();
          program = start();
        }
        const outcomes = new Set<string>();
        for (const [sample, request] of fc
          .sample(VALID[channel] as fc.Arbitrary<unknown>, { numRuns: 2, seed: 7 })
          .entries()) {
          const places = [0, 1, 2, 3, 5, 7];
          const broken = [
            ...HOSTILE.flatMap((make) => [
              make(),
              ...places.map((at) => changed(request, { kind: 'set', at, to: make() })),
            ]),
            ...places.map((at) => changed(request, { kind: 'drop', at })),
            ...(sample > 0
              ? []
              : HOSTILE_MADE.flatMap((make) => [make(), changed(request, { kind: 'set', at: 0, to: make() })])),
          ];
          for (const value of [request, ...broken]) {
            const arrived = carried(transport, value);
            if (arrived === NOT_CARRIED) continue;
            const answer = await program.calls.answer(channel, arrived);
            judgeAnswer(channel, answer);
            outcomes.add(outcomeOf(answer));
          }
        }
        judge(program);
        const outcome = NOT_ANSWERED[channel] ?? 'answered';
        expect([...outcomes], channel).toEqual(expect.arrayContaining([outcome, 'bad-argument']));
      }
      await worksOn(program);
    } finally {
      program.end();
    }
  },
  120_000,
);

it('many calls at once, valid and hostile, leave the session as able as before', async () => {
  const call = fc
    .constantFrom(...REQUEST_CHANNELS)
    .chain((channel) => fc.tuple(fc.constant(channel), requestOf(channel)));
  const sequence = fc.array(fc.tuple(call, fc.nat({ max: 3 }), fc.nat({ max: TRANSPORTS.length - 1 })), {
    ...{ minLength: CALLS_A_RUN, maxLength: CALLS_A_RUN },
  });
  const open = descriptors();
  const outcomes = new Map<string, number>();
  const property = fc.asyncProperty(sequence, async (calls) => {
    const program = start();
    try {
      // Of the few calls of each channel, one must find what it is about.
      await program.calls.answer('filters.save', { name: 'errors', filter: SHOW_ALL });
      const answers: Promise<void>[] = [];
      for (const [[channel, request], pause, which] of calls) {
        const arrived = carried(TRANSPORTS[which] as never, request);
        if (arrived === NOT_CARRIED) continue;
        answers.push(
          program.calls.answer(channel, arrived).then((answer) => {
            judgeAnswer(channel, answer);
            const outcome = `${channel} ${outcomeOf(answer)}`;
            outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
          }),
        );
        if (pause === 0) await program.rest();
        if (pause === 1) program.feed(50);
        judge(program);
      }
      await Promise.all(answers);
      judge(program);
      await worksOn(program);
    } finally {
      program.end();
    }
    expect(descriptors() - open).toBeLessThan(40);
  });
  await fc.assert(property, { numRuns: RUNS, ...(CI ? {} : { seed: 20_260_301 }) });
  if (CI) await fc.assert(property, { numRuns: 100_000, interruptAfterTimeLimit: MORE_MS });
  // The interesting cases did occur: each channel answered and refused.
  for (const channel of REQUEST_CHANNELS) {
    if (NOT_ANSWERED[channel] === undefined)
      expect(outcomes.get(`${channel} answered`) ?? 0, channel).toBeGreaterThan(0);
    expect(outcomes.get(`${channel} bad-argument`) ?? 0, channel).toBeGreaterThan(0);
  }
}, 300_000);
