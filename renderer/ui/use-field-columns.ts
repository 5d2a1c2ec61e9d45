/** The columns of fields of typed records that the table has now. */
import { useMemo } from 'react';
import type { Column } from '../model/columns.ts';
import { fieldColumns } from '../model/field-columns.ts';
import { useColumnChoice, useSchemas, useUi, useView } from './app-context.ts';

const NONE: readonly string[] = [];

export function useFieldColumns(): readonly Column[] {
  const chosen = useColumnChoice().fields ?? NONE;
  const fresh = useUi((ui) => ui.newFields);
  const types = useSchemas(({ schemas }) => schemas.types);
  const seen = useView((view) => view.seen.types);
  const characters = useView((view) => view.seen.characters);
  return useMemo(
    () => fieldColumns(chosen, types, { types: seen, characters }, fresh),
    [chosen, types, seen, characters, fresh],
  );
}
