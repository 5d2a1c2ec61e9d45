import { describe, expect, it } from 'vitest';
import type { LogRow } from '../../electron/contract/rows.ts';
import {
  COLUMNS,
  clampWidth,
  fitColumns,
  gridTemplate,
  messageRoom,
  noteColumns,
  type SeenColumns,
  visibleColumns,
} from './columns.ts';

const row = (over: Partial<LogRow>): LogRow => ({ kind: 0, type: 0, remarks: 0, origin: 0, ...over }) as LogRow;
const none = { characters: {}, modes: {} };
const ids = (columns: readonly { id: string }[]) => columns.map((column) => column.id);

describe('columns', () => {
  it('hides type, remarks and source until a row has one', () => {
    expect(ids(visibleColumns(none, new Set()))).toEqual(['index', 'time', 'delta', 'cpu', 'level', 'message']);
    const empty = new Set<never>();
    expect(noteColumns(empty, [row({})])).toBe(empty);
    expect(noteColumns(empty, [row({ kind: 1, remarks: 37 })])).toBe(empty);
    const seen = noteColumns(empty, [row({ remarks: 3 })]);
    expect(ids(visibleColumns(none, seen))).toContain('remarks');
    expect(noteColumns(seen, [row({})])).toBe(seen);
  });

  it('shows by itself exactly the columns it looks into', () => {
    const auto = COLUMNS.filter((column) => column.mode === 'auto').map((column) => column.id);
    const seen = noteColumns(new Set(), [row({ origin: 1, type: 1, remarks: 1 })]);
    // The source shows once there are several, the process once one has a name, which no row says.
    expect([...seen, 'source', 'process'].sort()).toEqual([...auto].sort());
  });

  it('makes room for hours once a time has them', () => {
    const time = (seen: SeenColumns) => visibleColumns(none, seen).find((column) => column.id === 'time')!.width;
    const seen = noteColumns(new Set(), [row({ timeNs: 3_600_000_000_000 })]);
    expect(time(seen)).toBeGreaterThan(time(new Set()));
  });

  it('obeys the person over the automatic choice', () => {
    const choice = { characters: {}, modes: { type: 'show', index: 'hide' } as const };
    const shown = ids(visibleColumns(choice, new Set(['remarks'])));
    expect(shown).toContain('type');
    expect(shown).not.toContain('index');
  });

  it('keeps widths usable', () => {
    const time = COLUMNS[1]!;
    expect(clampWidth(time, 1)).toBe(time.minWidth);
    expect(clampWidth(time, 1e6)).toBe(80);
    const fitted = fitColumns(visibleColumns(none, new Set()), { characters: { cpu: 5.4 }, modes: {} });
    expect(gridTemplate(fitted)).toBe('11ch 15ch 13ch 7ch 9ch minmax(0, 1fr)');
  });

  it('gives the message what is left, and always something', () => {
    const fitted = fitColumns(visibleColumns(none, new Set()), none);
    expect(messageRoom(fitted, 120)).toBe(120 - (11 + 15 + 13 + 6 + 9) - 1);
    expect(messageRoom(fitted, 10)).toBe(1);
  });
});
