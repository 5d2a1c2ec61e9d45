import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogRow } from '../../electron/contract/rows.ts';
import { countCases } from '../../electron/contract/test-support.ts';
import { PAGE_ROWS, planRequest, type Range, RowCache } from './row-cache.ts';

function row(number: number): LogRow {
  return {
    row: number,
    kind: 0,
    index: number,
    timeNs: number,
    deltaNs: 1,
    cpuDeltaNs: 1,
    cpu: 0,
    level: 2,
    flags: 0,
    type: 0,
    origin: 0,
    event: 0,
    pid: 0,
    tid: 0,
    remarks: 0,
    source: 0,
    text: `row ${number}`,
    textCut: false,
    length: 0,
  };
}

function rows(first: number, count: number): LogRow[] {
  return Array.from({ length: count }, (_, i) => row(first + i));
}

describe('RowCache', () => {
  it('returns what was put and names what is missing', () => {
    const cache = new RowCache(1);
    cache.put({ generation: 1, first: 100, rows: rows(100, 50) });
    expect(cache.get(100)?.row).toBe(100);
    expect(cache.get(150)).toBeUndefined();
    expect(cache.missing({ from: 90, end: 160 })).toEqual([
      { from: 90, end: 100 },
      { from: 150, end: 160 },
    ]);
    expect(cache.holds({ from: 100, end: 150 })).toBe(true);
    expect(cache.holds({ from: 99, end: 150 })).toBe(false);
    expect(cache.holds({ from: 5, end: 5 })).toBe(true);
  });

  it('takes nothing of another generation', () => {
    const cases = countCases('taken', 'refused', 'put twice');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(500), fc.integer({ min: 1, max: 60 })), {
          maxLength: 20,
        }),
        (puts) => {
          const cache = new RowCache(2);
          const held = new Set<number>();
          for (const [generation, first, count] of puts) {
            const taken = cache.put({ generation, first, rows: rows(first, count) });
            expect(taken).toBe(generation === 2);
            if (taken) for (let p = first; p < first + count; p++) held.add(p);
          }
          const wrong = Array.from({ length: 600 }, (_, p) => p).filter(
            (p) => cache.get(p)?.row !== (held.has(p) ? p : undefined),
          );
          expect(wrong).toEqual([]);
          cases.note('taken', held.size);
          cases.note('refused', puts.filter(([generation]) => generation !== 2).length);
          cases.note('put twice', held.size < puts.reduce((sum, [g, , count]) => sum + (g === 2 ? count : 0), 0));
        },
      ),
    );
    cases.expectEach();
  });

  it('keeps its size and evicts the least recently used page', () => {
    const cache = new RowCache(1, 3);
    for (let page = 0; page < 3; page++)
      cache.put({ generation: 1, first: page * PAGE_ROWS, rows: rows(page * PAGE_ROWS, 1) });
    cache.use({ from: 0, end: 1 });
    cache.put({ generation: 1, first: 9 * PAGE_ROWS, rows: rows(9 * PAGE_ROWS, 1) });
    expect(cache.pageCount).toBe(3);
    expect(cache.get(0)).toBeDefined();
    expect(cache.get(PAGE_ROWS)).toBeUndefined();
  });

  it('forgets rows the session dropped', () => {
    const cache = new RowCache(1);
    cache.put({ generation: 1, first: 0, rows: rows(0, 300) });
    cache.dropBelow(200);
    expect(cache.get(127)).toBeUndefined();
    expect(cache.get(200)?.row).toBe(200);
  });
});

describe('planRequest', () => {
  const extent: Range = { from: 0, end: 10_000 };

  it('asks for the visible rows with their surroundings in one request', () => {
    const cache = new RowCache(1);
    expect(
      planRequest({ cache, visible: { from: 500, end: 540 }, extent, overscan: 60, inFlight: [], maxRows: 1000 }),
    ).toEqual({
      from: 440,
      end: 600,
    });
  });

  it('asks for nothing twice, and for nothing that is there', () => {
    const cache = new RowCache(1);
    const visible = { from: 500, end: 540 };
    const inFlight = [{ from: 440, end: 600 }];
    expect(planRequest({ cache, visible, extent, overscan: 60, inFlight, maxRows: 1000 })).toBeNull();
    cache.put({ generation: 1, first: 440, rows: rows(440, 160) });
    expect(planRequest({ cache, visible, extent, overscan: 60, inFlight: [], maxRows: 1000 })).toBeNull();
  });

  it('stays inside the view and under the largest request, and ends when all is there', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_990 }),
        fc.integer({ min: 1, max: 110 }),
        fc.integer({ min: 0, max: 200 }),
        fc.array(fc.tuple(fc.nat(9_900), fc.integer({ min: 1, max: 90 })), { maxLength: 8 }),
        (from, height, overscan, held) => {
          const cache = new RowCache(1, 1000);
          for (const [first, count] of held) cache.put({ generation: 1, first, rows: rows(first, count) });
          const visible = { from, end: Math.min(extent.end, from + height) };
          let requests = 0;
          for (;;) {
            const plan = planRequest({ cache, visible, extent, overscan, inFlight: [], maxRows: 50 });
            if (!plan) break;
            expect(plan.from).toBeGreaterThanOrEqual(extent.from);
            expect(plan.end).toBeLessThanOrEqual(extent.end);
            expect(plan.end - plan.from).toBeGreaterThan(0);
            expect(plan.end - plan.from).toBeLessThanOrEqual(50);
            expect(cache.holds(plan)).toBe(false);
            cache.put({ generation: 1, first: plan.from, rows: rows(plan.from, plan.end - plan.from) });
            expect(++requests).toBeLessThan(40);
          }
          expect(cache.holds(visible)).toBe(true);
        },
      ),
    );
  });
});
