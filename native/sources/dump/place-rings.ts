/**
 * Says which pages of a dump are those of each ring. The data of a ring has no mark of its own: it lies behind the producer's page in
 * virtual memory, anywhere in physical memory.
 */
import { CONSUMER, PRODUCER, RV } from '../../core/layout.ts';
import type { RingPages } from './crashed-cpu.ts';
import type { ReadAt } from './dump-header.ts';
import { type FoundPage, type FoundPages, type FoundSession, producerKey } from './find-pages.ts';

/** Pages of a ring that are tried to see at which of several addresses it lies. */
const TRIED_PAGES = 64;
/** Pages of one ring that are kept in memory: it is walked from its begin to its end, and back by a record at most. */
const KEPT_PAGES = 64;

/** Where a page of virtual memory lies in the file, bytes; -1 where it is not there. */
export type PlaceOf = (virtualPage: number) => number;

export interface PlacedRing extends RingPages {
  readonly cpu: number;
  /** Pages of its data that the dump does not have. */
  readonly missing: number;
}

/** Where the virtual pages of a page of memory are; none where no table names it. */
export type AddressesOf = (page: FoundPage) => readonly number[];

/** How a ring's data is looked up: by an address, or, where no table is there, by the frames behind its first page. */
export interface Addressing {
  readonly addressesOf: AddressesOf;
  readonly placeOf: PlaceOf;
  /** Where a frame lies in the file; used where `addressesOf` knows nothing. */
  readonly frameOf: PlaceOf;
}

/** The rings of a session, in the order of their CPUs; of a CPU whose producer's page is missing there is none. */
export function placeRings(session: FoundSession, found: FoundPages, how: Addressing, read: ReadAt): PlacedRing[] {
  const { header } = session;
  const rings: PlacedRing[] = [];
  for (let cpu = 0; cpu < header.cpuCount; cpu++) {
    const pages = found.producers.get(producerKey(header.sessionId, cpu)) ?? [];
    const candidates = pages.flatMap((page) => candidatesOf(page, header.ringBytes, how));
    const best = candidates.reduce<Candidate | null>(
      (most, each) => (most === null || each.present > most.present ? each : most),
      null,
    );
    if (best === null) continue;
    const producer = read(best.page.offset, RV.PAGE);
    if (producer.length < RV.PAGE) continue;
    rings.push({
      cpu,
      producer: producer.slice(),
      consumer: consumerOf(cpu, producer, found.consumers, read),
      missing: header.ringBytes / RV.PAGE - presentPages(best.place, header.ringBytes / RV.PAGE),
      data: pageReader(best.place, read),
    });
  }
  return rings;
}

interface Candidate {
  readonly page: FoundPage;
  /** Where page `number` of the data lies in the file. */
  readonly place: (number: number) => number;
  readonly present: number;
}

function candidatesOf(page: FoundPage, ringBytes: number, how: Addressing): Candidate[] {
  const tried = Math.min(TRIED_PAGES, ringBytes / RV.PAGE);
  const addresses = how.addressesOf(page);
  const places = addresses.map((address) => (number: number) => how.placeOf(address + 1 + number));
  if (places.length === 0) places.push((number) => how.frameOf(page.number + 1 + number));
  return places.map((place) => ({ page, place, present: presentPages(place, tried) }));
}

function presentPages(place: (number: number) => number, pages: number): number {
  let present = 0;
  for (let number = 0; number < pages; number++) if (place(number) >= 0) present++;
  return present;
}

function pageReader(place: (number: number) => number, read: ReadAt): (number: number) => Uint8Array | null {
  const kept = new Map<number, Uint8Array | null>();
  return (number) => {
    const known = kept.get(number);
    if (known !== undefined) return known;
    const offset = place(number);
    const bytes = offset < 0 ? null : read(offset, RV.PAGE);
    const page = bytes === null || bytes.length < RV.PAGE ? null : bytes.slice();
    if (kept.size >= KEPT_PAGES) kept.delete(kept.keys().next().value as number);
    kept.set(number, page);
    return page;
  };
}

/**
 * The consumer's page of a CPU. Such pages do not say of which session they are: the one is taken whose position lies in this ring,
 * and of several the one that has read most.
 */
function consumerOf(
  cpu: number,
  producer: Uint8Array,
  consumers: readonly FoundPage[],
  read: ReadAt,
): Uint8Array | null {
  const number = (page: Uint8Array, at: number) =>
    Number(new DataView(page.buffer, page.byteOffset, page.byteLength).getBigUint64(at, true));
  const published = number(producer, PRODUCER.published);
  const attempts = number(producer, PRODUCER.written) + number(producer, PRODUCER.lost);
  let best: Uint8Array | null = null;
  for (const candidate of consumers) {
    if (candidate.cpu !== cpu) continue;
    const page = read(candidate.offset, RV.PAGE).slice();
    if (page.length < RV.PAGE || number(page, CONSUMER.consumed) > published) continue;
    if (number(page, CONSUMER.consumedSequence) > attempts) continue;
    if (best === null || number(page, CONSUMER.consumed) > number(best, CONSUMER.consumed)) best = page;
  }
  return best;
}
