import { describe, expect, it } from 'vitest';
import { choiceOf, fieldsInOrder, NO_CHOICE, parseChoices, withChoice, withField } from './column-choice.ts';
import type { ColumnChoice } from './columns.ts';

const WIDE: ColumnChoice = { characters: { time: 30 }, modes: {} };
const PIDS: ColumnChoice = { characters: {}, modes: { pid: 'show' } };

describe('the choice of columns', () => {
  it('is for a kind of log, and begins with what was chosen for all', () => {
    const before = parseChoices(WIDE, undefined);
    expect(choiceOf(before, 'trace')).toEqual(WIDE);
    const after = withChoice(before, 'trace', PIDS);
    expect([choiceOf(after, 'trace'), choiceOf(after, 'plain'), choiceOf(after, null)]).toEqual([PIDS, WIDE, WIDE]);
    const other = withChoice(after, null, NO_CHOICE);
    expect([choiceOf(other, 'trace'), choiceOf(other, 'plain')]).toEqual([PIDS, NO_CHOICE]);
  });

  it('is read as far as it is understood', () => {
    const order = ['level', 'time', 'level', 'message', 'columns', 7, 'field:a.x', 'field:b.y'];
    const kinds = {
      ...{ debugview: { order, fields: ['a.x'], modes: { pid: 'hide', 'field:a.x': 'hide' } } },
      ...{ sim: 'wide', constructor: WIDE, unheard: WIDE, plain: null },
    };
    expect(parseChoices(undefined, kinds)).toEqual({
      start: NO_CHOICE,
      kinds: {
        debugview: {
          ...{ characters: {}, modes: { pid: 'hide' }, fields: ['a.x'] },
          order: ['level', 'time', 'field:a.x'],
        },
      },
    });
    for (const none of [null, 7, [], 'sim']) expect(parseChoices(none, none)).toEqual({ start: NO_CHOICE, kinds: {} });
    expect(parseChoices({ order: 'level' }, {}).start).toEqual(NO_CHOICE);
  });

  it('has fields in the order in which they were chosen, or moved', () => {
    const chosen = ['a.x', 'b.y', 'c.z'].reduce((now, name) => withField(now, name, true), NO_CHOICE);
    expect(fieldsInOrder(chosen)).toEqual(['a.x', 'b.y', 'c.z']);
    const moved: ColumnChoice = { ...chosen, order: ['field:c.z', 'time', 'field:a.x'] };
    expect(fieldsInOrder(moved)).toEqual(['c.z', 'a.x', 'b.y']);
    // One that is no column any more has lost its place.
    const without = withField(moved, 'c.z', false);
    expect(without).toEqual({ ...NO_CHOICE, fields: ['a.x', 'b.y'], order: ['time', 'field:a.x'] });
    expect(fieldsInOrder(withField(without, 'c.z', true))).toEqual(['a.x', 'b.y', 'c.z']);
  });
});
