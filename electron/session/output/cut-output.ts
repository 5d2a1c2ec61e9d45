/**
 * Formats rows as another formatter does, and knows where the bytes may be cut: behind every few rows. For a log that goes
 * on from file to file; what stands at the head of each file is given separately.
 */
import type { OutputFormatter } from './formatter.ts';
import type { RowRun } from './output-row.ts';

const NOTHING = new Uint8Array(0);

/** So many bytes hold so many whole rows. */
export interface Cut {
  readonly bytes: number;
  readonly rows: number;
}

export class CutOutput implements OutputFormatter {
  private readonly inner: OutputFormatter;
  private readonly mostRows: number;
  private cuts: Cut[] = [];

  /** `inner` formats each row by itself; `mostRows` are in a part at most. */
  constructor(inner: OutputFormatter, mostRows: number) {
    this.inner = inner;
    this.mostRows = mostRows;
  }

  begin(): Uint8Array {
    return NOTHING;
  }

  rows(run: RowRun): Uint8Array {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for (let from = 0; from < run.count; from += this.mostRows) {
      const count = Math.min(this.mostRows, run.count - from);
      const part = this.inner.rows({ count, read: (at, row) => run.read(from + at, row) });
      parts.push(part);
      bytes += part.length;
      this.cuts.push({ bytes: part.length, rows: count });
    }
    const all = new Uint8Array(bytes);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  end(): Uint8Array {
    return NOTHING;
  }

  /** The parts of all that was formatted since the last call, in order. */
  take(): readonly Cut[] {
    return this.cuts.splice(0);
  }
}
