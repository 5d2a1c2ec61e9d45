/** Watches the messages of a capture for a text that ends it, and for texts that must not be there. */
import type { EntryBatch } from '../../native/core/entry.ts';
import { batchRun, createExportRow, isLoss } from '../session/output/output-row.ts';

/** How many messages that must not be there are kept in full; all of them are counted. */
const MOST_KEPT = 10;

export interface WatchRequest {
  /** The capture ends once a message matches; null waits for none. */
  readonly waitFor: RegExp | null;
  /** Messages that match are counted and make the command fail; null for none. */
  readonly failOn: RegExp | null;
}

export const NOTHING_WATCHED: WatchRequest = { waitFor: null, failOn: null };

/** What was found. */
export interface WatchFindings {
  /** A message that was waited for came. */
  readonly came: boolean;
  /** How many messages were there that must not be. */
  readonly failing: number;
  /** The first of them. */
  readonly messages: readonly string[];
}

export const NOTHING_FOUND: WatchFindings = { came: false, failing: 0, messages: [] };

export class MessageWatch {
  private came = false;
  private failing = 0;
  private readonly messages: string[] = [];
  private readonly request: WatchRequest;
  private readonly row = createExportRow();

  constructor(request: WatchRequest) {
    this.request = request;
  }

  /** What was waited for is there. */
  get done(): boolean {
    return this.came;
  }

  get findings(): WatchFindings {
    return { came: this.came, failing: this.failing, messages: this.messages };
  }

  /** Looks at the first `rows` rows of a batch. */
  look(batch: EntryBatch, rows: number): void {
    const { waitFor, failOn } = this.request;
    if (waitFor === null && failOn === null) return;
    const run = batchRun(batch);
    for (let at = 0; at < rows; at++) {
      run.read(at, this.row);
      if (isLoss(this.row)) continue;
      const { text } = this.row;
      if (waitFor?.test(text)) this.came = true;
      if (!failOn?.test(text)) continue;
      this.failing++;
      if (this.messages.length < MOST_KEPT) this.messages.push(text);
    }
  }
}
