/**
 * What a page needs to be as the one before it was. A page can end at any time, and main builds it again: it keeps what
 * the page last told of itself, and hands it to the next one together with what the service knows by itself. Bounded and
 * checked like every call, for it comes from a page.
 */
import { MOST_VIEWS } from './limits.ts';

/** Longest text of a box that is kept, UTF-16 units. */
export const MAX_TYPED = 4096;
/** Most characters that long messages can be moved to the left. */
const MAX_SHIFT = 1_000_000;

/** A box with its switches, as typed: it need not be in force, or even compile. */
export interface Typed {
  readonly pattern: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
}

/** What a page is like where it shows one view. Rows are numbers of the session's store, which no filter changes. */
export interface ViewState {
  readonly filter: Typed;
  readonly find: Typed & { readonly open: boolean };
  readonly selection: { readonly anchor: number; readonly focus: number } | null;
  /** The row at the upper edge of the table, and how many of its pixels lie above that; null while the newest are followed. */
  readonly place: { readonly row: number; readonly hiddenPx: number } | null;
  /** Characters long messages are moved to the left. */
  readonly shift: number;
}

/** Told by the page whenever it changes. */
export interface PageState {
  /** Number of the view that is looked at. */
  readonly active: number;
  readonly views: readonly { readonly view: number; readonly state: ViewState }[];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max;
}

function parseTyped(value: unknown): Typed | null {
  const fields = fieldsOf(value);
  if (fields === null) return null;
  const { pattern, regex, caseSensitive } = fields;
  if (typeof pattern !== 'string' || pattern.length > MAX_TYPED) return null;
  if (typeof regex !== 'boolean' || typeof caseSensitive !== 'boolean') return null;
  return { pattern, regex, caseSensitive };
}

/** The two numbers of an object, both whole and at least 0; null for anything else. */
function parsePair<A extends string, B extends string>(
  value: unknown,
  [a, maxA]: readonly [A, number],
  [b, maxB]: readonly [B, number],
): Readonly<Record<A | B, number>> | null {
  const fields = fieldsOf(value);
  const first = fields?.[a];
  const second = fields?.[b];
  if (!isCount(first, maxA) || !isCount(second, maxB)) return null;
  return { [a]: first, [b]: second } as Record<A | B, number>;
}

function parseViewState(value: unknown): ViewState | null {
  const MAX = Number.MAX_SAFE_INTEGER;
  const fields = fieldsOf(value);
  if (fields === null) return null;
  const filter = parseTyped(fields.filter);
  const find = parseTyped(fields.find);
  const open = fieldsOf(fields.find)?.open;
  if (filter === null || find === null || typeof open !== 'boolean' || !isCount(fields.shift, MAX_SHIFT)) return null;
  const selection = fields.selection === null ? null : parsePair(fields.selection, ['anchor', MAX], ['focus', MAX]);
  const place = fields.place === null ? null : parsePair(fields.place, ['row', MAX], ['hiddenPx', 1000]);
  if ((selection === null) !== (fields.selection === null) || (place === null) !== (fields.place === null)) return null;
  return { filter, find: { ...find, open }, selection, place, shift: fields.shift };
}

/** The state rebuilt from the fields that are known; null if one of them is not what it should be. */
export function parsePageState(value: unknown): PageState | null {
  const MAX = Number.MAX_SAFE_INTEGER;
  const fields = fieldsOf(value);
  if (fields === null || !isCount(fields.active, MAX)) return null;
  if (!Array.isArray(fields.views) || fields.views.length > MOST_VIEWS) return null;
  const views = Array.from(fields.views as unknown[], (each) => {
    const { view, state } = fieldsOf(each) ?? {};
    const parsed = parseViewState(state);
    return isCount(view, MAX) && parsed !== null ? { view, state: parsed } : null;
  });
  return views.some((view) => view === null)
    ? null
    : { active: fields.active, views: views.filter((view) => view !== null) };
}
