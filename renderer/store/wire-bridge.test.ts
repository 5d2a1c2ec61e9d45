/** Every call has an answer, whatever becomes of it, and what would be refused is not even sent. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bridge, partsOf, roomsOf, type Wire } from '../../electron/contract/bridge.ts';
import { callOf, REQUEST_CHANNELS, type RequestChannel } from '../../electron/contract/channels.ts';
import { MAX_PATTERN_TEXT, patternFailure } from '../../electron/contract/limits.ts';
import { pack } from '../../electron/contract/packed.ts';
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { requestOf as hostileOf, VALID } from '../../electron/contract/test-support.ts';
import { type Failure, fail } from '../../native/core/result.ts';
import { Program } from '../test/program.ts';
import { RecordedWire } from '../test/recorded-wire.ts';
import { bridgeOver, Unanswered } from './wire-bridge.ts';

type Method = (request: unknown) => Promise<unknown>;
type Rooms = Record<string, Record<string, Method>>;

/** A wire on which each call is answered by `answer`. */
function wireThat(answer: (channel: RequestChannel) => unknown): Wire {
  return roomsOf(REQUEST_CHANNELS, (channel) => async () => answer(channel)) as Wire;
}

/** Calls a channel of a bridge by its name, as nobody else can. */
function call(bridge: Bridge, channel: RequestChannel, request: unknown): Promise<unknown> {
  const [room, name] = partsOf(channel);
  const method = (bridge as unknown as Rooms)[room]?.[name] as Method;
  return method(request);
}

/** A valid request of a channel. */
const valid = (channel: RequestChannel): unknown =>
  fc.sample(VALID[channel] as fc.Arbitrary<unknown>, { numRuns: 1, seed: 7 })[0];

/** What comes of a call, and of what else the person was told. */
async function outcome(wire: Wire, channel: RequestChannel, request: unknown) {
  const told: Failure[] = [];
  const bridge = bridgeOver(wire, (failure) => told.push(failure));
  try {
    return { answer: await call(bridge, channel, request), told, thrown: null };
  } catch (thrown) {
    return { answer: null, told, thrown };
  }
}

const WAYS: readonly (readonly [how: string, answer: () => unknown])[] = [
  ['is refused', () => fail('overloaded', 'Too many calls are waiting', 'Wait')],
  ['meets a defect', () => fail('internal', 'Too many calls are waiting', 'Report it')],
  ['is rejected', () => Promise.reject(new Error('Too many calls are waiting'))],
];

describe.each(WAYS)('a call that %s', (_how, answer) => {
  it.each(REQUEST_CHANNELS)('%s has an answer, or the person is told, in the words of the refusal', async (channel) => {
    const { answer: said, told, thrown } = await outcome(wireThat(answer), channel, valid(channel));
    const { form, fallback } = callOf(channel);
    const words = 'Too many calls are waiting';
    if (form === 'result')
      expect(said).toMatchObject({ ok: false, failure: { message: expect.stringContaining(words) } });
    else if (fallback.how === 'reject') expect(thrown).toBeInstanceOf(Unanswered);
    else if (fallback.how === 'tell') {
      expect(said).toEqual(fallback.value);
      expect(told.map(({ message }) => message).join()).toContain(words);
    } else expect(JSON.stringify(said)).toContain(words);
    // Told once, or answered: never both, and never nothing.
    expect(told.length).toBe(form !== 'result' && fallback.how === 'tell' ? 1 : 0);
    if (thrown !== null) expect(thrown).toMatchObject({ failure: { message: expect.stringContaining(words) } });
  });
});

describe('a call about what is closed meanwhile', () => {
  it('is no news where nothing is answered, and a failure where the answer may be one', async () => {
    const wire = wireThat(() => fail('closed', 'The view is closed', 'Choose one that is open'));
    expect(await outcome(wire, 'view.setTail', { view: 9, rows: 5 })).toEqual({ answer: null, told: [], thrown: null });
    const { answer, told } = await outcome(wire, 'view.setFilter', { view: 9, filter: SHOW_ALL });
    expect(answer).toMatchObject({ ok: false, failure: { code: 'closed' } });
    expect(told).toEqual([]);
  });
});

