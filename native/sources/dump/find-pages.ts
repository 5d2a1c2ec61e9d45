/**
 * Looks through all pages of a dump for those of ring sessions, by the magic that each begins with, and for top page tables where the
 * dump does not name one.
 */
import { CONSUMER, PRODUCER, RV, SESSION } from '../../core/layout.ts';
import { formatRingSessionId, parseRingSession, type RingSessionHeader } from '../../core/ring-session.ts';
import type { ReadAt } from './dump-header.ts';
import type { PageSpan } from './page-layout.ts';
import { looksLikeTop } from './page-tables.ts';

/** Bytes looked at in one step. */
const STEP_BYTES = 1 << 20;
/** The most pages of each kind that are kept: more than the machines with most CPUs have in some sessions. */
const MOST_PAGES = 16_384;
const MOST_TOPS = 64;

export interface FoundPage {
  /** Where it lies in the file, bytes. */
  readonly offset: number;
  /** Its frame, or its virtual page where the dump is of virtual memory. */
  readonly number: number;
  readonly cpu: number;
}

export interface FoundSession {
  readonly header: RingSessionHeader;
  readonly number: number;
  readonly nextIndex: number;
  /** The page itself, which names those who log. */
  readonly page: Uint8Array;
}

export interface FoundPages {
  readonly sessions: FoundSession[];
  /** By the session's identity and the CPU. */
  readonly producers: Map<string, FoundPage[]>;
  readonly consumers: FoundPage[];
  /** Frames of pages that look like top page tables. */
  readonly tops: number[];
  readonly problems: string[];
}

const PREFIX_RV = Number(RV.MAGIC_SESSION & 0xffffn);

/** The key of a producer's page in `FoundPages.producers`. */
export function producerKey(sessionId: bigint, cpu: number): string {
  return `${formatRingSessionId(sessionId)} ${cpu}`;
}

/** Finds the pages in `spans`; each step of the generator says how many bytes it has looked at. */
export function* findPages(
  spans: Iterable<PageSpan>,
  read: ReadAt,
  wantsTops: boolean,
  found: FoundPages,
): Generator<number, void> {
  let kept = 0;
  for (const { frame, pages, offset } of spans) {
    for (let done = 0; done < pages; ) {
      const count = Math.min(pages - done, STEP_BYTES / RV.PAGE);
      const bytes = read(offset + done * RV.PAGE, count * RV.PAGE);
      const whole = Math.floor(bytes.length / RV.PAGE);
      // A span of a damaged list may lie beyond the end of the file: nothing of it is there.
      if (whole === 0) {
        yield 0;
        break;
      }
      for (let page = 0; page < whole; page++) {
        const at = page * RV.PAGE;
        const number = frame + done + page;
        if (bytes[at] === (PREFIX_RV & 0xff) && bytes[at + 1] === PREFIX_RV >> 8) {
          const taken =
            kept < MOST_PAGES && takePage(bytes.slice(at, at + RV.PAGE), offset + done * RV.PAGE + at, number, found);
          if (taken && ++kept === MOST_PAGES)
            found.problems.push(`more than ${MOST_PAGES} pages look like those of rings; the rest is not read`);
        } else if (wantsTops && found.tops.length < MOST_TOPS) {
          const words = new Uint32Array(bytes.buffer, bytes.byteOffset + at, RV.PAGE / 4);
          if (looksLikeTop(words, number)) found.tops.push(number);
        }
      }
      done += whole;
      yield whole * RV.PAGE;
    }
  }
}

function takePage(page: Uint8Array, offset: number, number: number, found: FoundPages): boolean {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const magic = view.getBigUint64(0, true);
  if (magic === RV.MAGIC_SESSION) {
    const parsed = parseRingSession(page, Number.POSITIVE_INFINITY);
    if (parsed.ok) {
      const nextIndex = Number(view.getBigUint64(SESSION.nextIndex, true));
      found.sessions.push({ header: parsed.value, number, nextIndex, page });
    } else found.problems.push(`a page at ${offset} begins as that of a ring session: ${parsed.failure.message}`);
    return true;
  }
  if (magic === RV.MAGIC_PRODUCER) {
    const cpu = view.getUint32(PRODUCER.cpu, true);
    const key = producerKey(view.getBigUint64(PRODUCER.sessionId, true), cpu);
    const pages = found.producers.get(key) ?? [];
    pages.push({ offset, number, cpu });
    found.producers.set(key, pages);
    return true;
  }
  if (magic === RV.MAGIC_CONSUMER) {
    found.consumers.push({ offset, number, cpu: view.getUint32(CONSUMER.cpu, true) });
    return true;
  }
  return false;
}
