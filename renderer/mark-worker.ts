/** The page's thread that runs expressions on the texts of rows: see store/marks.ts. */
import { matchExpression, splitMatches } from '../electron/contract/text-matches.ts';
import type { MarkReply, MarkRequest } from './store/marks.ts';

addEventListener('message', (event: MessageEvent<MarkRequest>) => {
  const { query, texts } = event.data;
  const pattern = matchExpression(query);
  const reply: MarkReply = texts.map((text) => cut(text, pattern));
  postMessage(reply);
});

/** What the engine refuses (too large once it is run) is not marked. */
function cut(text: string, pattern: RegExp | null): MarkReply[number] {
  try {
    return splitMatches(text, pattern);
  } catch {
    return [{ text, match: false }];
  }
}
