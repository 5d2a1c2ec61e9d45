/** The order of the columns: as they come, or as a person moved them. Pure. */
import { fieldColumnId } from '../../electron/contract/field-columns.ts';
import { COLUMNS, type ColumnChoice, type ColumnId } from './columns.ts';

/** The columns with a place in the order. The message has none: it is as wide as what is left, so nothing can stand behind it. */
const PLACED: readonly ColumnId[] = COLUMNS.flatMap(({ id }) => (id === 'message' ? [] : [id]));

/**
 * All columns in their order, hidden ones too, without the message. One that the order does not name stands behind the one
 * that it usually follows, as a column does that a later version brings; a field, behind all others.
 */
function sequence({ order = [], fields = [] }: Pick<ColumnChoice, 'order' | 'fields'>): ColumnId[] {
  const ofFields = fields.map(fieldColumnId);
  const placed: ColumnId[] = order.filter((id) => PLACED.includes(id) || ofFields.some((field) => field === id));
  for (const [at, id] of PLACED.entries()) {
    if (!placed.includes(id)) placed.splice(placed.indexOf(PLACED[at - 1] ?? id) + 1, 0, id);
  }
  return [...placed, ...ofFields.filter((id) => !placed.includes(id))];
}

/** The columns in the order that the person chose, the message last; the same object where none was. */
export function inOrder<T extends { readonly id: ColumnId }>(
  columns: readonly T[],
  choice: ColumnChoice,
): readonly T[] {
  if (choice.order === undefined) return columns;
  const places = new Map(sequence(choice).map((id, at) => [id, at]));
  const place = ({ id }: T): number => places.get(id) ?? places.size;
  return [...columns].sort((a, b) => place(a) - place(b));
}

/** With a column right before another, `message` for behind all others; the same object where it stands there or cannot. */
export function movedBefore(choice: ColumnChoice, id: ColumnId, before: ColumnId): ColumnChoice {
  const whole = sequence(choice);
  const rest = whole.filter((each) => each !== id);
  const at = before === 'message' ? rest.length : rest.indexOf(before);
  if (rest.length === whole.length || at < 0) return choice;
  const order = [...rest.slice(0, at), id, ...rest.slice(at)];
  if (sameOrder(order, whole)) return choice;
  const { order: _, ...asTheyCome } = choice;
  return sameOrder(order, sequence(asTheyCome)) ? asTheyCome : { ...choice, order };
}

const sameOrder = (a: readonly ColumnId[], b: readonly ColumnId[]): boolean =>
  a.length === b.length && a.every((id, at) => id === b[at]);

/**
 * Before which column one has to be put so that it is a place further to the left (-1) or to the right (1) among those shown;
 * null at the ends.
 */
export function placeBeside(shown: readonly ColumnId[], id: ColumnId, step: -1 | 1): ColumnId | null {
  const at = shown.indexOf(id);
  const neighbour = shown[at + step];
  if (at < 0 || id === 'message' || neighbour === undefined || neighbour === 'message') return null;
  return step < 0 ? neighbour : (shown[at + 2] ?? null);
}

/** The head of a column and where it lies, pixels from the left. */
export interface HeadPlace {
  readonly id: ColumnId;
  readonly left: number;
  readonly right: number;
}

/** Where a column would come that is dropped at `x`. */
export interface DropPlace {
  readonly before: ColumnId;
  /** The edge between the columns there, pixels from the left. */
  readonly edge: number;
}

/** `places`: of the heads shown, in their order, that of the message last. Null where the column would stay where it is. */
export function dropPlace(places: readonly HeadPlace[], id: ColumnId, x: number): DropPlace | null {
  const at = places.findIndex((place) => place.id === 'message' || x < (place.left + place.right) / 2);
  const found = places[at];
  if (found === undefined || found.id === id || places[at - 1]?.id === id) return null;
  return { before: found.id, edge: found.left };
}
