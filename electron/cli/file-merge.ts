/**
 * Merges log files into one stream of rows in the order of their times. A piece is always read from the file that is
 * furthest behind in time. So only a piece of each file has to wait in memory for the others, whatever their length.
 */
import type { EntryBatch } from '../../native/core/entry.ts';
import type { Failure } from '../../native/core/result.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { movedName } from '../contract/moved-time.ts';
import { furthestBehind, type PacedFile } from '../session/ingest/file-pace.ts';
import { SessionTime, type SourcePlace } from '../session/ingest/session-time.ts';
import { type Lane, SourceMerger } from '../session/ingest/source-merger.ts';
import type { OutputFacts } from '../session/output/output-facts.ts';
import type { OpenedInput } from './open-input.ts';
import { factsOf, type SourceFacts } from './source-facts.ts';

class MergedFile implements PacedFile {
  readonly source: LogSource;
  readonly place: SourcePlace;
  readonly lane: Lane;
  ended = false;
  waits = false;

  constructor(source: LogSource, place: SourcePlace, lane: Lane) {
    this.source = source;
    this.place = place;
    this.lane = lane;
  }

  get reachNs(): number {
    return this.lane.key;
  }
}

export class FileMerge {
  private readonly own: SourceFacts;
  private readonly sources: readonly LogSource[];
  private readonly files: MergedFile[] = [];
  private readonly merger: SourceMerger;
  private readonly time = new SessionTime();

  /** `take` receives the rows; a batch is valid during the call. */
  constructor(inputs: readonly OpenedInput[], take: (batch: EntryBatch) => void) {
    this.sources = inputs.map(({ source }) => source);
    this.own = factsOf(this.sources);
    this.merger = new SourceMerger(take, Number.POSITIVE_INFINITY);
    for (const [id, { source, statedNs }] of inputs.entries()) {
      const place = this.time.begin(
        source.info,
        this.files.map((file) => file.place),
        statedNs,
      );
      const lane = this.merger.add(id);
      this.merger.promise(lane, Number.NEGATIVE_INFINITY);
      this.files.push(new MergedFile(source, place, lane));
    }
  }

  /** What a file that is written of these may say. */
  get facts(): Pick<OutputFacts, 'info' | 'sources' | 'processOf' | 'eventOf' | 'fieldsOf'> {
    const { names, processOf, eventOf, fieldsOf } = this.own;
    const source = names.map(({ id, name }) => movedName(name, this.files[id]?.place.statedNs)).join(', ');
    return {
      info: { source, sessionId: null, startUnixMs: this.time.startUnixMs },
      sources: names,
      processOf,
      eventOf,
      fieldsOf,
    };
  }

  /** The share of the files that was read, 0 to 1; null if a size is not known. */
  get progress(): number | null {
    let done = 0;
    let total = 0;
    for (const source of this.sources) {
      const { file } = source.stats();
      if (file === undefined || file.totalBytes === null) return null;
      done += file.readBytes;
      total += file.totalBytes;
    }
    return total === 0 ? null : done / total;
  }

  /** Why a file could not be read to its end; null if none failed. */
  get failure(): Failure | null {
    return this.sources.map((source) => source.stats().failure).find((each) => each !== null) ?? null;
  }

  /** The broken places, one line of text for each file. */
  get brokenLines(): string[] {
    return this.sources.flatMap((source) => {
      const { count = 0, places: [first] = [] } = source.stats().file?.broken ?? {};
      if (first === undefined) return [];
      const place = first.line === undefined ? `offset ${first.offset ?? 0}` : `line ${first.line}`;
      const more = count > 1 ? `, and ${(count - 1).toLocaleString('en')} more` : '';
      // A broken line of text is kept as a row; in an event log or a trace, the broken part is left out.
      const kept = first.line === undefined ? '' : '; kept as text';
      return [`${source.info.name}: ${place}: ${first.problem}${more}${kept}`];
    });
  }

  /** Reads one piece. `more`: there is more now; `wait`: a stream has no data yet; `ended`: everything was read. */
  step(): 'more' | 'wait' | 'ended' {
    const next = furthestBehind(this.files.filter((file) => !file.ended));
    if (next === undefined) {
      this.merger.flush();
      return 'ended';
    }
    this.read(next);
    this.merger.release(0);
    return next.waits ? 'wait' : 'more';
  }

  close(): void {
    for (const { source } of this.files) source.close(() => {});
  }

  private read(file: MergedFile): void {
    let rows = 0;
    const { state, more } = file.source.poll((batch) => {
      rows += batch.count;
      this.merger.push(file.lane, batch, file.place.offsetNs, 0);
    });
    file.ended = state !== 'capturing' && !more;
    file.waits = !file.ended && !more && rows === 0;
    this.merger.promise(file.lane, file.ended ? Number.POSITIVE_INFINITY : file.reachNs);
  }
}
