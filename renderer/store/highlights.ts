/**
 * Where a query occurs in the texts of rows, for highlighting. A plain text is looked for at once. An expression may
 * take for ever on any text, so it runs in a thread of the page: rows are drawn without marks until the answer is there,
 * and a thread that gives none in time is ended, with the marks of that expression.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TextQuery } from '../../electron/contract/rows.ts';
import { matchExpression, type Piece, splitMatches } from '../../electron/contract/text-matches.ts';
import type { Later } from './filter.ts';

/** Texts to be cut by a query. */
export interface HighlightRequest {
  readonly query: TextQuery;
  readonly texts: readonly string[];
}

/** The pieces of each text, in the order of the request. */
export type HighlightReply = readonly (readonly Piece[])[];

/** A thread that answers each request in turn, if it ever does. */
export interface HighlightThread {
  post(request: HighlightRequest): void;
  end(): void;
}

export interface Highlighter {
  /** The text cut into matching and other pieces, in one piece while it is not known where it matches. */
  split(text: string): readonly Piece[];
  /** Whether that is known: for an expression, once its thread has answered or was given up. */
  knows(text: string): boolean;
}

export interface HighlightsState {
  /** Grows when more is known: markers have to be asked again. */
  readonly version: number;
  /** The expression whose marks were given up. */
  readonly tooSlow: TextQuery | null;
}

export interface Highlights {
  readonly store: StoreApi<HighlightsState>;
  /** A marker as of now, of an identity of its own; null for an expression that does not compile. */
  highlighter(query: TextQuery): Highlighter | null;
}

/** Enough for the rows of the tallest screen, and what is scrolled through meanwhile goes with the next. */
const MAX_TEXTS = 200;
/** An answer takes a few milliseconds; a page is patient for its first one, while the thread starts. */
const TOO_SLOW_MS = 2000;
/** Texts remembered of an expression. */
const REMEMBERED = 4096;

/** What is known of the expression in use. */
interface Known {
  readonly query: TextQuery;
  readonly pieces: Map<string, readonly Piece[]>;
  readonly wanted: Set<string>;
}

export function createHighlights(
  start: (answer: (reply: HighlightReply) => void) => HighlightThread,
  later: Later,
): Highlights {
  const store = createStore<HighlightsState>(() => ({ version: 0, tooSlow: null }));
  let thread: HighlightThread | null = null;
  let known: Known | null = null;
  let underWay: { readonly known: Known; readonly texts: readonly string[]; readonly calm: () => void } | null = null;
  let flushing = false;

  function answered(reply: HighlightReply): void {
    if (underWay === null) return;
    const { known: asked, texts, calm } = underWay;
    calm();
    underWay = null;
    if (asked.pieces.size > REMEMBERED) asked.pieces.clear();
    texts.forEach((text, at) => {
      asked.pieces.set(text, reply[at] ?? []);
    });
    if (asked === known) store.setState(({ version }) => ({ version: version + 1 }));
    flush();
  }

  function giveUp(): void {
    thread?.end();
    thread = null;
    const slow = underWay?.known ?? null;
    underWay = null;
    slow?.wanted.clear();
    if (slow !== null && slow === known) store.setState({ tooSlow: slow.query });
    flush();
  }

  function flush(): void {
    flushing = false;
    if (known === null || underWay !== null || known.wanted.size === 0 || isTooSlow(known.query)) return;
    const texts = [...known.wanted].slice(0, MAX_TEXTS);
    // What was asked for before and is not visible any more is asked for again when it is.
    known.wanted.clear();
    thread ??= start(answered);
    underWay = { known, texts, calm: later(giveUp, TOO_SLOW_MS) };
    thread.post({ query: known.query, texts });
  }

  function isTooSlow(query: TextQuery): boolean {
    const { tooSlow } = store.getState();
    return tooSlow !== null && sameQuery(tooSlow, query);
  }

  function split(of: Known, text: string): readonly Piece[] {
    const pieces = of.pieces.get(text);
    if (pieces !== undefined) return pieces;
    if (of === known && text !== '' && !isTooSlow(of.query)) {
      of.wanted.add(text);
      if (!flushing) {
        flushing = true;
        later(flush, 0);
      }
    }
    return [{ text, match: false }];
  }

  return {
    store,
    highlighter(query) {
      const pattern = matchExpression(query);
      if (pattern === null) return null;
      if (!query.regex) return { split: (text) => splitMatches(text, pattern), knows: () => true };
      if (known === null || !sameQuery(known.query, query)) {
        known = { query, pieces: new Map(), wanted: new Set() };
        if (underWay !== null) {
          // The thread is busy with what nobody waits for any more.
          underWay.calm();
          giveUp();
        }
      }
      const mine = known;
      return {
        split: (text) => split(mine, text),
        knows: (text) => mine.pieces.has(text) || isTooSlow(mine.query),
      };
    },
  };
}

export function sameQuery(a: TextQuery, b: TextQuery): boolean {
  return a.pattern === b.pattern && a.regex === b.regex && a.caseSensitive === b.caseSensitive;
}
