/**
 * Which verbs of a row its menu has at hand, and which one menu further: those of the word and the cell that were clicked
 * come first, those of other cells are asked for. Pure.
 */
import type { ColumnId } from './columns.ts';

interface Placed {
  readonly id: string;
  readonly column: ColumnId | 'word' | null;
}

export interface MenuGroup<T> {
  readonly name: 'word' | 'cell' | 'others' | 'row';
  readonly verbs: readonly T[];
  /** One menu further; empty for none. */
  readonly more: readonly T[];
  /** What that menu is called. */
  readonly moreLabel: string;
}

/** Of what was clicked at hand: it is about that which the person points at. */
const AT_HAND = /^(only|hide)-(?!status-\d)|^life$|^interval-between$|^(find|mark)-word$/;
/** Of a cell other than the message, there is little else. */
const HIGHLIGHT = /^highlight-/;

/** The groups of the menu that have verbs. `column`: of the cell that was clicked; a key asks for the message. */
export function menuGroups<T extends Placed>(verbs: readonly T[], column: ColumnId): MenuGroup<T>[] {
  const split = (name: MenuGroup<T>['name'], some: readonly T[], moreLabel: string, hand: (verb: T) => boolean) => {
    const rest = some.filter((verb) => !hand(verb));
    // A menu for a single verb would only be in its way.
    return rest.length <= 1
      ? { name, verbs: some, more: [], moreLabel }
      : { name, verbs: some.filter(hand), more: rest, moreLabel };
  };
  const ofWord = verbs.filter((verb) => verb.column === 'word');
  const ofCell = verbs.filter((verb) => verb.column === column || (column === 'message' && verb.id === 'find'));
  const ofRow = verbs.filter((verb) => verb.column === null && !ofCell.includes(verb));
  // Each cell could be highlighted: the menu would be twice as long.
  const ofOthers = verbs.filter((verb) => ![...ofWord, ...ofCell, ...ofRow].includes(verb) && !HIGHLIGHT.test(verb.id));
  const atHand = ({ id }: T): boolean => AT_HAND.test(id);
  return [
    split('word', ofWord, 'Highlight it', atHand),
    column === 'message'
      ? split('cell', ofCell, 'More of this message', atHand)
      : { name: 'cell' as const, verbs: ofCell, more: [], moreLabel: '' },
    split('others', ofOthers, 'Other columns', () => false),
    { name: 'row' as const, verbs: ofRow, more: [], moreLabel: '' },
  ].filter(({ verbs: some, more }) => some.length + more.length > 0);
}
