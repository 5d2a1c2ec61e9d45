/**
 * Finds the whole records in the ring of one CPU of a machine that has stopped, wherever its writers were and whatever part of the
 * ring is missing or damaged. Pure.
 *
 * Records are walked from places where one is known to begin: the begin of a lap, the oldest record, where a reader had stopped,
 * the published position. Where a page is missing or a header cannot be one, the walk goes on at the next such place, or earlier at
 * a header from which records follow one another without a fault. Records whose writer had committed them but nobody had published yet are
 * whole too: they have no number. What is changed within the data of a record cannot be noticed, because records have no checksum.
 */
import { maxRecordBytes, RECORD, RV } from '../../core/layout.ts';

/** What is known of the ring. Positions are bytes since it began. */
export interface StoppedRing {
  readonly cpu: number;
  readonly ringBytes: number;
  readonly headerBytes: number;
  readonly overwrite: boolean;
  readonly byClock: boolean;
  readonly reserved: number;
  readonly published: number;
  readonly tail: number;
  /** Where a reader had stopped; null where that is not known. */
  readonly consumed: number | null;
  /** The number of the last record that it had read; 0 where that is not known. */
  readonly consumedSequence: number;
  /** The clock when the ring session began, and the index that no record has yet. */
  readonly startTicks: number;
  readonly nextIndex: number;
  /** The number of the last attempt, as far as the counters say. */
  readonly attempts: number;
  /** A page of the data, or null where it is missing. */
  page(number: number): Uint8Array | null;
}

export interface SalvagedRecord {
  readonly position: number;
  /** Header, data and padding. */
  readonly bytes: number;
  /** Its number on this CPU; 0 if it was not numbered yet. */
  readonly sequence: number;
  /** Something between the record before and this one could not be read. */
  readonly afterDamage: boolean;
}

/** A place of a ring that could not be walked. */
export interface DamagedSpan {
  readonly from: number;
  readonly to: number;
  /** A page there is not in the dump; otherwise what is there is no record. */
  readonly missing: boolean;
}

export interface SalvageReport {
  readonly damaged: DamagedSpan[];
  /** Bytes of the records that writers were in the middle of. */
  readonly unfinished: number[];
}

/** A chain is followed no farther. */
const LONGEST_CHAIN = 64;

/** What begins at a place: a page that is missing, nothing that can be, a PAD, a record. */
const Kind = { Missing: 0, Damaged: 1, Pad: 2, Record: 3 } as const;
type Kind = (typeof Kind)[keyof typeof Kind];

interface Element {
  kind: Kind;
  bytes: number;
  sequence: number;
  index: number;
  ticks: number;
}

interface Before {
  sequence: number;
  index: number;
  ticks: number;
}

const element = (): Element => ({ kind: Kind.Missing, bytes: 0, sequence: 0, index: 0, ticks: 0 });

/** The whole records in the order of their positions. `report` is complete once the generator has ended. */
export function* salvage(ring: StoppedRing, report: SalvageReport): Generator<SalvagedRecord> {
  const walk = new Walk(ring);
  const { first, end } = walk;
  const before: Before = { sequence: 0, index: 0, ticks: 0 };
  const here = element();
  let position = first;
  let damagedFrom = -1;
  let missing = false;
  const startDamage = (kind: Kind): void => {
    if (damagedFrom < 0) damagedFrom = position;
    if (kind === Kind.Missing) missing = true;
  };
  const endDamage = (): boolean => {
    if (damagedFrom < 0) return false;
    report.damaged.push({ from: damagedFrom, to: position, missing });
    damagedFrom = -1;
    missing = false;
    return true;
  };
  if (!walk.isAnchor(first)) position = walk.search(first, before);
  while (position < end) {
    if (ring.consumed !== null && position >= ring.consumed)
      before.sequence = Math.max(before.sequence, ring.consumedSequence);
    walk.look(position, before, here);
    if (here.kind === Kind.Record) {
      // A header that everything behind it contradicts, while it fits what came before, is the damaged one.
      const own = { sequence: here.sequence || before.sequence, index: here.index, ticks: here.ticks };
      const behind = position + here.bytes;
      if (walk.chain(behind, own, 1) === 0 && walk.chain(behind, before, 1) > 0) here.kind = Kind.Damaged;
    }
    if (here.kind === Kind.Record) {
      const afterDamage = endDamage();
      if (here.sequence !== 0) before.sequence = here.sequence;
      before.index = here.index;
      before.ticks = here.ticks;
      yield { position, bytes: here.bytes, sequence: here.sequence, afterDamage };
      position += here.bytes;
    } else if (here.kind === Kind.Pad) {
      if (position >= ring.published && (position + here.bytes) % ring.ringBytes !== 0)
        report.unfinished.push(here.bytes);
      position += here.bytes;
    } else {
      startDamage(here.kind);
      const found = walk.search(position + RV.ALIGN, before);
      missing ||= walk.anyMissing(position, found);
      position = found;
    }
  }
  position = Math.min(position, end);
  endDamage();
}

