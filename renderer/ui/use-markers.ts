/** What marks matches in the texts of rows, wherever they are shown. */
import { useMemo } from 'react';
import { findQuery } from '../store/find.ts';
import type { Marker } from '../store/marks.ts';
import { useApp, useFilter, useFind, useMarks } from './app-context.ts';

/** The same until the query changes or more is known of its matches, so that rows stay equal while other things change. */
export function useMarkers(): { readonly find: Marker | null; readonly filter: Marker | null } {
  const open = useFind((find) => find.open);
  const pattern = useFind((find) => find.pattern);
  const regex = useFind((find) => find.regex);
  const caseSensitive = useFind((find) => find.caseSensitive);
  const text = useFilter((filter) => filter.applied.text);
  const app = useApp();
  const version = useMarks((marks) => marks.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a new marker
  return useMemo(() => {
    const query = findQuery({ ...app.find.store.getState(), open, pattern, regex, caseSensitive });
    const find = query && app.marks.marker(query);
    // Rows are marked by one of them; asking for both would have each push out what is known of the other.
    return { find, filter: find === null && text ? app.marks.marker(text) : null };
  }, [app, open, pattern, regex, caseSensitive, text, version]);
}
