/**
 * The writer's side of one ring. Records are built in memory of this process and go to the ring in batches, one copy
 * each, with the same stores in the same order as the C writer makes them for every record:
 *
 *   nesting := 1   before the counter or the clock is taken
 *   tail           before the room behind it is overwritten
 *   reserved, records, counters, sequence   before published
 *   published      before nesting := 0
 */
import { CONSUMER, COUNTER_COUNT, maxRecordBytes, PRODUCER, RV, recordBytes } from '../core/layout.ts';
import type { Address, MappedMemory } from '../core/platform.ts';
import { setNumber, TWO_32, toNumber } from '../core/u64.ts';

const MAX_STAGING = 262144;
/** Marks a PAD in the queue of sizes by an added 1; sizes are multiples of RV_ALIGN. */
const PAD_MARK = 1;

export type ProducerCause = 'full' | 'tooBig' | 'zeroLength' | 'missingData' | 'nesting';
export const PRODUCER_CAUSES = ['full', 'tooBig', 'zeroLength', 'missingData', 'nesting'] as const;

/**
 * Sizes of the records between tail and head, oldest first, so that the ring itself need not be read back. Grows as
 * needed.
 */
class SizeQueue {
  private sizes = new Uint32Array(1024);
  private first = 0;
  count = 0;

  push(size: number): void {
    if (this.count === this.sizes.length) {
      const larger = new Uint32Array(this.count * 2);
      larger.set(this.sizes.subarray(this.first));
      larger.set(this.sizes.subarray(0, this.first), this.count - this.first);
      this.sizes = larger;
      this.first = 0;
    }
    this.sizes[(this.first + this.count++) & (this.sizes.length - 1)] = size;
  }

  shift(): number {
    const size = this.sizes[this.first] as number;
    this.first = (this.first + 1) & (this.sizes.length - 1);
    this.count--;
    return size;
  }
}

export class RingWriter {
  readonly cpu: number;
  /** Where records are built; valid until `publish`. */
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  written = 0;
  lost = 0;
  /** By cause, in the order of PRODUCER_CAUSES. */
  readonly lostByCause = new Float64Array(PRODUCER_CAUSES.length);

  private readonly memory: MappedMemory;
  private readonly page: Address;
  private readonly data: Address;
  private readonly consumer: Address;
  private readonly ringBytes: number;
  private readonly maxLength: number;
  private readonly overwrite: boolean;
  private readonly limit: number;
  private readonly queue = new SizeQueue();
  private readonly pair = new Uint32Array(2);
  private readonly counters = new Uint32Array(COUNTER_COUNT * 2);
  private head = 0;
  private published = 0;
  private tail = 0;
  private accepted = 0;
  private sequence = 0;
  private used = 0;
  private publishedInQueue = 0;
  private tailMoved = false;
  private changed = false;
  private writtenBytes = 0;
  private overwritten = 0;
  private wrapped = 0;
  private badConsumer = 0;

  /** `page`: the producer page, the data follows; `consumer`: the consumer page. Both zeroed. */
  constructor(
    cpu: number,
    memory: MappedMemory,
    page: Address,
    consumer: Address,
    ringBytes: number,
    overwrite: boolean,
  ) {
    this.cpu = cpu;
    this.memory = memory;
    this.page = page;
    this.data = page + RV.PAGE;
    this.consumer = consumer;
    this.ringBytes = ringBytes;
    this.maxLength = maxRecordBytes(ringBytes) - RV.RECORD_HEADER_BYTES;
    this.overwrite = overwrite;
    // A batch larger than half the ring might find no room, because of the batch before it.
    this.limit = Math.min(MAX_STAGING, ringBytes / 2);
    const buffer = new ArrayBuffer(this.limit + 2 * maxRecordBytes(ringBytes));
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
  }

  /** True if the batch should be published before more is written. */
  get batchFull(): boolean {
    return this.used >= this.limit;
  }

  /** Looks where the reader is. True if it has taken everything. */
  checkDrained(): boolean {
    this.acceptConsumer();
    return this.accepted === this.published;
  }

  enter(): void {
    this.store(PRODUCER.nesting, 1);
  }

  /** Counts an attempt that produces no record. */
  lose(cause: ProducerCause): void {
    const at = PRODUCER_CAUSES.indexOf(cause);
    this.lostByCause[at] = (this.lostByCause[at] as number) + 1;
    this.lost++;
    this.changed = true;
  }

