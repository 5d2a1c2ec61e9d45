import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_ACTION, EVENT_BYTES, EVENT_TYPE, eventTypeName, parseEvent } from './events.ts';

const header = readFileSync(new URL('../../driver/include/ringview/events.h', import.meta.url), 'utf8');

describe('the twin of events.h', () => {
  it('has its numbers', () => {
    const numbers = [...header.matchAll(/^#define RV_(TYPE|EVENT)_(\w+) (0x[0-9a-f]+|\d+)u$/gm)]
      .filter(([, , name]) => !/_BYTES(_0)?$/.test(name ?? ''))
      .map(([, kind, name, value]) => [`${kind} ${name}`, Number(value)]);
    expect(Object.fromEntries(numbers)).toEqual({
      'TYPE RESERVED': EVENT_TYPE.RESERVED,
      'TYPE PROCESS': EVENT_TYPE.PROCESS,
      'TYPE THREAD': EVENT_TYPE.THREAD,
      'TYPE IMAGE': EVENT_TYPE.IMAGE,
      'EVENT START': EVENT_ACTION.START,
      'EVENT END': EVENT_ACTION.END,
      'EVENT RUNDOWN': EVENT_ACTION.RUNDOWN,
    });
  });

  it('has names for its types, and for no others', () => {
    const { RESERVED, PROCESS, THREAD, IMAGE } = EVENT_TYPE;
    const names = [RESERVED, PROCESS, THREAD, IMAGE, 0xff04].map(eventTypeName);
    expect(names).toEqual([undefined, 'process', 'thread', 'image', undefined]);
  });

  it('has its sizes', () => {
    const sizes = [...header.matchAll(/^RV_ASSERT_SIZE\(rv_event_(\w+), (\d+)\);$/gm)];
    expect(Object.fromEntries(sizes.map(([, name, bytes]) => [name, Number(bytes)]))).toEqual(EVENT_BYTES);
  });

  it('has its fields in their order', () => {
    const fields = (name: string): string[] => {
      const body = new RegExp(`typedef struct rv_event_${name} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
      return [...body.matchAll(/uint(\d+)_t (\w+);/g)].map(([, bits, field]) => `${field}:${bits}`);
    };
    expect(fields('process')).toEqual([
      'action:32',
      'pid:32',
      'parent_pid:32',
      'creator_pid:32',
      'name_bytes:32',
      'header_bytes:32',
      'session_id:32',
      'flags:32',
      'exit_status:32',
      'command_bytes:32',
      'creator_tid:32',
      'reserved:32',
      'create_time:64',
    ]);
    expect(fields('thread')).toEqual(['action:32', 'pid:32', 'tid:32', 'caller_pid:32']);
    expect(fields('image')).toEqual([
      'action:32',
      'pid:32',
      'base:64',
      'bytes:64',
      'name_bytes:32',
      'header_bytes:32',
      'flags:32',
      'signature_level:32',
      'signature_type:32',
      'reserved:32',
    ]);
  });
});

/** Words of 32 bits, then text. */
function payload(words: readonly number[], text = ''): Uint8Array {
  const name = new TextEncoder().encode(text);
  const bytes = new Uint8Array(words.length * 4 + name.length);
  words.forEach((word, at) => {
    new DataView(bytes.buffer).setUint32(at * 4, word, true);
  });
  bytes.set(name, words.length * 4);
  return bytes;
}

describe('events', () => {
  it('are read', () => {
    expect(parseEvent(EVENT_TYPE.PROCESS, payload([1, 5, 6, 7, 3, 0], 'a.b'))).toEqual({
      kind: 'process',
      started: true,
      present: false,
      pid: 5,
      parentPid: 6,
      creatorPid: 7,
      path: new TextEncoder().encode('a.b'),
      command: new Uint8Array(0),
      sessionId: null,
      exitStatus: null,
    });
    expect(parseEvent(EVENT_TYPE.PROCESS, payload([2, 5, 0, 0, 0, 0]))).toMatchObject({ started: false, pid: 5 });
    expect(parseEvent(EVENT_TYPE.THREAD, payload([1, 5, 8, 9]))).toEqual({
      kind: 'thread',
      started: true,
      pid: 5,
      tid: 8,
      callerPid: 9,
    });
    expect(parseEvent(EVENT_TYPE.IMAGE, payload([1, 0, 0x1000, 0xfffff800, 65536, 0, 1, 0], 'x'))).toEqual({
      kind: 'image',
      present: false,
      pid: 0,
      base: 0xfffff80000001000n,
      bytes: 65536n,
      path: new TextEncoder().encode('x'),
    });
  });

  it('begin, and some of them end; nothing else happens to them', () => {
    for (const [type, words] of [
      [EVENT_TYPE.PROCESS, 6],
      [EVENT_TYPE.THREAD, 4],
      [EVENT_TYPE.IMAGE, 8],
    ] as const) {
      const event = (action: number, length: number = words) =>
        parseEvent(type, payload([action, ...Array<number>(length - 1).fill(0)]));
      expect(event(EVENT_ACTION.START)).not.toBeNull();
      expect([event(0), event(4)]).toEqual([null, null]);
      expect(event(EVENT_ACTION.START, words - 1)).toBeNull();
      // An image is never told to end.
      if (type === EVENT_TYPE.IMAGE) expect(event(EVENT_ACTION.END)).toBeNull();
      else expect(event(EVENT_ACTION.END)).toMatchObject({ started: false });
    }
  });

  it('have a name as long as they say, where what follows is longer', () => {
    const named = (length: number) =>
      parseEvent(EVENT_TYPE.IMAGE, payload([1, 0, 0, 0, 0, 0, length, 0], 'a.sys, and more'));
    expect(named(5)).toMatchObject({ path: new TextEncoder().encode('a.sys') });
    expect(named(0)).toMatchObject({ path: new Uint8Array(0) });
    expect(named(16)).toBeNull();
  });

  it('of later versions say where their texts begin, and more than the first', () => {
    const words = [1, 5, 6, 7, 3, 56, 2, 0, 0, 4, 9, 0, 0, 0];
    const text = (bytes: string) => new TextEncoder().encode(bytes);
    const started = { path: text('a.b'), command: text('a /x'), sessionId: 2, exitStatus: null };
    expect(parseEvent(EVENT_TYPE.PROCESS, payload(words, 'a.ba /x'))).toMatchObject(started);
    // One that is longer still is read as far as it is known.
    const longer = words.with(5, 60);
    expect(parseEvent(EVENT_TYPE.PROCESS, payload([...longer, 77], 'a.ba /x'))).toMatchObject(started);
    // One that ends before a field has no such field.
    const shorter = [1, 5, 6, 7, 3, 28, 2];
    expect(parseEvent(EVENT_TYPE.PROCESS, payload(shorter, 'a.b'))).toMatchObject({
      path: text('a.b'),
      sessionId: null,
    });
    const ended = [2, 5, 0, 0, 0, 56, 0xffffffff, 16, 0xc0000005, 0, 0, 0, 0, 0];
    expect(parseEvent(EVENT_TYPE.PROCESS, payload(ended))).toMatchObject({ sessionId: null, exitStatus: 0xc0000005 });
    const running = [3, 5, 6, 0, 3, 56, 0, 0, 0, 0, 0, 0, 0, 0];
    expect(parseEvent(EVENT_TYPE.PROCESS, payload(running, 'a.b'))).toMatchObject({ started: false, present: true });
    const image = [3, 0, 0, 0, 0, 0, 3, 48, 2, 0, 0, 0];
    expect(parseEvent(EVENT_TYPE.IMAGE, payload(image, 'a.b'))).toMatchObject({ present: true, path: text('a.b') });
  });

  it('of later versions are none where a text or the header does not fit', () => {
    const words = [1, 5, 6, 7, 3, 56, 2, 0, 0, 4, 9, 0, 0, 0];
    for (const bad of [words.with(9, 5), words.with(4, 8), words.with(5, 23), words.with(5, 65)]) {
      expect(parseEvent(EVENT_TYPE.PROCESS, payload(bad, 'a.ba /x'))).toBeNull();
    }
    for (const header of [4, 31, 41]) {
      expect(parseEvent(EVENT_TYPE.IMAGE, payload([1, 0, 0, 0, 0, 0, 1, header, 0, 0]))).toBeNull();
    }
  });

  it('that are not whole, or nothing of the kind, are none', () => {
    expect(parseEvent(EVENT_TYPE.PROCESS, payload([1, 5, 6, 7, 4, 0], 'a.b'))).toBeNull();
    expect(parseEvent(EVENT_TYPE.PROCESS, payload([1, 5, 6, 7, 0xffffffff, 0], 'a.b'))).toBeNull();
    expect(parseEvent(EVENT_TYPE.PROCESS, payload([4, 5, 6, 7, 0, 0]))).toBeNull();
    expect(parseEvent(EVENT_TYPE.THREAD, payload([1, 5, 8]))).toBeNull();
    expect(parseEvent(EVENT_TYPE.IMAGE, payload([2, 0, 0, 0, 0, 0, 0, 0]))).toBeNull();
    expect(parseEvent(7, payload([1, 5, 8, 9]))).toBeNull();
  });

  it('are looked for in any bytes without harm', () => {
    const type = fc.constantFrom(EVENT_TYPE.RESERVED, EVENT_TYPE.PROCESS, EVENT_TYPE.THREAD, EVENT_TYPE.IMAGE, 0xff04);
    fc.assert(
      fc.property(type, fc.uint8Array({ maxLength: 64 }), (number, bytes) => {
        const event = parseEvent(number, bytes);
        if (event !== null) expect(event.kind).toBe(eventTypeName(number));
      }),
    );
  });
});
