/** What all sources that read files say of themselves: a file has no rings, one writer, and loses nothing by itself. */
import { lossRecord } from '../../core/accounting.ts';
import { LOSS_CAUSES } from '../../core/entry.ts';
import type { Failure } from '../../core/result.ts';
import type { SourceInfo, SourceState, SourceStats } from '../source.ts';

/** `name`: as people call it; `identity`: what tells it from any other, its path and age for instance. */
export function fileInfo(name: string, identity: string, startUnixMs: number): SourceInfo {
  return {
    name,
    producer: 'file',
    cpuCount: 1,
    ringBytes: 0,
    ringMode: 'drop',
    orderMode: 'index',
    sessionId: identityDigits(identity),
    startUnixMs,
    clockFrequency: 1_000_000_000,
  };
}

/** How many entries were read, and the first and last index among them. */
export interface FileAccount {
  readonly entries: number;
  readonly firstIndex: number | null;
  readonly lastIndex: number | null;
}

export function fileStats(state: SourceState, failure: Failure | null, account: FileAccount): SourceStats {
  const { entries, firstIndex, lastIndex } = account;
  const cpu = {
    cpu: 0,
    read: entries,
    lost: 0,
    lostByCause: lossRecord(LOSS_CAUSES.map(() => 0)),
    late: 0,
    attempted: entries,
    written: entries,
    overwritten: 0,
    wrapped: 0,
    badConsumer: 0,
    indexHoles: 0,
    attemptedBefore: 0,
    pendingBytes: 0,
    ringBytes: 0,
    peakPendingBytes: 0,
    firstIndex,
    lastIndex,
  };
  return { state, failure, cpus: [cpu] };
}

/** 16 hex digits that are the same for the same text: FNV-1a of 64 bits. */
function identityDigits(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}
