/** Lines by sockets: all of them, in order, whatever pieces they come in; what finds no room is counted where it is missing. */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type EntryBatch, Level, RowKind } from '../../core/entry.ts';
import { getPlatform } from '../../platform.ts';
import { LineCutter, LineQueue, MOST_MESSAGE_BYTES, priorityOf } from './line-queue.ts';
import { listeningAt } from './socket-kind.ts';
import { type Protocol, SocketSource } from './socket-source.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

describe('lines', () => {
  it('are the same in whatever pieces they come, without their ends, and empty ones are none', () => {
    const line = fc.stringMatching(/^[a-zü😀 ]{0,12}$/u);
    fc.assert(
      fc.property(
        fc.array(line),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        (lines, end, piece) => {
          const queue = new LineQueue();
          const cutter = new LineCutter(queue);
          const bytes = encoder.encode(lines.join(end));
          for (let at = 0; at < bytes.length; at += piece) cutter.push(bytes.subarray(at, at + piece), 0n);
          cutter.end(0n);
          expect(queue.take().map(({ text }) => decoder.decode(text))).toEqual(lines.filter((each) => each !== ''));
          expect(queue.take()).toEqual([]);
        },
      ),
      { examples: [[['a', '', 'b'], '\r\n', 2]] },
    );
  });

  it('that are too long go on in the next, at a character, and none is kept that does not end', () => {
    const queue = new LineQueue();
    const cutter = new LineCutter(queue);
    const text = 'xü'.repeat(MOST_MESSAGE_BYTES);
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length; at += 50_000) cutter.push(bytes.subarray(at, at + 50_000), 0n);
    cutter.end(0n);
    const lines = queue.take();
    expect(Buffer.concat(lines.map((each) => each.text)).equals(bytes)).toBe(true);
    expect(lines.every((each) => each.text.length <= MOST_MESSAGE_BYTES)).toBe(true);
    const one = new LineQueue();
    one.push(bytes, 0n);
    expect(
      one
        .take()
        .map((each) => decoder.decode(each.text))
        .join(''),
    ).toBe(text);
  });

  it('without room are counted before the next that has some', () => {
    const queue = new LineQueue(200);
    const push = (text: string) => queue.push(encoder.encode(text), 0n);
    for (const text of ['a', 'b', 'c', 'd', 'e']) push(text);
    expect(queue.isFull).toBe(true);
    expect(queue.take().map(({ lost }) => lost)).toEqual([0, 0, 0]);
    expect(queue.lost).toBe(2);
    push('f');
    expect(queue.take().map(({ lost }) => lost)).toEqual([2]);
    expect([queue.lost, queue.takeLost()]).toEqual([0, 0]);
  });

  it('of syslog have its level, and others none', () => {
    const of = (text: string) => priorityOf(encoder.encode(text));
    expect(of('<34>Oct 11 su: failed')).toEqual({ level: Level.Error, bytes: 4 });
    expect(of('<12>x')).toEqual({ level: Level.Warning, bytes: 4 });
    expect(of('<191>x')).toEqual({ level: Level.Trace, bytes: 5 });
    for (const other of ['<192>x', '<>x', '<a>x', 'x<34>', '', '<1234>'])
      expect(of(other)).toEqual({ level: Level.Info, bytes: 0 });
  });
});

it('ports are named alone, or with an address', () => {
  const at = (rest: string) => listeningAt('tcp', rest);
  expect(at('5140')).toEqual({ protocol: 'tcp', address: '127.0.0.1', port: 5140 });
  expect(at('0.0.0.0:514')).toEqual({ protocol: 'tcp', address: '0.0.0.0', port: 514 });
  expect(at('[::1]:514')).toEqual({ protocol: 'tcp', address: '::1', port: 514 });
  for (const wrong of ['', '0', '65536', 'x', '1.2.3:5', '[x]:5', 'localhost:5', ':5', '5 '])
    expect(at(wrong)).toBeNull();
});

describe('a socket', () => {
  const sources: SocketSource[] = [];
  afterEach(() => {
    for (const source of sources.splice(0)) source.close(() => {});
  });

  async function listening(protocol: Protocol, port = 0): Promise<SocketSource> {
    const platform = getPlatform();
    if (!platform.ok) throw new Error(platform.failure.message);
    const source = new SocketSource(
      { protocol, address: '127.0.0.1', port },
      `${protocol}:${port}`,
      platform.value.clock,
    );
    sources.push(source);
    while (source.port === null && source.stats().state === 'capturing')
      await new Promise((resolve) => setImmediate(resolve));
    return source;
  }

  /** Polls until there are so many rows. */
  async function rowsOf(source: SocketSource, count: number) {
    const rows: { text: string; level: number; kind: number; index: number }[] = [];
    const take = (batch: EntryBatch): void => {
      for (let row = 0; row < batch.count; row++) {
        const start = batch.dataStart[row] as number;
        const text = decoder.decode(batch.bytes.slice(start, start + (batch.dataLength[row] as number)));
        rows.push({
          text,
          level: batch.level[row] as number,
          kind: batch.kind[row] as number,
          index: batch.index[row] as number,
        });
      }
    };
    while (rows.length < count) {
      source.poll(take);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return rows;
  }

  it('by TCP has what several connections send, each in order and whole, also more than is kept', async () => {
    const source = await listening('tcp');
    const many = 60_000;
    const senders = ['a', 'b'].map((name) => {
      const socket = connect(source.port as number, '127.0.0.1');
      socket.end(Array.from({ length: many }, (_, at) => `<${at % 8}>${name} ${at} ${'x'.repeat(100)}\n`).join(''));
      return name;
    });
    const rows = await rowsOf(source, 2 * many);
    for (const name of senders) {
      const own = rows.filter(({ text }) => text.startsWith(`${name} `)).map(({ text }) => Number(text.split(' ')[1]));
      expect(own).toEqual(Array.from({ length: many }, (_, at) => at));
    }
    expect(rows.every(({ kind }) => kind === RowKind.Entry)).toBe(true);
    expect(rows.map(({ index }) => index)).toEqual(rows.map((_, at) => at + 1));
    expect(source.stats()).toMatchObject({ state: 'capturing', failure: null, cpus: [{ read: 2 * many, lost: 0 }] });
  });

  it('by UDP has a message of each datagram, and each line of one', async () => {
    const source = await listening('udp');
    const sender = createSocket('udp4');
    await new Promise((resolve) => sender.send('<11>one\ntwo', source.port as number, '127.0.0.1', resolve));
    const rows = await rowsOf(source, 2);
    sender.close();
    expect(rows.map(({ text, level }) => [text, level])).toEqual([
      ['one', Level.Error],
      ['two', Level.Info],
    ]);
  });

  it.each(['tcp', 'udp'] as const)(
    'by %s fails where another has the port, and frees it at its end',
    async (protocol) => {
      const first = await listening(protocol);
      const port = first.port as number;
      const second = await listening(protocol, port);
      while (second.stats().state === 'capturing') await new Promise((resolve) => setImmediate(resolve));
      expect(second.stats()).toMatchObject({
        state: 'failed',
        failure: { code: 'source-busy', system: { code: 'EADDRINUSE' } },
      });
      first.close(() => {});
      first.close(() => {});
      // The system frees it a moment later.
      for (;;) {
        const third = await listening(protocol, port);
        if (third.stats().state === 'capturing' && third.port === port) break;
        third.close(() => {});
      }
    },
  );
});
