/** The fields of typed records that are columns: which of them rows are asked for with, and which a copy has. */
import { isFieldColumn, nameOfField } from '../../electron/contract/field-columns.ts';
import { fieldsInOrder } from '../model/column-choice.ts';
import { fieldColumns } from '../model/field-columns.ts';
import type { Columns } from './columns.ts';
import type { AskedFields } from './prepare-view.ts';
import type { PageSlices } from './slices.ts';
import type { View } from './view.ts';

/** The columns that the table has, in their order; without a list for none. */
export function shownFields(
  { ui, schemas }: Pick<PageSlices, 'ui' | 'schemas'>,
  columns: Columns,
  view: View,
): AskedFields {
  const { newFields } = ui.store.getState();
  const { types } = schemas.store.getState().schemas;
  const shown = fieldColumns(fieldsInOrder(columns.choice()), types, view.store.getState().seen, newFields);
  const fields = shown.flatMap(({ id }) => (isFieldColumn(id) ? [nameOfField(id)] : []));
  return fields.length === 0 ? {} : { fields };
}

/** Has a view ask for the fields that a person chooses; returns a function that ends that. */
export function followFields(columns: Columns, view: View): () => void {
  const follow = (): void => view.setFields(columns.choice().fields ?? []);
  follow();
  return columns.follow(follow);
}
