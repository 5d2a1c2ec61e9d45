import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matching } from '../model/palette.ts';
import { COMMAND_NAMES, COMMANDS } from './commands.ts';
import { PALETTE_ENTRIES, SYNONYMS } from './palette-entries.ts';

const all = COMMAND_NAMES.map((name) => COMMANDS[name]);
const labels = (text: string): string[] => matching(all, text).map(({ label }) => label);

it('lists everything for no text, in the order of the table', () => {
  expect(matching(all, ' ')).toEqual(all);
});

it('finds by words of the label in any order, by the group and by a key', () => {
  expect(labels('markdown copy')).toEqual(['Copy them as a Markdown table']);
  expect(labels('ctrl+shift+h')).toEqual(['Recorded sessions']);
  expect(labels('capture').length).toBeGreaterThan(labels('capturing').length);
  expect(labels('no such command')).toEqual([]);
});

it('puts a label that begins with the text first, then one with such a word', () => {
  expect(labels('next')[0]).toBe('Next match');
  const [first, second] = [
    { label: 'Unview', group: 'g', keys: [] },
    { label: 'Close this view', group: 'g', keys: [] },
  ] as const;
  expect(matching([first, second], 'view')).toEqual([second, first]);
});

it('puts what a command is called before what is said of it besides, and what cannot be done now last', () => {
  const inBrackets = { label: 'Open a list (lm, CSV)', group: 'g', keys: [] };
  const named = { label: 'Export as CSV', group: 'g', keys: [] };
  expect(matching([inBrackets, named], 'csv')).toEqual([named, inBrackets]);
  expect(matching([inBrackets, named], 'csv', (command) => command !== named)).toEqual([inBrackets, named]);
  expect(matching([inBrackets, named], '', (command) => command !== inBrackets)).toEqual([inBrackets, named]);
  expect(matching(PALETTE_ENTRIES, 'csv')[0]?.id).toBe('export-filtered-csv');
});

it('finds every command by its own label, first but for those that begin alike', () => {
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.nat(60), (command, cut) => {
      const found = matching(all, command.label.slice(0, cut));
      expect(found).toContain(command);
      if (cut >= command.label.length) expect(found[0]?.label.startsWith(command.label)).toBe(true);
    }),
  );
});

it.each([
  ['delete', 'clear'],
  ['save', 'exportShown'],
  ['autoscroll', 'follow'],
  ['tail', 'follow'],
  ['record', 'toggleCapture'],
  ['record', 'sessions'],
  ['hide', 'focusFilter'],
  ['regex', 'find'],
  ['dark', 'settings'],
  ['font', 'settings'],
  ['shortcuts', 'cheatSheet'],
  ['alert', 'watches'],
  ['dropped', 'nextLoss'],
  ['csv', 'export-filtered-csv'],
  ['save parquet', 'export-all-parquet'],
  ['export selected html', 'export-selection-html'],
  ['excel', 'copy-csv'],
])('%s finds %s', (text, id) => {
  expect(matching(PALETTE_ENTRIES, text).map((entry) => entry.id)).toContain(id);
});

it('has other words in small letters, apart from each other, and none twice', () => {
  for (const [command, words] of Object.entries(SYNONYMS)) {
    expect(words, command).toMatch(/^[a-z-]+( [a-z-]+)*$/);
    expect(new Set(words.split(' ')).size, command).toBe(words.split(' ').length);
  }
  // What is called as it was typed comes before what is only another word for it.
  expect(matching(PALETTE_ENTRIES, 'copy')[0]?.id).toBe('copy');
  expect(matching(PALETTE_ENTRIES, 'export')[0]?.id).toBe('exportShown');
});
