/**
 * The shared memory of one life of a simulated driver, examined from outside. It is held open, so that it can still be
 * read when its producer is dead and its name belongs to the next one.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { CONSUMER, imageGeometry, PRODUCER, RV, SESSION } from '../../native/core/layout.ts';

export interface CpuCounts {
  /** Attempts, as the producer counted them. */
  readonly attempted: number;
  readonly lost: number;
  /** The attempt up to which readers have accounted. */
  readonly accounted: number;
  readonly badConsumer: number;
}

export class SessionMemory {
  private readonly file: number;
  private readonly cpus: number;
  private readonly ringBytes: number;

  private constructor(file: number, cpus: number, ringBytes: number) {
    this.file = file;
    this.cpus = cpus;
    this.ringBytes = ringBytes;
  }

  /** The session of a producer, null while there is none of that process under the name. */
  static open(name: string, pid: number, cpus: number, ringBytes: number): SessionMemory | null {
    let file: number;
    try {
      file = openSync(`/dev/shm/ringview.${name}`, 'r');
    } catch {
      return null;
    }
    const page = Buffer.alloc(RV.PAGE);
    const got = readSync(file, page, 0, page.length, 0);
    const isIts =
      got === page.length &&
      page.readBigUInt64LE(SESSION.magic) === RV.MAGIC_SESSION &&
      page.readUInt32LE(SESSION.producerPid) === pid;
    if (isIts) return new SessionMemory(file, cpus, ringBytes);
    closeSync(file);
    return null;
  }

  /** The process that reads now; 0 if none does, or none has said so. */
  get readerPid(): number {
    return this.page(imageGeometry(this.cpus, this.ringBytes).consumerOffset).readUInt32LE(CONSUMER.readerPid);
  }

  /** Exact where neither the producer nor a reader is at work. */
  counts(): readonly CpuCounts[] {
    const { consumerOffset, ringsOffset, ringStride } = imageGeometry(this.cpus, this.ringBytes);
    return Array.from({ length: this.cpus }, (_, cpu) => {
      const producer = this.page(ringsOffset + cpu * ringStride);
      const consumer = this.page(consumerOffset + cpu * RV.PAGE);
      const lost = Number(producer.readBigUInt64LE(PRODUCER.lost));
      return {
        attempted: Number(producer.readBigUInt64LE(PRODUCER.written)) + lost,
        lost,
        accounted: Number(consumer.readBigUInt64LE(CONSUMER.consumedSequence)),
        badConsumer: Number(producer.readBigUInt64LE(PRODUCER.badConsumer)),
      };
    });
  }

  /** Per CPU, the attempt up to which readers have accounted. */
  accounted(): number[] {
    return this.counts().map(({ accounted }) => accounted);
  }

  close(): void {
    closeSync(this.file);
  }

  private page(offset: number): Buffer {
    const page = Buffer.alloc(512);
    readSync(this.file, page, 0, page.length, offset);
    return page;
  }
}