describe('a request that the service would refuse', () => {
  const tooLong = { pattern: 'x'.repeat(MAX_PATTERN_TEXT + 1), regex: false, caseSensitive: false };
  const filter = { ...SHOW_ALL, text: tooLong };
  const over: readonly (readonly [RequestChannel, unknown])[] = [
    ['view.setFilter', { view: 1, filter }],
    ['view.countFinds', { view: 1, query: tooLong }],
    ['view.find', { view: 1, generation: 1, query: tooLong, from: 0, direction: 'next' }],
    ['session.setCaptureFilter', { session: 1, filter }],
    ['session.start', { session: 1, source: `sim:${'x'.repeat(200)}` }],
    ['session.add', { session: 1, source: 'file:/etc/passwd' }],
    ['debugFilter.set', { component: 'X'.repeat(65), mask: 1 }],
    ['view.rows', { view: 1, generation: 1, first: 0, count: 1_000_000 }],
  ];

  it.each(over)('%s is refused before it is sent, in the same words', async (channel, request) => {
    const { calls, wire } = new RecordedWire(new Program({}).connect().wire);
    const { answer, told } = await outcome(wire, channel, request);
    const said = told[0] ?? (answer as { failure: Failure }).failure;
    expect(calls).toEqual([]);
    const [room, name] = partsOf(channel);
    const asked = (wire as unknown as Rooms)[room]?.[name] as Method;
    expect(await asked(request)).toEqual({ ok: false, failure: said });
    expect(said.code).toBe('bad-argument');
  });

  it('of a text says the limit that the boxes say', async () => {
    const { answer } = await outcome(new Program({}).connect().wire, 'view.setFilter', { view: 1, filter });
    expect(answer).toEqual({ ok: false, failure: patternFailure(tooLong.pattern) });
  });

  it('is answered all the same, whatever it is', async () => {
    const requests = fc
      .constantFrom(...REQUEST_CHANNELS)
      .chain((channel) => fc.tuple(fc.constant(channel), hostileOf(channel)));
    const wire = wireThat(() => fail('overloaded', 'full', 'Wait'));
    await fc.assert(
      fc.asyncProperty(requests, async ([channel, request]) => {
        const { thrown, told, answer } = await outcome(wire, channel, request);
        if (thrown !== null) expect(thrown).toBeInstanceOf(Unanswered);
        else expect(told.length > 0 || answer !== undefined).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an event', () => {
  /** A wire of one event, which says how many listen to it. */
  function wireOf() {
    const listeners = new Set<(payload: string) => void>();
    const update = (listener: (payload: string) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    const wire = { on: { view: { update } } } as unknown as Wire;
    return {
      listeners,
      bridge: bridgeOver(wire, () => {}),
      send(payload: unknown) {
        for (const each of [...listeners]) each(pack(payload) as string);
      },
    };
  }

  it('is unpacked once for all that listen to it, and subscribed to only while somebody does', () => {
    const { listeners, bridge, send } = wireOf();
    const heard: unknown[] = [];
    const ends = [1, 2].map(() => bridge.on.view.update((payload) => heard.push(payload)));
    expect(listeners.size).toBe(1);
    send({ view: 1 });
    expect(heard).toEqual([{ view: 1 }, { view: 1 }]);
    expect(heard[0]).toBe(heard[1]);
    ends[0]?.();
    send({ view: 2 });
    expect(heard).toHaveLength(3);
    ends[1]?.();
    expect(listeners.size).toBe(0);
    bridge.on.view.update((payload) => heard.push(payload));
    send({ view: 3 });
    expect(heard).toHaveLength(4);
  });

  it('reaches whoever still listens where one stops while it is told', () => {
    const { bridge, send } = wireOf();
    const heard: string[] = [];
    const end = bridge.on.view.update(() => end());
    bridge.on.view.update(() => heard.push('second'));
    send({ view: 1 });
    expect(heard).toEqual(['second']);
  });
});
