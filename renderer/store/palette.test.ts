import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matching } from '../model/palette.ts';
import { COMMAND_NAMES, COMMANDS } from './commands.ts';

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

it('finds every command by its own label, first but for those that begin alike', () => {
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.nat(60), (command, cut) => {
      const found = matching(all, command.label.slice(0, cut));
      expect(found).toContain(command);
      if (cut >= command.label.length) expect(found[0]?.label.startsWith(command.label)).toBe(true);
    }),
  );
});
