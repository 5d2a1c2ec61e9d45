/** The thread that reads a log file ahead of its source: reads, decodes, and hands over batches of rows (ahead-link.ts). */
import { type MessagePort, workerData } from 'node:worker_threads';
import { COLUMN_NAMES } from '../../core/columns.ts';
import type { EntryBatch } from '../../core/entry.ts';
import { AheadFiller, type AheadJob, type AheadLink, type AheadNews, Stopped } from './ahead-link.ts';
import { FileFeed } from './byte-feed.ts';
import { BrokenPlaces } from './file-facts.ts';
import { RecordReader } from './record-reader.ts';

const { link, job, port } = workerData as { link: AheadLink; job: AheadJob; port: MessagePort };
const filler = new AheadFiller(link);

class Ahead {
  private readonly broken = new BrokenPlaces();
  private readonly feed: FileFeed;
  private readonly reader: RecordReader;
  /** The batch that is being filled; null before the first, and once it was handed over. */
  private open: EntryBatch | null = null;
  private names: (readonly [number, string])[] = [];
  private toldBroken = 0;

  constructor(feed: FileFeed) {
    this.feed = feed;
    // Only whoever chooses how to read a file needs to know its time zone.
    const day = { modifiedMs: job.modifiedMs, offsetMinutes: () => 0 };
    const named = (pid: number, name: string): void => void this.names.push([pid, name]);
    const options = { broken: this.broken, shiftNs: job.shiftNs, named };
    this.reader = new RecordReader(job.reading, day, (batch) => this.hand(batch), options);
  }

  /** Reads the file to its end, or as far as that is possible. */
  read(): void {
    this.reader.begin(() => this.batchToFill());
    for (;;) {
      filler.lookForStop();
      const fed = this.feed.next();
      if (fed.kind === 'bytes') {
        this.reader.push(fed.bytes);
        continue;
      }
      this.reader.finish();
      this.tell(fed.kind === 'end' && fed.failure !== null ? { failure: fed.failure } : {});
      return;
    }
  }

  private batchToFill(): EntryBatch {
    const batch = this.open ?? filler.next();
    this.open = batch;
    return batch;
  }

  private hand(batch: EntryBatch): void {
    const shared = this.batchToFill();
    // The newest record may have waited in a batch of the reader's own.
    if (batch !== shared) copyRows(batch, shared);
    this.tell();
    filler.handOver(shared, this.feed.progress.done);
    this.open = null;
  }

  /** What is new is told before the rows that it belongs to are handed over. */
  private tell(more: Pick<AheadNews, 'failure'> = {}): void {
    const { names, toldBroken, broken } = this;
    if (names.length === 0 && broken.count === toldBroken && Object.keys(more).length === 0) return;
    const { count, places } = broken;
    port.postMessage({ names, broken: { count, places: places.slice(toldBroken) }, ...more } satisfies AheadNews);
    this.names = [];
    this.toldBroken = count;
  }
}

function copyRows(from: EntryBatch, to: EntryBatch): void {
  const { count, bytesUsed } = from;
  for (const name of COLUMN_NAMES) to[name].set(from[name].subarray(0, count));
  to.dataStart.set(from.dataStart.subarray(0, count));
  to.dataLength.set(from.dataLength.subarray(0, count));
  to.bytes.set(from.bytes.subarray(0, bytesUsed));
  to.count = count;
  to.bytesUsed = bytesUsed;
}

function openNamed(): FileFeed {
  const opened = FileFeed.open(job.path, false, () => performance.now());
  if (!opened.ok) throw new Error(opened.failure.message);
  const { dev, ino } = opened.value.identity;
  if (dev === job.file.dev && ino === job.file.ino) return opened.value;
  opened.value.close();
  throw new Error(`${job.path} is another file by now`);
}

let feed: FileFeed | null = null;
try {
  feed = openNamed();
  new Ahead(feed).read();
} catch (error) {
  const nothing = { names: [], broken: { count: 0, places: [] } };
  if (!(error instanceof Stopped)) port.postMessage({ ...nothing, trouble: String(error) } satisfies AheadNews);
} finally {
  feed?.close();
}
filler.end();
