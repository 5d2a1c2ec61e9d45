/** A value of a field, as it is shown, as a term of a filter. */
import { MOST_FIELD_TEXT } from '../../electron/contract/field-columns.ts';
import type { FieldTerm } from '../../electron/contract/filter/tree.ts';

/**
 * `name`: what a filter calls the field. Null for what no term says: nothing, flags that are set together, and a value that
 * is as long as a cell has it, for its end may be missing.
 */
export function fieldTerm(name: string, value: string): FieldTerm | null {
  if (value === '' || value.length >= MOST_FIELD_TEXT || value.includes('|')) return null;
  return { kind: 'field', name: name.toLowerCase(), relation: ':', values: [value] };
}
