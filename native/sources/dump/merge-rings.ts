/**
 * Merges the rings of a crashed machine into one order, as the reader of living rings does; there is no watermark to wait for but how far
 * each ring has been read.
 */
import { grownCauses, lossRecord } from '../../core/accounting.ts';
import { BatchWriter } from '../../core/batch-writer.ts';
import { type EntryBatch, LOSS_CAUSES } from '../../core/entry.ts';
import { PRODUCER, RV, recordHeaderBytes } from '../../core/layout.ts';
import { Merger } from '../../core/merge.ts';
import type { RingSessionHeader } from '../../core/ring-session.ts';
import { CpuRun } from '../../core/run.ts';
import type { CpuStats } from '../source.ts';
import type { CrashedCpu } from './crashed-cpu.ts';

const BATCH_ROWS = 8192;
const BATCH_BYTES = 768 * 1024;

/**
 * Hands on all rows of the rings; times are counted from the begin of the ring session. Each step of the generator says how many
 * bytes of rings it has read.
 */
export function* mergeRings(
  header: RingSessionHeader,
  cpus: readonly CrashedCpu[],
  hand: (batch: EntryBatch) => void,
): Generator<number, void> {
  const byCpu = new Map(cpus.map((crashed) => [crashed.cpu, crashed]));
  const before = new Float64Array(LOSS_CAUSES.length);
  const after = new Float64Array(LOSS_CAUSES.length);
  const explain = (cpu: number, lost: number): number => {
    const crashed = byCpu.get(cpu) as CrashedCpu;
    crashed.split(crashed.run.deliveredLost, before);
    crashed.split(crashed.run.deliveredLost + lost, after);
    return grownCauses(before, after);
  };
  const writer = new BatchWriter(
    BATCH_ROWS,
    BATCH_BYTES,
    Number(header.startTicks >> 32n),
    Number(header.startTicks & 0xffffffffn),
    header.clockFrequency,
    explain,
    recordHeaderBytes(header.versionMajor),
  );
  // The merge wants a run for each number from 0 on; those of rings that are missing stay empty.
  const runs = Array.from({ length: header.cpuCount }, (_, cpu) => byCpu.get(cpu)?.run ?? new CpuRun(cpu, 0));
  const merger = new Merger(runs);
  for (let finished = false; !finished; ) {
    let bytes = 0;
    for (const crashed of cpus) bytes += crashed.fill();
    finished = cpus.every((crashed) => crashed.finished);
    const least = { key: Number.POSITIVE_INFINITY, cpu: RV.MAX_CPUS as number };
    for (const { finished: done, newestKey, cpu } of cpus) {
      if (done || newestKey > least.key || (newestKey === least.key && cpu > least.cpu)) continue;
      least.key = newestKey;
      least.cpu = cpu;
    }
    writer.begin(hand);
    merger.release(least, writer);
    writer.end();
    yield bytes;
  }
}

/** The figures of a CPU, with what the producer had counted in its page. */
export function statsOfCrashed(crashed: CrashedCpu, producer: Uint8Array): CpuStats {
  const { run, cpu, attempted, attemptedBefore } = crashed;
  const split = new Float64Array(LOSS_CAUSES.length);
  crashed.split(run.deliveredLost, split);
  const view = new DataView(producer.buffer, producer.byteOffset, producer.byteLength);
  const counter = (at: number) => Number(view.getBigUint64(at, true));
  return {
    cpu,
    read: run.delivered,
    lost: run.deliveredLost,
    lostByCause: lossRecord(split),
    late: run.late,
    firstIndex: run.firstIndex,
    lastIndex: run.lastIndex,
    ring: {
      attempted,
      written: counter(PRODUCER.written),
      overwritten: counter(PRODUCER.overwritten),
      wrapped: counter(PRODUCER.wrapped),
      badConsumer: counter(PRODUCER.badConsumer),
      indexHoles: counter(PRODUCER.indexHoles),
      attemptedBefore,
      pendingBytes: 0,
      ringBytes: counter(PRODUCER.ringBytes),
      peakPendingBytes: 0,
    },
  };
}
