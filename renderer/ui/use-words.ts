/** The words that the person highlights, as rows are drawn with them: the one marked by a double click before the others. */
import { useMemo } from 'react';
import { withRules, wordQuery } from '../../electron/contract/colour-rules.ts';
import { useApp, useCarried, useColours, useHighlights, useWordMark } from './app-context.ts';
import type { WordLook } from './table/message-cell.ts';

/** The same list until a rule changes or more matches are known, so that rows are not drawn anew when other things change. */
export function useWords(): readonly WordLook[] {
  const app = useApp();
  const own = useColours((colours) => colours.rules);
  const carried = useCarried((state) => state.rules);
  const rules = useMemo(() => (carried.length === 0 ? own : withRules(own, carried)), [own, carried]);
  const marked = useWordMark((mark) => mark.query);
  const version = useHighlights((highlights) => highlights.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a new highlighter
  return useMemo(() => {
    const all: WordLook[] = [];
    const word = marked && app.highlights.highlighter(marked);
    if (word) all.push({ highlighter: word, mark: 'word word-marked' });
    let place = 0;
    for (const rule of rules) {
      if (rule.of !== 'words' || !rule.on) continue;
      const highlighter = app.highlights.highlighter(wordQuery(rule), `word ${place++}`);
      if (highlighter) all.push({ highlighter, mark: `word word-${rule.colour}` });
    }
    return all.length === 0 ? NONE : all;
  }, [app, rules, marked, version]);
}

const NONE: readonly WordLook[] = [];
