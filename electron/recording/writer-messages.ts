/** What the thread that writes a session is told, and what it answers. */
import type { EventNames } from '../../native/core/event-names.ts';
import type { Failure } from '../../native/core/result.ts';
import type { SharedSegment } from '../session/store/shared-segment.ts';
import type { GoneLine } from './batch-line.ts';

/** Rows `from..to-1` of a segment that are to be written; the memory stays as it is until the answer. */
export interface RowsJob {
  readonly shared: SharedSegment;
  /** Number of the segment's first row in the session. */
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

export type WriterJob =
  /** A segment that gets no more rows. */
  | { readonly do: 'segment'; readonly rows: RowsJob }
  /** What has come to the newest segment; from 0 on, all of it anew. */
  | { readonly do: 'tail'; readonly rows: RowsJob }
  /** Rows that will not be written. */
  | { readonly do: 'gone'; readonly line: GoneLine }
  /** `now`: before the rows that follow, because it says where they come from. */
  | { readonly do: 'manifest'; readonly text: string; readonly now: boolean }
  /** What events are called, the first of them number `from`; rows that have these numbers follow. */
  | { readonly do: 'events'; readonly from: number; readonly names: readonly EventNames[] }
  /** What the app keeps beside the rows under a name. */
  | { readonly do: 'part'; readonly name: string; readonly text: string }
  /** Everything is forgotten; rows begin at 0 again. */
  | { readonly do: 'clear'; readonly epoch: number; readonly manifest: string }
  /** Rows below this one are not kept any more. */
  | { readonly do: 'drop'; readonly oldestRow: number }
  | { readonly do: 'finish'; readonly manifest: string };

export interface WriterMessage {
  readonly id: number;
  readonly job: WriterJob;
}

/** Where a segment was written. */
export interface WrittenBatch {
  /** Name of its file. */
  readonly file: string;
  readonly at: number;
  readonly length: number;
  readonly crc: number;
}

export type WriterReply =
  | {
      readonly id: number;
      /** Why it was not done; null if it was. */
      readonly failure: Failure | null;
      /** Of a segment that was written. */
      readonly batch: WrittenBatch | null;
      /** Bytes of the session's files. */
      readonly bytes: number;
    }
  /** What was written until `ms` ago is on the disk itself, or why not. */
  | { readonly synced: true; readonly ms: number; readonly failure: Failure | null };

/** The thread as its owner sees it. */
export interface WriterPort {
  post(message: WriterMessage): void;
  /** Called with each answer, in the order of the messages, and with how the disk is. */
  onReply(take: (reply: WriterReply) => void): void;
  /** Called once if the thread ends before it was asked to. */
  onDeath(died: (why: string) => void): void;
  /** From here on the program does not end before the thread has. */
  hold(): void;
  /** Ends the thread; what it was told is not waited for. */
  end(): void;
}
