/** The reading half of the debug output's source, with this thread in the place of the worker. */
import { describe, expect, it } from 'vitest';
import { type EntryBatch, RowKind } from '../../core/entry.ts';
import { MessageKind, MessageRingReader, MessageRingWriter } from '../../core/message-ring.ts';
import { fail } from '../../core/result.ts';
import { DbwinSource, openDbwinSource } from './dbwin.ts';
import { createLink, LinkState, reportTrouble, setLinkState } from './dbwin-link.ts';

interface Row {
  readonly gap: number;
  readonly pid: number;
  readonly index: number;
  readonly timeNs: number;
  readonly text: string;
}

function setUp(ringBytes = 65536) {
  const link = createLink('session', ringBytes);
  setLinkState(link, LinkState.Open);
  const writer = new MessageRingWriter(link.ring);
  const source = new DbwinSource('dbwin:', link, new MessageRingReader(link.ring), 1000n, 10_000_000);
  const rows: Row[] = [];
  const sink = (batch: EntryBatch): void => {
    for (let row = 0; row < batch.count; row++) {
      const start = batch.dataStart[row] as number;
      rows.push({
        gap: batch.kind[row] === RowKind.Gap ? (batch.remarks[row] as number) : 0,
        pid: batch.pid[row] as number,
        index: batch.index[row] as number,
        timeNs: batch.timeNs[row] as number,
        text: new TextDecoder().decode(batch.bytes.slice(start, start + (batch.dataLength[row] as number))),
      });
    }
  };
  const write = (kind: number, text: string, pid = 7, ticks = 1010): boolean => {
    const bytes = new TextEncoder().encode(text);
    return writer.write(kind, pid, new Uint32Array([ticks, 0]), bytes, bytes.length);
  };
  return { link, source, rows, write, poll: () => source.poll(sink), close: () => source.close(sink) };
}

describe('debug output as a source', () => {
  it('is refused elsewhere, and with a scope that does not exist', () => {
    expect(openDbwinSource('everything')).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    if (process.platform === 'win32') return;
    expect(openDbwinSource('')).toMatchObject({ ok: false, failure: { code: 'source-unsupported' } });
  });

  it('delivers messages with time, process and number', () => {
    const { rows, write, poll, source } = setUp();
    write(MessageKind.Note, 'app.exe');
    write(MessageKind.Attempt, 'one');
    write(MessageKind.Attempt, 'two', 9, 1020);
    expect(poll()).toMatchObject({ state: 'capturing', rows: 2, more: false });
    expect(rows).toEqual([
      { gap: 0, pid: 7, index: 1, timeNs: 1000, text: 'one' },
      { gap: 0, pid: 9, index: 2, timeNs: 2000, text: 'two' },
    ]);
    expect(source.processNames).toEqual(new Map([[7, 'app.exe']]));
    expect(poll()).toMatchObject({ rows: 0, bytes: 0, more: false });
    expect(source.stats().cpus[0]).toMatchObject({
      read: 2,
      lost: 0,
      ring: { attempted: 2 },
      firstIndex: 1,
      lastIndex: 2,
    });
  });

  it('says what was lost where it was lost, and what is lost at the end', () => {
    const { rows, write, poll, source } = setUp(1024);
    const text = 'x'.repeat(228);
    for (let i = 0; i < 6; i++) write(MessageKind.Attempt, text);
    poll();
    write(MessageKind.Attempt, 'after');
    poll();
    expect(rows.map(({ gap, index }) => [gap, index])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [0, 4],
      [2, 7],
      [0, 7],
    ]);
    expect(source.stats().cpus[0]).toMatchObject({ read: 5, lost: 2, ring: { attempted: 7, written: 5 } });
    expect(source.stats().cpus[0]?.lostByCause.full).toBe(2);
  });

  it('puts a gap before what follows it when both are seen at once', () => {
    const { rows, write, poll, source } = setUp(1024);
    const text = 'x'.repeat(600);
    expect([write(MessageKind.Attempt, text), write(MessageKind.Attempt, text)]).toEqual([true, false]);
    expect(write(MessageKind.Attempt, 'short')).toBe(true);
    poll();
    expect(rows.map(({ gap, index }) => [gap, index])).toEqual([
      [0, 1],
      [1, 3],
      [0, 3],
    ]);
    expect(source.stats().cpus[0]).toMatchObject({ read: 2, lost: 1, ring: { attempted: 3 } });
  });

  it('stops at a request to clear and goes on with the next poll', () => {
    const { rows, write, poll } = setUp();
    write(MessageKind.Attempt, 'before');
    write(MessageKind.Clear, '');
    write(MessageKind.Attempt, 'after');
    expect(poll()).toMatchObject({ rows: 1, clear: true, more: true });
    expect(rows.map(({ text }) => text)).toEqual(['before']);
    const next = poll();
    expect(next).toMatchObject({ rows: 1, more: false });
    expect(next.clear).toBeUndefined();
    expect(rows.map(({ text }) => text)).toEqual(['before', 'after']);
  });

  it('hands on more rows than one batch holds', () => {
    const { rows, write, poll } = setUp(1048576);
    for (let i = 0; i < 10_000; i++) write(MessageKind.Attempt, String(i));
    expect(poll()).toMatchObject({ rows: 10_000, more: false });
    expect(rows.map(({ text }) => Number(text))).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  });

  it('reads what is left, then fails with the reason, when the thread is gone', () => {
    const { link, rows, write, poll, source } = setUp();
    write(MessageKind.Attempt, 'last');
    const failure = fail('io-error', 'broken', 'try again');
    if (!failure.ok) reportTrouble(link, failure.failure);
    expect(poll()).toMatchObject({ state: 'failed', rows: 1 });
    expect(rows.length).toBe(1);
    expect(source.stats().failure).toEqual({ code: 'io-error', message: 'broken', action: 'try again' });
  });

  it('fails when the thread ends without a word', () => {
    const { poll, source } = setUp();
    source.broke('it ended');
    expect(poll().state).toBe('failed');
    expect(source.stats().failure?.message).toContain('it ended');
  });

  it('delivers on closing what is there, once', () => {
    const { link, rows, write, close } = setUp();
    setLinkState(link, LinkState.Closed);
    write(MessageKind.Attempt, 'last');
    close();
    close();
    expect(rows.map(({ text }) => text)).toEqual(['last']);
  });
});
