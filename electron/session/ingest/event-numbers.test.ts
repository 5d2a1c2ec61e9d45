/** What events are called, in a session of several sources. */
import { describe, expect, it } from 'vitest';
import { type EventNames, EventNameTable, NO_EVENT_NAMES } from '../../../native/core/event-names.ts';
import { ok } from '../../../native/core/result.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeSource } from '../test-support.ts';
import { EventNumbers } from './event-numbers.ts';
import { Session } from './session.ts';

const MEMORY = { memoryCapBytes: 1 << 26 };

const named = (event: string): EventNames => ({ ...NO_EVENT_NAMES, provider: 'p', event });

function tableOf(...events: readonly string[]): EventNameTable {
  const table = new EventNameTable();
  for (const event of events) table.numberOf(named(event));
  return table;
}

describe('the events of a session', () => {
  it('have one number each, whichever source they are of and however that one counts', () => {
    const common = new EventNameTable();
    const first = new EventNumbers(tableOf('a', 'b'), common);
    const second = new EventNumbers(tableOf('b', 'c', 'a'), common);
    const one = batchOf([entry(1, 'x', { event: 1 }), entry(2, 'x', { event: 2 }), entry(3, 'x')]);
    const two = batchOf([entry(1, 'y', { event: 1 }), entry(2, 'y', { event: 2 }), entry(3, 'y', { event: 3 })]);
    first.translate(one);
    second.translate(two);
    const told = (numbers: Uint16Array) => [...numbers].map((number) => common.at(number)?.event ?? null);
    expect(told(one.event)).toEqual(['a', 'b', null]);
    expect(told(two.event)).toEqual(['b', 'c', 'a']);
    expect(common.size).toBe(4);
  });

  it('are found again from a row, also of a source that learns names while it is read', () => {
    const source = Object.assign(new FakeSource(), { eventNames: tableOf('a') });
    const session = new Session({ open: () => ok(source), now: () => 0, store: MEMORY });
    session.start('file:a.etl');
    source.ready.push(batchOf([entry(1, 'x', { event: 1 })]));
    session.tick(0);
    source.eventNames.numberOf(named('late'));
    source.ready.push(batchOf([entry(2, 'y', { event: 2 })]));
    session.tick(1);
    session.stop();
    const segment = session.store.segmentOf(0);
    const numbers = [0, 1].map((row) => segment?.event.get(row) ?? -1);
    expect(numbers.map((number) => session.eventNames.at(number)?.event)).toEqual(['a', 'late']);
  });
});

describe('the column of events', () => {
  it('takes no memory for rows of rings', () => {
    const store = new SessionStore(MEMORY);
    store.append(batchOf([entry(1, 'a', { pid: 1 }), entry(2, 'b', { pid: 2 })]));
    const segment = store.segmentOf(0);
    expect([segment?.event.bytes, (segment?.pid.bytes ?? 0) > 0]).toEqual([0, true]);
    store.append(batchOf([entry(3, 'c', { event: 1 })]));
    expect(segment?.event.bytes).toBeGreaterThan(0);
  });

  it('of a leased batch has nothing left of an earlier lease, for sources of rings leave it alone', () => {
    const store = new SessionStore(MEMORY);
    const fill = (event: number | null): void => {
      const batch = store.lease(1, 64);
      if (batch === null) throw new Error('no lease');
      batch.count = 1;
      batch.bytesUsed = 0;
      for (const column of [batch.kind, batch.index, batch.timeNs, batch.dataStart, batch.dataLength]) column[0] = 0;
      if (event !== null) batch.event[0] = event;
      store.append(batch);
    };
    fill(7);
    fill(null);
    expect([0, 1].map((row) => store.segmentOf(row)?.event.get(row))).toEqual([7, 0]);
  });
});
