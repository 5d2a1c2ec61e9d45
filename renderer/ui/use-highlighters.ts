/** The highlighters of matches, used wherever texts of rows are shown. */
import { useEffect, useMemo } from 'react';
import { highlightedBy } from '../../electron/contract/filter/highlighted.ts';
import { findQuery } from '../store/find.ts';
import type { Highlighter } from '../store/highlights.ts';
import { useApp, useDecoding, useFilter, useFind, useHighlights } from './app-context.ts';

/**
 * The same object until the query changes or more matches are known, so that rows are not drawn anew when other things
 * change.
 */
export function useHighlighters(): { readonly find: Highlighter | null; readonly filter: Highlighter | null } {
  const open = useFind((find) => find.open);
  const pattern = useFind((find) => find.pattern);
  const regex = useFind((find) => find.regex);
  const caseSensitive = useFind((find) => find.caseSensitive);
  const applied = useFilter((filter) => filter.applied);
  const app = useApp();
  const decoding = useDecoding();
  const { text, asksForCodes } = useMemo(() => {
    let asks = false;
    const query = highlightedBy(applied, (term) => {
      asks = true;
      return decoding?.codeSource(term) ?? null;
    });
    return { text: query, asksForCodes: asks };
  }, [applied, decoding]);
  useEffect(() => {
    if (asksForCodes) void app.decoder.load();
  }, [app, asksForCodes]);
  const version = useHighlights((highlights) => highlights.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a new highlighter
  return useMemo(() => {
    const query = findQuery({ ...app.find.store.getState(), open, pattern, regex, caseSensitive });
    const find = query && app.highlights.highlighter(query);
    // Rows are highlighted by one of them only: using both would make each evict what is known of the other.
    return { find, filter: find === null && text ? app.highlights.highlighter(text) : null };
  }, [app, open, pattern, regex, caseSensitive, text, version]);
}
