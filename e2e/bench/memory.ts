/** `memory.perRow`: what a row takes of the process, and that a capped history stays capped. Runs in a process of its own. */
import { spawnSync } from 'node:child_process';
import { BenchLog, TEXT_BYTES } from './bench-log.ts';
import { progress } from './environment.ts';
import { type BenchResult, measured } from './results.ts';
import { BenchSession } from './session.ts';

/** index 8, time 8, CPU 2, level 1, place 4 and length 4 of the text, and the text. */
const PAYLOAD_BYTES = 27 + TEXT_BYTES;
const MB = 1024 ** 2;
const CAP = 512 * MB;
const CAP_SLACK = 400 * MB;

interface MemoryReport {
  readonly processBytes: number;
  readonly storeBytes: number;
  readonly peakBytes: number;
  readonly rowsKept: number;
}

/** The measured process: fills a history and prints what it took. */
export function memoryChild(rows: number, cap: number): void {
  const log = new BenchLog(rows);
  const before = process.memoryUsage().rss;
  const session = BenchSession.open(cap);
  let peak = 0;
  let batches = 0;
  log.eachBatch((batch) => {
    session.append(batch);
    if (++batches % 64 === 0) peak = Math.max(peak, process.memoryUsage().rss);
  });
  const after = process.memoryUsage().rss;
  const { memoryBytes, rowCount } = session.store;
  const report: MemoryReport = {
    processBytes: after - before,
    storeBytes: memoryBytes,
    peakBytes: Math.max(peak, after),
    rowsKept: rowCount,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

function fill(rows: number, cap: number): MemoryReport {
  const args = [process.argv[1] ?? '', '--memory-child', String(rows), String(cap)];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 240_000 });
  if (child.status !== 0) throw new Error(`the measured process ended with code ${child.status}: ${child.stderr}`);
  return JSON.parse(child.stdout) as MemoryReport;
}

export function memoryPerRow(quick: boolean): BenchResult[] {
  const rows = quick ? 2_000_000 : 10_000_000;
  const full = fill(rows, 16 * 1024 * MB);
  const perRow = full.processBytes / rows;
  const results = [
    measured({
      name: 'memory.perRow',
      value: perRow,
      unit: 'bytes',
      reference: PAYLOAD_BYTES,
      referenceName: 'columns and text',
      goal: 'at most 1.1x',
      holds: perRow <= 1.1 * PAYLOAD_BYTES,
      note: `growth of the process over ${rows.toLocaleString('en')} rows; the store says ${(full.storeBytes / rows).toFixed(1)}`,
    }),
  ];
  if (quick) return results;
  progress('memory.capped: 50,000,000 rows under 512 MB');
  const capped = fill(50_000_000, CAP);
  return [
    ...results,
    measured({
      name: 'memory.capped',
      value: capped.peakBytes / MB,
      unit: 'MB',
      reference: CAP / MB,
      referenceName: 'the cap',
      goal: 'process under cap + 400 MB',
      holds: capped.peakBytes <= CAP + CAP_SLACK,
      note: `50,000,000 rows appended, ${capped.rowsKept.toLocaleString('en')} kept; highest resident size`,
    }),
  ];
}
