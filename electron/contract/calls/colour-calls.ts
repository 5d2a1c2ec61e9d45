/** Calls about what a person highlights, kept for all sessions. */
import { done, packed, plain, result } from '../call.ts';
import { integer, MAX, nothing, object } from '../check.ts';
import { type ColourRule, colourRules, MOST_COLOURED_ROWS, type RowColours } from '../colour-rules.ts';
import { textQuery } from '../query.ts';
import { nothingElse, ofSession, ofView } from './ids.ts';

export const colourCalls = {
  /** In their order: the first that fits wins. */
  'colours.list': plain<readonly ColourRule[]>([])(nothing),
  /** Replaces all of them. */
  'colours.set': result<readonly ColourRule[]>()((value) => ({ rules: colourRules(object(value).rules) })),
  /** What was highlighted while the rows of a session were recorded; it counts behind the person's own. */
  'session.highlights': plain<readonly ColourRule[]>([])(ofSession(nothingElse)),
  /** From now on none of those counts; the recording keeps them. */
  'session.dropHighlights': done(ofSession(nothingElse)),
  /**
   * The colours of the rows at some positions, by the rules as they are now. If `generation` is outdated, the reply has
   * none and the current generation.
   */
  'view.colours': packed<RowColours>({ generation: -1, first: 0, colours: [], given: [] })(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      first: integer(fields.first, 0, MAX, 'first'),
      count: integer(fields.count, 0, MOST_COLOURED_ROWS, 'count'),
    })),
  ),
  /** From now on counts the rows of the view that hold a marked word, reported by `view.found`; null ends that. */
  'view.countWord': result<null>()(ofView(({ query }) => ({ query: query === null ? null : textQuery(query) }))),
};