class Walk {
  /** What is looked at: nothing before has survived, nothing behind was written. */
  readonly first: number;
  readonly end: number;
  private readonly ring: StoppedRing;
  private readonly maxRecord: number;
  private readonly scratch = element();
  private pageNumber = -1;
  private view: DataView | null = null;

  constructor(ring: StoppedRing) {
    this.ring = ring;
    this.maxRecord = maxRecordBytes(ring.ringBytes);
    const usable = isPosition(ring.published);
    const published = usable ? ring.published : 0;
    const reserved = isPosition(ring.reserved) && ring.reserved >= published ? ring.reserved : published;
    this.end = Math.min(reserved, published + ring.ringBytes);
    const oldest = Math.max(0, this.end - ring.ringBytes);
    const tail = ring.overwrite && isPosition(ring.tail) && ring.tail <= this.end ? ring.tail : 0;
    this.first = Math.max(oldest, tail);
  }

  /** Whether a record, a PAD or the end is known to begin there. */
  isAnchor(position: number): boolean {
    const { ring } = this;
    return (
      position % ring.ringBytes === 0 ||
      position === ring.published ||
      position === ring.consumed ||
      (ring.overwrite && position === ring.tail)
    );
  }

  /** The first place from `position` on at which a record may be believed to begin; the end if there is none. */
  search(position: number, before: Before): number {
    for (let at = position; at < this.end; at += RV.ALIGN) {
      if (this.isAnchor(at)) return at;
      if (!this.has(at)) {
        // Nothing begins in a page that is not there; the loop adds the last step.
        at += RV.PAGE - (at % RV.PAGE) - RV.ALIGN;
        continue;
      }
      this.look(at, before, this.scratch);
      if (this.scratch.kind !== Kind.Record) continue;
      if (before.sequence === 0 && this.maybeOfAnEarlierLap(at) ? this.leadsUp(at) : this.follows(at, before))
        return at;
    }
    return this.end;
  }

  anyMissing(from: number, to: number): boolean {
    for (let at = from; at < to; at += RV.PAGE - (at % RV.PAGE)) if (!this.has(at)) return true;
    return false;
  }

  /** How many records, at most `most`, follow one another from `position` on, behind one with the values of `before`. */
  chain(position: number, before: Before, most: number): number {
    const own = { ...before };
    let records = 0;
    for (let at = position; records < most && at < this.end; at += this.scratch.bytes) {
      this.look(at, own, this.scratch);
      if (this.scratch.kind === Kind.Record) {
        records++;
        this.take(own);
      } else if (this.scratch.kind !== Kind.Pad) break;
    }
    return records;
  }

  /** Whether what begins at `position` is followed by records until a known place, or until nothing more can be seen. */
  private follows(position: number, before: Before): boolean {
    const own = { ...before };
    let at = position;
    for (let steps = 0; steps < LONGEST_CHAIN; steps++) {
      this.look(at, own, this.scratch);
      const { kind, bytes } = this.scratch;
      if (kind === Kind.Missing) return true;
      // A header has so many fields that fit what came before that one alone is believed.
      if (kind === Kind.Damaged) return steps > 0;
      if (kind === Kind.Record) this.take(own);
      for (let within = at + RV.ALIGN; within < at + bytes; within += RV.ALIGN) if (this.isAnchor(within)) return false;
      at += bytes;
      if (at >= this.end || this.isAnchor(at)) return true;
    }
    return true;
  }

  /** Whether what lies there may have been given up by a PAD at the end of the lap, so that it is older than all the rest. */
  private maybeOfAnEarlierLap(position: number): boolean {
    return position % this.ring.ringBytes > this.ring.ringBytes - this.maxRecord;
  }

