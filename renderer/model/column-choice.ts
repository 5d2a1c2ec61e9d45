/**
 * What a person chose of the columns: order, widths, which are shown, which fields of typed records are among them. For each
 * kind of log, and stored as text. Pure.
 */
import {
  fieldColumnId,
  isFieldColumn,
  isFieldName,
  MOST_FIELD_COLUMNS,
  nameOfField,
} from '../../electron/contract/field-columns.ts';
import { COLUMN_KINDS, type ColumnKind } from './column-kinds.ts';
import { COLUMNS, type ColumnChoice, type ColumnId, type ColumnMode } from './columns.ts';
import { isRecord } from './stored.ts';

export const NO_CHOICE: ColumnChoice = { characters: {}, modes: {} };

export interface ColumnChoices {
  /** That of a kind for which nothing was chosen: also what was chosen before a log was open, or for all kinds at once. */
  readonly start: ColumnChoice;
  readonly kinds: Readonly<Partial<Record<ColumnKind, ColumnChoice>>>;
}

/** What is in force for a kind; null for none. The same object until it is changed. */
export const choiceOf = ({ start, kinds }: ColumnChoices, kind: ColumnKind | null): ColumnChoice =>
  (kind === null ? undefined : kinds[kind]) ?? start;

/** With another choice for a kind; null: for all for which nothing was chosen. */
export const withChoice = (choices: ColumnChoices, kind: ColumnKind | null, choice: ColumnChoice): ColumnChoices =>
  kind === null ? { ...choices, start: choice } : { ...choices, kinds: { ...choices.kinds, [kind]: choice } };

/** With a field as a column, the last of the fields, or without it: then it has no place any more either. */
export function withField(choice: ColumnChoice, name: string, shown: boolean): ColumnChoice {
  const { fields = [], order, ...rest } = choice;
  const others = fields.filter((each) => each !== name);
  const left = order?.filter((id) => id !== fieldColumnId(name));
  return { ...rest, ...(left === undefined ? {} : { order: left }), fields: shown ? [...others, name] : others };
}

/** Reads what was stored, as far as it is understood: another version may have written it. */
export function parseChoices(start: unknown, kinds: unknown): ColumnChoices {
  const known = COLUMN_KINDS.flatMap((kind) => {
    const stored = isRecord(kinds) ? kinds[kind] : undefined;
    return isRecord(stored) ? [[kind, parseChoice(stored)] as const] : [];
  });
  return { start: parseChoice(start), kinds: Object.fromEntries(known) };
}

function parseChoice(stored: unknown): ColumnChoice {
  const columns = isRecord(stored) ? stored : {};
  const fields = fieldsIn(columns.fields);
  const ids: ColumnId[] = [...COLUMNS.map(({ id }) => id), ...fields.map(fieldColumnId)];
  const characters: Partial<Record<ColumnId, number>> = {};
  const modes: Partial<Record<ColumnId, ColumnMode>> = {};
  for (const id of ids) {
    const width = isRecord(columns.characters) ? columns.characters[id] : undefined;
    if (typeof width === 'number' && Number.isFinite(width)) characters[id] = width;
    const mode = isRecord(columns.modes) && !isFieldColumn(id) ? columns.modes[id] : undefined;
    if (mode === 'auto' || mode === 'show' || mode === 'hide') modes[id] = mode;
  }
  const order = orderIn(columns.order, ids);
  return {
    ...{ characters, modes },
    ...(fields.length === 0 ? {} : { fields }),
    ...(order.length === 0 ? {} : { order }),
  };
}

/** Names of fields as they were stored. */
function fieldsIn(stored: unknown): string[] {
  if (!Array.isArray(stored)) return [];
  const names = stored.filter((each): each is string => typeof each === 'string' && isFieldName(each));
  return [...new Set(names)].slice(0, MOST_FIELD_COLUMNS);
}

/** Columns as they were stored in their order, each once; the message has no place among them. */
function orderIn(stored: unknown, ids: readonly ColumnId[]): ColumnId[] {
  if (!Array.isArray(stored)) return [];
  const known = stored.flatMap((each) => ids.filter((id) => id === each && id !== 'message'));
  return [...new Set(known)];
}

/** The fields that are columns, in the order in which the person has them. */
export function fieldsInOrder({ fields = [], order = [] }: ColumnChoice): readonly string[] {
  const placed = order
    .filter(isFieldColumn)
    .map(nameOfField)
    .filter((name) => fields.includes(name));
  return [...placed, ...fields.filter((name) => !placed.includes(name))];
}
