/** Values of fields, as they are shown, as terms of a filter. */
import { MOST_FIELD_TEXT } from '../../electron/contract/field-columns.ts';
import type { FieldTerm } from '../../electron/contract/filter/tree.ts';
import type { SchemaField } from '../../electron/contract/schemas.ts';

/**
 * `name`: what a filter calls the field. Null for what no term says: nothing, flags that are set together, and a value that
 * is as long as a cell has it, for its end may be missing.
 */
export function fieldTerm(name: string, value: string): FieldTerm | null {
  if (value === '' || value.length >= MOST_FIELD_TEXT || value.includes('|')) return null;
  return { kind: 'field', name: name.toLowerCase(), relation: ':', values: [value] };
}

/**
 * The different values in a cell of a field that lies in an array, `[1, 2]`, of which a term asks for one. Of texts there are
 * none where a value may hold the comma that stands between two; the last value of a cell that was cut is left out.
 */
export function elementsOf({ ordered, values }: SchemaField, cell: string): readonly string[] {
  const whole = cell.length < MOST_FIELD_TEXT && cell.endsWith(']');
  const inner = cell.slice(1, whole ? -1 : undefined);
  if (!ordered && values.length === 0) return whole && !inner.includes(', ') ? [inner] : [];
  const each = inner.replaceAll(/[[\]]/g, '').split(', ');
  return [...new Set(whole ? each : each.slice(0, -1))].filter((value) => value !== '');
}
