import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knowTypes } from '../../electron/contract/filter/known-names.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import { EVENT_TYPE } from '../../native/core/events.ts';
import { fitText } from './cell-text.ts';
import {
  COLUMNS,
  type ColumnChoice,
  type ColumnId,
  clampWidth,
  fitColumns,
  gridTemplate,
  messageRoom,
  NOTHING_SEEN,
  noteColumns,
  type SeenColumns,
  visibleColumns,
} from './columns.ts';
import { FIGURES, nameWithNumber } from './figures.ts';

knowTypes([{ type: EVENT_TYPE.PROCESS, name: 'process', description: '', added: false, fields: [] }]);

const row = (over: Partial<LogRow>): LogRow =>
  ({
    kind: 0,
    index: 1,
    timeNs: 0,
    deltaNs: null,
    cpuDeltaNs: null,
    cpu: 0,
    level: 2,
    pid: 4,
    type: 0,
    remarks: 0,
    origin: 0,
    ...over,
  }) as LogRow;
const none = { characters: {}, modes: {} };
const ids = (columns: readonly { id: string }[]) => columns.map((column) => column.id);

const NOTHING_CHOSEN: ColumnChoice = { characters: {}, modes: {} };

describe('columns', () => {
  it('hides type, remarks and source until a row has one', () => {
    expect(ids(visibleColumns(none, NOTHING_SEEN))).toEqual(['index', 'time', 'delta', 'cpu', 'level', 'message']);
    const plain = noteColumns(NOTHING_SEEN, [row({})]);
    expect(plain.ids).toBe(NOTHING_SEEN.ids);
    // Rows come all the time, and later ones: that alone must not lay the columns out anew.
    const later = noteColumns(plain, [row({ timeNs: 5 })]);
    expect([later.ids, later.characters]).toEqual([plain.ids, plain.characters]);
    expect(later.ids).toBe(plain.ids);
    expect(later.characters).toBe(plain.characters);
    expect(noteColumns(plain, [row({})]).begun.sparse).toBe(plain.begun.sparse);
    expect(noteColumns(plain, [row({ kind: 1, remarks: 37, index: 2 ** 50 })])).toBe(plain);
    const seen = noteColumns(plain, [row({ remarks: 3 })]);
    expect(ids(visibleColumns(none, seen))).toContain('remarks');
    expect(noteColumns(seen, [row({})]).ids).toBe(seen.ids);
  });

  it('shows by itself exactly the columns it looks into', () => {
    const auto = COLUMNS.filter((column) => column.mode === 'auto').map((column) => column.id);
    const seen = noteColumns(NOTHING_SEEN, [row({ origin: 1, type: 1, remarks: 1 })]);
    // The source and the provider show once there are several, the process and the function once one has a name: no row says so.
    expect([...seen.ids, 'source', 'process', 'provider', 'function'].sort()).toEqual([...auto].sort());
  });

  it('leaves the message of a trace half of the smallest window, unless the person wants what an event is called', () => {
    const ids = new Set<ColumnId>(['process', 'provider', 'function']);
    const seen = { ...NOTHING_SEEN, ids };
    // A window of 900 pixels has room for some 125 characters of the usual size.
    const room = (choice: ColumnChoice, narrow: boolean) =>
      messageRoom(fitColumns(visibleColumns(choice, seen, narrow), choice), 125);
    const none = { characters: {}, modes: {} };
    expect(room(none, true)).toBeGreaterThan(125 / 2);
    expect(room(none, false)).toBeLessThan(125 / 4);
    const wanted = { characters: {}, modes: { provider: 'show' } } as const;
    expect(visibleColumns(wanted, seen, true).map(({ id }) => id)).toContain('provider');
  });

  it('leaves columns out of a narrow window that nearly all rows seen first are empty in, and the level only after them', () => {
    const few = Array.from({ length: 40 }, (_, at) => row(at % 20 === 0 ? { type: 7, remarks: 1 } : {}));
    const many = few.map(({ remarks }) => row({ type: 7, remarks }));
    const narrowIds = (rows: LogRow[], modes: ColumnChoice['modes'] = {}) =>
      visibleColumns({ characters: {}, modes }, noteColumns(NOTHING_SEEN, rows), true).map(({ id }) => id);
    expect(narrowIds(few)).toEqual(['index', 'time', 'cpu', 'level', 'message']);
    expect(narrowIds(many)).toEqual(['index', 'time', 'cpu', 'level', 'type', 'message']);
    expect(narrowIds(few, { type: 'show', process: 'show' })).toEqual([
      'index',
      'time',
      'cpu',
      'process',
      'type',
      'message',
    ]);
    expect(visibleColumns(NOTHING_CHOSEN, noteColumns(NOTHING_SEEN, few)).map(({ id }) => id)).toContain('remarks');
    // Rows that come later make no column come or go.
    const first = noteColumns(NOTHING_SEEN, [...few, ...few, ...few, ...few, ...few]);
    expect(noteColumns(first, many)).toBe(first);
  });

  it('has no column of what no source states, unless it was chosen', () => {
    const idsOf = (choice: ColumnChoice, ...unstated: ColumnId[]) =>
      visibleColumns(choice, NOTHING_SEEN, false, new Set(unstated)).map(({ id }) => id);
    expect(idsOf(NOTHING_CHOSEN)).toEqual(expect.arrayContaining(['cpu', 'level']));
    expect(idsOf(NOTHING_CHOSEN, 'cpu')).not.toContain('cpu');
    expect(idsOf(NOTHING_CHOSEN, 'cpu', 'level')).not.toContain('level');
    expect(idsOf({ ...NOTHING_CHOSEN, modes: { cpu: 'show' } }, 'cpu')).toContain('cpu');
  });

  it('grows with its figures: no digit is cut, whatever a row holds and however narrow the person made the column', () => {
    const all: ColumnId[] = ['index', 'cpu', 'level', 'pid', 'origin', 'type', 'remarks'];
    const modes = Object.fromEntries(all.map((id) => [id, 'show'] as const));
    const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const anyRow = fc.record({
      index: fc.maxSafeNat(),
      cpu: fc.nat(65_535),
      level: fc.nat(255),
      pid: u32,
      origin: fc.nat(255),
      type: fc.nat(65_535),
      remarks: u32,
    });
    const narrow = Object.fromEntries(all.map((id) => [id, 1]));
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 20 }), fc.boolean(), (overs, narrowed) => {
        const rows = overs.map((over) => row(over));
        const choice = { characters: narrowed ? narrow : {}, modes };
        // As rows come: some at a time.
        const seen = rows.reduce((known: SeenColumns, each) => noteColumns(known, [each]), NOTHING_SEEN);
        for (const { id, width, align } of fitColumns(visibleColumns(choice, seen), choice)) {
          if (!(id in FIGURES)) continue;
          for (const each of rows) {
            const text = FIGURES[id as keyof typeof FIGURES](each);
            expect(fitText(text, width, align).trim()).toBe(text);
          }
        }
      }),
    );
  });

  it.each([
    ['index', row({ index: 10_000_000_007 }), '10000000007'],
    ['pid', row({ pid: 4_294_967_292 }), '4294967292'],
    ['level', row({ level: 255 }), 'level 255'],
    ['type', row({ type: EVENT_TYPE.PROCESS }), 'process'],
    ['remarks', row({ remarks: 4_294_967_295 }), '4294967295'],
  ] as const)('shows a long %s whole', (id, long, text) => {
    const choice = { characters: {}, modes: { [id]: 'show' } as const };
    const seen = noteColumns(NOTHING_SEEN, [long]);
    const column = fitColumns(visibleColumns(choice, seen), choice).find((each) => each.id === id)!;
    expect(FIGURES[id](long)).toBe(text);
    expect(fitText(FIGURES[id](long), column.width, column.align).trim()).toBe(text);
  });

  it('cuts the name of a process, never its number', () => {
    expect(nameWithNumber('nicfilt.exe', 4_194_304, 19)).toBe('nicfilt.exe 4194304');
    expect(nameWithNumber('averylongname.exe', 4_194_304, 19)).toBe('averylongn\u2026 4194304');
    expect(nameWithNumber('\u9a71\u52a8\u7a0b\u5e8f\u670d\u52a1', 4_194_304, 19)).toBe(
      '\u9a71\u52a8\u7a0b\u5e8f\u2026 4194304',
    );
    expect(nameWithNumber('a.exe', 4_194_304, 5)).toBe('4194304');
  });

  it('obeys the person over the automatic choice', () => {
    const choice = { characters: {}, modes: { type: 'show', index: 'hide' } as const };
    const shown = ids(visibleColumns(choice, { ...NOTHING_SEEN, ids: new Set(['remarks'] as const) }));
    expect(shown).toContain('type');
    expect(shown).not.toContain('index');
  });

  it('keeps widths usable', () => {
    const time = COLUMNS[1]!;
    expect(clampWidth(time, 1)).toBe(time.minWidth);
    expect(clampWidth(time, 1e6)).toBe(80);
    const fitted = fitColumns(visibleColumns(none, NOTHING_SEEN), { characters: { cpu: 5.4 }, modes: {} });
    expect(gridTemplate(fitted)).toBe('11ch 15ch 13ch 7ch 9ch minmax(0, 1fr)');
  });

  it('gives the message what is left, and always something', () => {
    const fitted = fitColumns(visibleColumns(none, NOTHING_SEEN), none);
    expect(messageRoom(fitted, 120)).toBe(120 - (11 + 15 + 13 + 6 + 9) - 1);
    expect(messageRoom(fitted, 10)).toBe(1);
  });
});
