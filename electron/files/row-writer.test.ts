import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../contract/test-support.ts';
import { type RowFile, RowWriter } from './row-writer.ts';

/** A disk in memory that takes `pieces` bytes at a time, and nothing beyond `room`. */
class MemoryFile implements RowFile {
  bytes: number[] = [];
  closed = 0;
  synced = 0;
  busy = 0;
  /** Writes of which only a part was taken, although there was room. */
  partial = 0;
  private readonly room: number;
  private readonly pieces: readonly number[];
  private writes = 0;

  constructor(room = Number.POSITIVE_INFINITY, pieces: readonly number[] = [1 << 20]) {
    this.room = room;
    this.pieces = pieces;
  }

  async writev(_fd: number, buffers: readonly Uint8Array[]): Promise<number> {
    if (this.busy > 0) {
      this.busy--;
      throw Object.assign(new Error('EAGAIN'), { code: 'EAGAIN' });
    }
    const all = buffers.flatMap((buffer) => [...buffer]);
    const piece = this.pieces[this.writes++ % this.pieces.length] as number;
    const take = Math.min(all.length, piece, this.room - this.bytes.length);
    if (take === 0) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', errno: -28 });
    this.bytes.push(...all.slice(0, take));
    if (take === piece && take < all.length) this.partial++;
    return take;
  }
  async truncate(_fd: number, length: number): Promise<void> {
    this.bytes.length = length;
  }
  async isRegular(): Promise<boolean> {
    return true;
  }
  async sync(): Promise<void> {
    this.synced++;
  }
  async close(): Promise<void> {
    this.closed++;
  }
}

describe('RowWriter', () => {
  it('writes whole parts in order, up to the first that does not fit, and counts both sides', async () => {
    const cases = countCases('partial', 'full', 'all written', 'full within a part');
    const parts = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(5)), { maxLength: 150 });
    await fc.assert(
      fc.asyncProperty(
        parts,
        fc.oneof(fc.nat(2000), fc.constant(Number.POSITIVE_INFINITY)),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
        async (given, room, pieces) => {
          const file = new MemoryFile(room, pieces);
          const writer = new RowWriter(9, 'test.csv', file);
          for (const [bytes, rows] of given) writer.push(bytes, rows);
          await writer.finish();
          let length = 0;
          let whole = 0;
          for (const [bytes] of given) {
            if (length + bytes.length > room) break;
            length += bytes.length;
            whole++;
          }
          const rows = (some: typeof given) => some.reduce((sum, [, count]) => sum + count, 0);
          expect(file.bytes).toEqual(given.slice(0, whole).flatMap(([bytes]) => [...bytes]));
          expect([writer.writtenRows, writer.lostRows]).toEqual([
            rows(given.slice(0, whole)),
            rows(given.slice(whole)),
          ]);
          expect(writer.failure?.code ?? null).toBe(whole < given.length ? 'disk-full' : null);
          expect(file.closed).toBe(1);
          expect(file.synced).toBe(whole < given.length ? 0 : 1);
          cases.note('partial', file.partial > 0);
          cases.note('full', whole < given.length);
          cases.note('all written', given.length > 0 && whole === given.length);
          cases.note('full within a part', whole < given.length && length < room);
        },
      ),
      { numRuns: 200 },
    );
    cases.expectEach(10);
  });

  it('closes its file once, however often it is told to finish: its number may be that of another file by then', async () => {
    const file = new MemoryFile();
    const writer = new RowWriter(7, 'log', file);
    writer.push(new Uint8Array(3), 1);
    await Promise.all([writer.finish(), writer.finish()]);
    await writer.finish();
    expect([file.closed, file.bytes.length]).toEqual([1, 3]);
  });

  it('says when it is full and when there is room again', async () => {
    const writer = new RowWriter(9, 'x', new MemoryFile(), 10);
    writer.push(new Uint8Array(6), 1);
    expect(writer.full).toBe(false);
    writer.push(new Uint8Array(6), 1);
    expect(writer.full).toBe(true);
    await writer.room();
    expect(writer.full).toBe(false);
    await writer.finish();
    expect(writer.writtenRows).toBe(2);
  });

  it('does not leave anyone waiting for room on a disk that is full', async () => {
    const writer = new RowWriter(9, 'x', new MemoryFile(0), 10);
    writer.push(new Uint8Array(20), 3);
    await writer.room();
    expect(writer.failure).toMatchObject({ code: 'disk-full', system: { code: 'ENOSPC' } });
    writer.push(new Uint8Array(20), 4);
    expect([writer.writtenRows, writer.lostRows]).toEqual([0, 7]);
  });

  it('names no number of rows where whoever writes counts none', async () => {
    const said = async (rows: number): Promise<string | undefined> => {
      const writer = new RowWriter(9, 'test.jsonl', new MemoryFile(0));
      writer.push(Uint8Array.of(1), rows);
      await writer.finish();
      return writer.failure?.message;
    };
    expect(await said(0)).toBe('Writing to test.jsonl failed');
    expect(await said(3)).toBe('Writing to test.jsonl failed after 0 rows');
  });

  it('tries again where a descriptor takes nothing just now', async () => {
    const file = new MemoryFile();
    file.busy = 2;
    const writer = new RowWriter(9, 'x', file);
    writer.push(Uint8Array.of(1, 2), 1);
    await writer.finish();
    expect([file.bytes, writer.failure]).toEqual([[1, 2], null]);
  });

  it('says which path cannot be opened, and why', async () => {
    expect(await RowWriter.open('/nowhere/at/all.csv')).toMatchObject({
      ok: false,
      failure: { message: '/nowhere/at/all.csv cannot be written', system: { code: 'ENOENT' } },
    });
  });
});
