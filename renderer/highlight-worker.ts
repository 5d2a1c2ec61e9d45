/** The page's worker thread, which runs regular expressions on the texts of rows: see store/highlights.ts. */
import { matchExpression, splitMatches } from '../electron/contract/text-matches.ts';
import type { HighlightReply, HighlightRequest } from './store/highlights.ts';

addEventListener('message', (event: MessageEvent<HighlightRequest>) => {
  const { query, texts } = event.data;
  const pattern = matchExpression(query);
  const reply: HighlightReply = texts.map((text) => cut(text, pattern));
  postMessage(reply);
});

// How long an answer takes is counted from here on: a busy machine may take long to start a thread.
postMessage(null);

/** If the engine gives up on an expression when it is run (too large), nothing is highlighted. */
function cut(text: string, pattern: RegExp | null): HighlightReply[number] {
  try {
    return splitMatches(text, pattern);
  } catch {
    return [{ text, match: false }];
  }
}