  /**
   * Whether records follow one another from `position` to a known place and go on there without a missing number. This is asked
   * before any record is known, of what may be older than it seems.
   */
  private leadsUp(position: number): boolean {
    const own = { sequence: 0, index: 0, ticks: 0 };
    let at = position;
    do {
      this.look(at, own, this.scratch);
      if (this.scratch.kind === Kind.Record) this.take(own);
      else if (this.scratch.kind !== Kind.Pad) return false;
      at += this.scratch.bytes;
    } while (at < this.end && !this.isAnchor(at));
    const last = own.sequence;
    for (; at < this.end; at += this.scratch.bytes) {
      this.look(at, own, this.scratch);
      if (this.scratch.kind === Kind.Record) return this.scratch.sequence === last + 1;
      if (this.scratch.kind !== Kind.Pad) return false;
    }
    return last === this.ring.attempts;
  }

  /** The values of the record that was looked at last become those that the next one is measured by. */
  private take(own: Before): void {
    if (this.scratch.sequence !== 0) own.sequence = this.scratch.sequence;
    own.index = this.scratch.index;
    own.ticks = this.scratch.ticks;
  }

  /** What begins at `position`, behind a record with the values of `before`. */
  look(position: number, before: Before, into: Element): void {
    const { ring } = this;
    into.kind = Kind.Damaged;
    into.bytes = 0;
    if (!this.has(position)) {
      into.kind = Kind.Missing;
      return;
    }
    const length = this.u32(position);
    const tag = this.u32(position + RECORD.cpu);
    const kind = (tag >>> 16) & 0xff;
    if ((tag & 0xffff) !== ring.cpu) return;
    const untilWrap = ring.ringBytes - (position % ring.ringBytes);
    const room = Math.min(untilWrap, this.end - position);
    if (kind === RV.KIND_PAD) {
      const bytes = RV.PAD_HEADER_BYTES + length;
      if (bytes % RV.ALIGN !== 0 || bytes > room || bytes > this.maxRecord || tag >>> 24 !== 0) return;
      into.kind = Kind.Pad;
      into.bytes = bytes;
      return;
    }
    const bytes = Math.ceil((ring.headerBytes + length) / RV.ALIGN) * RV.ALIGN;
    if (kind !== RV.KIND_RECORD || length === 0 || bytes > room || bytes > this.maxRecord) return;
    // A record is whole only where all of its pages are there.
    for (let at = position - (position % RV.PAGE) + RV.PAGE; at < position + bytes; at += RV.PAGE) {
      if (this.has(at)) continue;
      into.kind = Kind.Missing;
      return;
    }
    const ticks = this.u64(position + RECORD.timestamp);
    const index = this.u64(position + RECORD.index);
    const sequence = this.u64(position + RECORD.sequence);
    const numbered = sequence > before.sequence && sequence <= ring.attempts + RV.MAX_NESTING;
    if (!numbered && !(sequence === 0 && position >= ring.published)) return;
    if (ticks < Math.max(before.ticks, ring.startTicks)) return;
    if (ring.byClock ? index !== 0 : !(index > before.index && index < ring.nextIndex)) return;
    if (!this.paddedWithZeroes(position + ring.headerBytes + length, position + bytes)) return;
    into.kind = Kind.Record;
    into.bytes = bytes;
    into.sequence = sequence;
    into.index = index;
    into.ticks = ticks;
  }

  private paddedWithZeroes(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.viewAt(at)?.getUint8(at % RV.PAGE) !== 0) return false;
    return true;
  }

  private has(position: number): boolean {
    return this.viewAt(position) !== null;
  }

  /** Words of a record lie within one page each, because records begin at multiples of RV.ALIGN. 0 where the page is missing. */
  private u32(position: number): number {
    return this.viewAt(position)?.getUint32(position % RV.PAGE, true) ?? 0;
  }

  private u64(position: number): number {
    return this.u32(position) + this.u32(position + 4) * 2 ** 32;
  }

  private viewAt(position: number): DataView | null {
    const number = Math.floor((position % this.ring.ringBytes) / RV.PAGE);
    if (number !== this.pageNumber) {
      const bytes = this.ring.page(number);
      this.pageNumber = number;
      this.view = bytes === null ? null : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.view;
  }
}

function isPosition(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value % RV.ALIGN === 0;
}
