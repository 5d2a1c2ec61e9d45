/** The fields of typed records that are columns: which of them rows are asked for with, and which a copy has. */
import { isFieldColumn, nameOfField } from '../model/columns.ts';
import { fieldColumns } from '../model/field-columns.ts';
import type { AskedFields } from './prepare-view.ts';
import type { PageSlices } from './slices.ts';
import type { Ui } from './ui.ts';
import type { View } from './view.ts';

/** The columns that the table has, in their order; without a list for none. */
export function shownFields({ ui, schemas }: Pick<PageSlices, 'ui' | 'schemas'>, view: View): AskedFields {
  const { columns, newFields } = ui.store.getState();
  const { types } = schemas.store.getState().schemas;
  const shown = fieldColumns(columns.fields ?? [], types, view.store.getState().seen, newFields);
  const fields = shown.flatMap(({ id }) => (isFieldColumn(id) ? [nameOfField(id)] : []));
  return fields.length === 0 ? {} : { fields };
}

/** Has a view ask for the fields that a person chooses; returns a function that ends that. */
export function followFields({ store }: Ui, view: View): () => void {
  const follow = (): void => view.setFields(store.getState().columns.fields ?? []);
  follow();
  return store.subscribe(follow);
}