  /**
   * Makes room for a record of `length` bytes and writes its length, CPU, kind and sequence. Returns the byte offset of
   * its header in `bytes`, or -1 if the attempt was lost (and counted).
   */
  reserve(length: number): number {
    if (length === 0) {
      this.lose('zeroLength');
      return -1;
    }
    if (length > this.maxLength) {
      this.lose('tooBig');
      return -1;
    }
    const total = recordBytes(length);
    const toEnd = this.ringBytes - (this.head % this.ringBytes);
    const pad = toEnd < total ? toEnd : 0;
    const end = this.head + pad + total;
    if (!(this.overwrite ? this.reclaim(end) : this.hasRoom(end))) {
      this.lose('full');
      return -1;
    }
    if (pad > 0) this.pad(pad);
    const at = this.used;
    const word = at >>> 2;
    const { words } = this;
    words[word] = length;
    words[word + 1] = this.cpu | (RV.KIND_RECORD << 16);
    const sequence = ++this.written + this.lost;
    words[word + 6] = sequence % TWO_32;
    words[word + 7] = sequence / TWO_32;
    this.sequence = sequence;
    // Clears the last eight bytes of the record, so that padding and bytes which the caller leaves out are zero.
    const last = (at + total) >>> 2;
    words[last - 1] = 0;
    words[last - 2] = 0;
    this.used += total;
    this.head = end;
    this.writtenBytes += total;
    if (this.overwrite) this.queue.push(total);
    this.changed = true;
    return at;
  }

  /** Copies the batch to the ring, publishes it and leaves. */
  publish(): void {
    const memory = this.memory;
    if (this.used > 0) {
      if (this.tailMoved) {
        this.store(PRODUCER.tail, this.tail);
        this.tailMoved = false;
        memory.barrier();
      }
      this.store(PRODUCER.reserved, this.head);
      const offset = this.published % this.ringBytes;
      const first = Math.min(this.used, this.ringBytes - offset);
      memory.copyIn(this.data + offset, this.bytes, 0, first);
      if (first < this.used) memory.copyIn(this.data, this.bytes, first, this.used - first);
    }
    if (this.changed) this.storeCounters();
    if (this.used > 0) {
      this.store(PRODUCER.sequence, this.sequence);
      memory.barrier();
      this.store(PRODUCER.published, this.head);
      this.published = this.head;
      this.publishedInQueue = this.queue.count;
      this.used = 0;
    }
    memory.barrier();
    this.store(PRODUCER.nesting, 0);
  }

  private hasRoom(end: number): boolean {
    if (end - this.accepted <= this.ringBytes) return true;
    this.acceptConsumer();
    return end - this.accepted <= this.ringBytes;
  }

  /** Moves the tail over published records until everything up to `end` fits. */
  private reclaim(end: number): boolean {
    if (end - this.published > this.ringBytes) return false;
    if (end - this.tail <= this.ringBytes) return true;
    this.acceptConsumer();
    while (end - this.tail > this.ringBytes && this.publishedInQueue > 0) {
      const entry = this.queue.shift();
      this.publishedInQueue--;
      const isPad = entry % RV.ALIGN === PAD_MARK;
      if (!isPad && this.tail >= this.accepted) this.overwritten++;
      this.tail += isPad ? entry - PAD_MARK : entry;
    }
    this.tailMoved = true;
    return true;
  }

  private pad(bytes: number): void {
    const word = this.used >>> 2;
    // Clears the whole record although only its first bytes have a meaning: readers must not see what was here before.
    this.words.fill(0, word, word + (bytes >>> 2));
    this.words[word] = bytes - RV.PAD_HEADER_BYTES;
    this.words[word + 1] = this.cpu | (RV.KIND_PAD << 16);
    this.used += bytes;
    this.wrapped++;
    if (this.overwrite) this.queue.push(bytes + PAD_MARK);
  }

  /**
   * Accepts the consumer position only if it is possible. A client that stores a false one loses its own records and
   * does no other harm.
   */
  private acceptConsumer(): void {
    this.memory.read(this.consumer + CONSUMER.consumed, this.pair);
    const consumed = toNumber(this.pair[1] as number, this.pair[0] as number);
    if (consumed === this.accepted) return;
    if (consumed % RV.ALIGN !== 0 || consumed < this.accepted || consumed > this.published) this.badConsumer++;
    else this.accepted = consumed;
    // The barrier ensures that what the reader has copied is overwritten only after its position was seen.
    this.memory.barrier();
  }

  private store(offset: number, value: number): void {
    setNumber(this.pair, value);
    this.memory.write(this.page + offset, this.pair);
  }

  private storeCounters(): void {
    const values = [
      this.written,
      this.writtenBytes,
      this.lost,
      ...this.lostByCause,
      this.overwritten,
      this.wrapped,
      this.badConsumer,
      0,
      0,
    ];
    for (let at = 0; at < COUNTER_COUNT; at++) {
      const value = values[at] as number;
      this.counters[at * 2] = value % TWO_32;
      this.counters[at * 2 + 1] = value / TWO_32;
    }
    this.memory.write(this.page + PRODUCER.written, this.counters);
    this.changed = false;
  }
}
