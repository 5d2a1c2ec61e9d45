import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LogRow } from '../../electron/contract/rows.ts';
import { RowKind } from '../../native/core/entry.ts';
import { lossPlace, lossRun } from './loss-run.ts';

const anyRow = fc
  .record({
    ...{ record: fc.boolean(), cpu: fc.nat(3), remarks: fc.integer({ min: 1, max: 9 }), type: fc.nat(3) },
    meanwhile: fc.nat(99),
  })
  .map(({ record, ...more }) => ({ ...more, kind: record ? RowKind.Entry : RowKind.Gap }) as LogRow);

const heldOf = (rows: readonly (LogRow | undefined)[], first = 0) => ({
  ...{ first, end: first + rows.length, generation: 7 },
  row: (position: number) => rows[position - first],
});

it('tells losses without a record between them together, once, and each of them as a part below', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 30 }), (plain) => {
      const rows = plain.map((row, at) => ({ ...row, timeNs: at * 10, cpuDeltaNs: at % 3 === 0 ? null : at + 5 }));
      const held = heldOf(rows, 100);
      for (const [at, row] of rows.entries()) {
        if (row.kind === RowKind.Entry) continue;
        let first = at;
        while (rows[first - 1]?.kind === RowKind.Gap) first--;
        let last = at;
        while (rows[last + 1]?.kind === RowKind.Gap) last++;
        const { part, total, meanwhile } = lossPlace(held, 100 + at);
        expect(part).toBe(first === last ? 'alone' : at === first ? 'head' : 'rest');
        const all = lossRun(held, 100 + at);
        expect(all?.rows ?? null).toEqual(first === last ? null : rows.slice(first, last + 1));
        if (part === 'head') expect(all?.total).toEqual(total);
        if (part !== 'head') {
          expect([total, meanwhile]).toEqual([null, 0]);
          continue;
        }
        const run = rows.slice(first, last + 1);
        expect(meanwhile).toBe(Math.max(...run.map((each) => each.meanwhile ?? 0)));
        const froms = run.flatMap(({ timeNs, cpuDeltaNs }) => (cpuDeltaNs === null ? [] : [timeNs - cpuDeltaNs]));
        expect(total).toEqual({
          ...{ generation: 7, first: 100 + first, last: 100 + last, toNs: last * 10 },
          lost: run.reduce((sum, { remarks }) => sum + remarks, 0),
          cpus: [0, 1, 2, 3].filter((cpu) => run.some((each) => each.cpu === cpu)),
          causes: run.reduce((bits, { type }) => bits | type, 0),
          fromNs: froms.length === 0 ? null : Math.min(...froms),
        });
      }
    }),
  );
});

it('lets losses stand alone where the page does not hold all of them, so that no line says too little', () => {
  const gap = { kind: RowKind.Gap, cpu: 1, remarks: 2, type: 1, timeNs: 1, cpuDeltaNs: null } as LogRow;
  const entry = { kind: RowKind.Entry } as LogRow;
  expect(lossPlace(heldOf([entry, gap, gap, undefined]), 1).part).toBe('alone');
  expect(lossPlace(heldOf([undefined, gap, gap, entry]), 2).part).toBe('alone');
  expect(lossPlace(heldOf([entry, gap, gap]), 1)).toMatchObject({ part: 'head', total: { lost: 4, cpus: [1] } });
});
