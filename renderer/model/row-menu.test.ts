import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ColumnId } from './columns.ts';
import { menuGroups } from './row-menu.ts';

const verb = (id: string, column: ColumnId | 'word' | null) => ({ id, column });

const about = (column: ColumnId) => ['only', 'hide', 'highlight'].map((what) => verb(`${what}-${column}`, column));
/** All that a record of a trace with several sources and a reference may have. */
const ALL = [
  ...['only', 'hide', 'mark', 'find', 'highlight'].map((what) => verb(`${what}-word`, 'word')),
  verb('highlight-word-rows', 'word'),
  ...(['cpu', 'level', 'source', 'process', 'provider', 'pid', 'type'] as const).flatMap(about),
  ...['only-like', 'hide-like', 'highlight-like', 'only-status', 'hide-status', 'only-status-2', 'hide-status-2'].map(
    (id) => verb(id, 'message'),
  ),
  ...['life', 'life-2', 'interval-start', 'interval-end'].map((id) => verb(id, 'message')),
  ...['find', 'bookmark', 'note', 'measure', 'measure-to', 'align', 'copy', 'copy-table', 'copy-csv'].map((id) =>
    verb(id, null),
  ),
];

const lines = (column: ColumnId, verbs = ALL) =>
  menuGroups(verbs, column).flatMap(({ verbs: some, more, moreLabel }) => [
    ...some.map(({ id }) => id),
    ...(more.length > 0 ? [`> ${moreLabel}`] : []),
  ]);

it('has at hand what is about the word and the cell that were clicked, and about the row', () => {
  expect(lines('message')).toEqual([
    ...['only-word', 'hide-word', 'mark-word', 'find-word', '> Highlight it'],
    ...['only-like', 'hide-like', 'only-status', 'hide-status', 'life', '> More of this message'],
    '> Other columns',
    ...['bookmark', 'note', 'measure', 'measure-to', 'align', 'copy', 'copy-table', 'copy-csv'],
  ]);
  const cpu = lines(
    'cpu',
    ALL.filter(({ column }) => column !== 'word'),
  );
  expect(cpu.slice(0, 4)).toEqual(['only-cpu', 'hide-cpu', 'highlight-cpu', '> Other columns']);
});

it('has every verb once, but for the highlights of other cells, whatever there is', () => {
  fc.assert(
    fc.property(fc.subarray(ALL), fc.constantFrom<ColumnId>('message', 'cpu', 'time'), (some, column) => {
      const found = menuGroups(some, column).flatMap(({ verbs, more }) => [...verbs, ...more]);
      const wanted = some.filter(
        (each) => !each.id.startsWith('highlight-') || each.column === 'word' || each.column === column,
      );
      expect(new Set(found)).toEqual(new Set(wanted));
      expect(found.length).toBe(wanted.length);
      expect(menuGroups(some, column).every(({ more }) => more.length !== 1)).toBe(true);
    }),
    { examples: [[ALL, 'message']] },
  );
});
