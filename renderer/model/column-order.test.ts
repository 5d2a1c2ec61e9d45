import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropPlace, inOrder, movedBefore, placeBeside } from './column-order.ts';
import { COLUMNS, type ColumnChoice, type ColumnId } from './columns.ts';

const NONE: ColumnChoice = { characters: {}, modes: {} };
const table = (...ids: ColumnId[]) => ids.map((id) => ({ id }));
const shown = table('index', 'time', 'cpu', 'level', 'message');
const idsIn = (columns: readonly { readonly id: ColumnId }[], choice: ColumnChoice) =>
  inOrder(columns, choice).map(({ id }) => id);

describe('the order of columns', () => {
  it('is as they come, the same object, until one is moved', () => {
    expect(inOrder(shown, NONE)).toBe(shown);
    const moved = movedBefore(NONE, 'level', 'index');
    expect(idsIn(shown, moved)).toEqual(['level', 'index', 'time', 'cpu', 'message']);
    // Back where it was, nothing is chosen any more.
    expect(movedBefore(moved, 'level', 'source')).toEqual(NONE);
  });

  it('keeps the message last, whatever is asked for', () => {
    expect(movedBefore(NONE, 'message', 'index')).toBe(NONE);
    expect(idsIn(shown, movedBefore(NONE, 'index', 'message'))).toEqual(['time', 'cpu', 'level', 'index', 'message']);
  });

  it('has a place for columns that are not shown now, and for fields', () => {
    const moved = movedBefore({ ...NONE, fields: ['tcp.port'] }, 'pid', 'time');
    const later = table('index', 'time', 'pid', 'remarks', 'field:tcp.port', 'message');
    expect(idsIn(later, moved)).toEqual(['index', 'pid', 'time', 'remarks', 'field:tcp.port', 'message']);
    const first = movedBefore(moved, 'field:tcp.port', 'index');
    expect(idsIn(later, first)).toEqual(['field:tcp.port', 'index', 'pid', 'time', 'remarks', 'message']);
    // A field that is chosen afterwards comes last, as it does without an order.
    const more = { ...first, fields: ['tcp.port', 'tcp.flags'] };
    expect(idsIn([...later.slice(0, 5), ...table('field:tcp.flags', 'message')], more).at(-2)).toBe('field:tcp.flags');
    expect(movedBefore(NONE, 'field:none.such', 'index')).toBe(NONE);
  });

  it('puts a column that a later version brings behind the one that it follows', () => {
    const order: ColumnId[] = ['level', 'index', 'cpu'];
    expect(idsIn(shown, { ...NONE, order })).toEqual(['level', 'index', 'time', 'cpu', 'message']);
  });

  it('has each column once after any moves', () => {
    const ids = COLUMNS.map(({ id }) => id);
    const move = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
    fc.assert(
      fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
        const choice = moves.reduce((now, [id, before]) => movedBefore(now, id, before), NONE);
        const order = idsIn(COLUMNS, choice);
        expect([...order].sort()).toEqual([...ids].sort());
        expect(order.at(-1)).toBe('message');
        const [last] = moves.slice(-1);
        if (last !== undefined && last[0] !== 'message' && last[0] !== last[1])
          expect(order[order.indexOf(last[0]) + 1]).toBe(last[1]);
      }),
    );
  });
});

describe('a step of a column', () => {
  it('goes past the one beside it among those shown, and not past the ends', () => {
    const ids = shown.map(({ id }) => id);
    expect(placeBeside(ids, 'index', -1)).toBeNull();
    expect(placeBeside(ids, 'index', 1)).toBe('cpu');
    expect(placeBeside(ids, 'cpu', -1)).toBe('time');
    expect(placeBeside(ids, 'cpu', 1)).toBe('message');
    expect(placeBeside(ids, 'level', 1)).toBeNull();
    expect([placeBeside(ids, 'message', -1), placeBeside(ids, 'pid', 1)]).toEqual([null, null]);
    // A hidden one between them is passed, too.
    const choice = movedBefore(NONE, 'time', placeBeside(ids, 'time', 1) as ColumnId);
    expect(idsIn(shown, choice)).toEqual(['index', 'cpu', 'time', 'level', 'message']);
  });
});

describe('the place where a column is dropped', () => {
  const places = [
    { id: 'index', left: 0, right: 100 },
    { id: 'time', left: 100, right: 200 },
    { id: 'cpu', left: 200, right: 220 },
    { id: 'message', left: 220, right: 900 },
  ] as const;
  const at = (id: ColumnId, x: number) => dropPlace(places, id, x);

  it('is the nearer edge of the head that is pointed at', () => {
    expect(at('cpu', 30)).toEqual({ before: 'index', edge: 0 });
    expect(at('cpu', 60)).toEqual({ before: 'time', edge: 100 });
    expect(at('index', 160)).toEqual({ before: 'cpu', edge: 200 });
    expect(at('cpu', -50)).toEqual({ before: 'index', edge: 0 });
  });

  it('is never behind the message', () => {
    expect(at('index', 219)).toEqual({ before: 'message', edge: 220 });
    expect(at('index', 5000)).toEqual({ before: 'message', edge: 220 });
  });

  it('is none where the column stands already', () => {
    expect([at('time', 60), at('time', 140), at('time', 205), at('cpu', 5000)]).toEqual([null, null, null, null]);
  });
});
