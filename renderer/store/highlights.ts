/**
 * Finds where a query matches in the texts of rows, for highlighting. A plain text is searched for at once. A regular
 * expression may run for ever on some text, so it runs in a worker thread. Rows are drawn without highlights until the
 * answer arrives. A thread that does not answer in time is ended, and the expression is no longer highlighted.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TextQuery } from '../../electron/contract/rows.ts';
import { matchExpression, type Piece, splitMatches } from '../../electron/contract/text-matches.ts';
import type { Later } from './filter.ts';

/** Texts to be cut into pieces by a query. */
export interface HighlightRequest {
  readonly query: TextQuery;
  readonly texts: readonly string[];
}

/** The pieces of each text, in the order of the request. */
export type HighlightReply = readonly (readonly Piece[])[];

/** A thread that answers its requests in order, if it answers at all. */
export interface HighlightThread {
  post(request: HighlightRequest): void;
  end(): void;
}

export interface Highlighter {
  /** The text cut into matching and other pieces; a single piece as long as the matches are not known. */
  split(text: string): readonly Piece[];
  /** Whether the matches are known: for an expression, once the thread has answered or was ended. */
  knows(text: string): boolean;
}

export interface HighlightsState {
  /** Increases when more is known, so that highlighters have to be requested again. */
  readonly version: number;
  /** The expression that is no longer highlighted because it took too long. */
  readonly tooSlow: TextQuery | null;
}

export interface Highlights {
  readonly store: StoreApi<HighlightsState>;
  /**
   * A highlighter with what is known at present, a new object each time; null if the expression does not compile. Of each
   * place one query is known at a time: what is sought by default, and each word that a person highlights.
   */
  highlighter(query: TextQuery, place?: string): Highlighter | null;
}

/**
 * The most texts in one request: enough for the rows of the tallest screen. Rows that are scrolled into sight meanwhile
 * go into the next request.
 */
const MAX_TEXTS = 200;
/** How long an answer may take once the thread has started, milliseconds. It takes a few. */
const TOO_SLOW_MS = 2000;
/** The most texts of an expression that are remembered. */
const REMEMBERED = 4096;

/** What is known of the current expression. */
interface KnownMatches {
  readonly query: TextQuery;
  readonly pieces: Map<string, readonly Piece[]>;
  readonly wanted: Set<string>;
}

/** Starts a thread, which says once that it is ready, and answers from then on. */
export type StartHighlightThread = (answer: (reply: HighlightReply) => void, ready: () => void) => HighlightThread;

export function createHighlights(start: StartHighlightThread, later: Later): Highlights {
  const store = createStore<HighlightsState>(() => ({ version: 0, tooSlow: null }));
  let thread: HighlightThread | null = null;
  /** The thread has started. */
  let isReady = false;
  /** By place. */
  const known = new Map<string, KnownMatches>();
  /** Expressions that are no longer highlighted. */
  const slow = new Set<string>();
  let underWay: { readonly known: KnownMatches; readonly texts: readonly string[]; calm: () => void } | null = null;
  let flushing = false;

  const isKnown = (matches: KnownMatches): boolean => [...known.values()].includes(matches);
  const isTooSlow = (query: TextQuery): boolean => slow.size > 0 && slow.has(JSON.stringify(query));

  function answered(reply: HighlightReply): void {
    if (underWay === null) return;
    const { known: asked, texts, calm } = underWay;
    calm();
    underWay = null;
    if (asked.pieces.size > REMEMBERED) asked.pieces.clear();
    texts.forEach((text, at) => {
      asked.pieces.set(text, reply[at] ?? []);
    });
    if (isKnown(asked)) store.setState(({ version }) => ({ version: version + 1 }));
    flush();
  }

  function giveUp(): void {
    thread?.end();
    thread = null;
    isReady = false;
    const held = underWay?.known ?? null;
    underWay = null;
    held?.wanted.clear();
    if (held !== null && isKnown(held)) {
      slow.add(JSON.stringify(held.query));
      store.setState({ tooSlow: held.query });
    }
    flush();
  }

  function flush(): void {
    flushing = false;
    if (underWay !== null) return;
    const next = [...known.values()].find(({ query, wanted }) => wanted.size > 0 && !isTooSlow(query));
    if (next === undefined) return;
    const texts = [...next.wanted].slice(0, MAX_TEXTS);
    // Texts that are no longer visible will be requested again when they are.
    next.wanted.clear();
    thread ??= begun();
    underWay = { known: next, texts, calm: isReady ? later(giveUp, TOO_SLOW_MS) : () => {} };
    thread.post({ query: next.query, texts });
  }

  /** A thread that starts. An answer that it is asked for meanwhile is waited for as long as any other once it has started. */
  function begun(): HighlightThread {
    const starting: HighlightThread = start(answered, () => {
      if (thread !== starting) return;
      isReady = true;
      if (underWay !== null) underWay.calm = later(giveUp, TOO_SLOW_MS);
    });
    return starting;
  }

  function split(of: KnownMatches, place: string, text: string): readonly Piece[] {
    const pieces = of.pieces.get(text);
    if (pieces !== undefined) return pieces;
    if (known.get(place) === of && text !== '' && !isTooSlow(of.query)) {
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
    highlighter(query, place = '') {
      const pattern = matchExpression(query);
      if (pattern === null) return null;
      if (!query.regex) return { split: (text) => splitMatches(text, pattern), knows: () => true };
      const before = known.get(place);
      if (before === undefined || !sameQuery(before.query, query)) {
        known.set(place, { query, pieces: new Map(), wanted: new Set() });
        if (underWay !== null && underWay.known === before) {
          // The thread is busy with an expression for which nobody waits any more.
          underWay.calm();
          giveUp();
        }
      }
      const mine = known.get(place) as KnownMatches;
      return {
        split: (text) => split(mine, place, text),
        knows: (text) => mine.pieces.has(text) || isTooSlow(mine.query),
      };
    },
  };
}

export function sameQuery(a: TextQuery, b: TextQuery): boolean {
  return a.pattern === b.pattern && a.regex === b.regex && a.caseSensitive === b.caseSensitive;
}
