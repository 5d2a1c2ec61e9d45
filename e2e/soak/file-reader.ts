/** One run of `ringview capture` into a file: how it ended, and whether its rows are all there. */
import { readFileSync } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Exit, type RunningChild, startProgram } from '../../native/sim/child-output.ts';
import { RowCheck } from './account.ts';
import { between, type Producer } from './producer.ts';
import { readRows } from './rows.ts';
import type { World } from './world.ts';

/** What is used of the summary that it writes. */
interface Summary {
  readonly state: string | null;
  readonly rows: number;
  readonly read: number;
  readonly lost: number;
  readonly late: number;
  readonly cpus: readonly { readonly attemptedBefore: number }[];
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export class FileReader {
  /** It has ended, asked or not. */
  ended = false;
  private readonly world: World;
  private readonly producer: Producer;
  private readonly child: RunningChild;
  private readonly from: readonly number[];
  private readonly file: string;
  private readonly summaryFile: string;
  private readonly number: number;
  private readonly fullBefore: number;
  private killed = false;
  private stopped = false;
  private exit: Exit | null = null;

  private constructor(world: World, producer: Producer) {
    this.world = world;
    this.producer = producer;
    this.number = ++world.tally.readers;
    this.from = producer.memory.accounted();
    this.file = join(world.target, `reader-${this.number}.jsonl`);
    this.summaryFile = join(world.folder, `reader-${this.number}.json`);
    this.fullBefore = world.tally.fullDisk;
    this.wasFull = world.disk?.full ?? false;
    this.child = startProgram(process.execPath, [
      ...[world.cli, 'capture', '--source', `sim:${producer.name}`, '--wait', '10'],
      ...['--out', this.file, '--format', 'jsonl', '--summary', this.summaryFile],
    ]);
    world.own(this.child.process);
    void this.child.exit.then((exit) => {
      this.exit = exit;
      this.ended = true;
    });
  }

  private readonly wasFull: boolean;

  /** Starts one that goes on where the last reader of this producer ended. */
  static async start(world: World, producer: Producer): Promise<FileReader> {
    const reader = new FileReader(world, producer);
    const { pid } = reader.child.process;
    await world.waitFor(
      `reader ${reader.number} at producer ${producer.tag}`,
      () => reader.ended || producer.memory.readerPid === pid,
    );
    return reader;
  }

  pause(): void {
    this.child.process.kill('SIGSTOP');
  }

  goOn(): void {
    this.child.process.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.killed = !this.ended;
    if (this.killed) this.world.tally.readersKilled++;
    this.child.process.kill('SIGKILL');
    await this.end();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.child.process.kill('SIGTERM');
    await this.end();
  }

  /** Waits for its end, which has to come by itself unless it was asked, and judges what it wrote. */
  async end(): Promise<void> {
    const { world } = this;
    await world.within(`the end of reader ${this.number}`, this.child.exit);
    const to = this.producer.memory.accounted();
    const summary = this.killed ? null : this.summary();
    const complete = summary !== null && summary.failure === null;
    const check = new RowCheck({
      lives: [this.producer.part(this.from, to)],
      complete,
      dropped: false,
    });
    const there = await access(this.file).then(
      () => true,
      () => false,
    );
    const { rows, begun } = there ? await readRows(this.file, (row) => check.take(row)) : { rows: 0, begun: 0 };
    const findings = [...check.finish()];
    const say = (what: string): void => {
      findings.push(what);
    };
    if (summary !== null) {
      if (begun > 0) say(`its file ends in the middle of a row`);
      if (rows !== summary.rows) say(`its file has ${rows} rows, its summary says ${summary.rows}`);
      if (summary.cpus.some(({ attemptedBefore }, cpu) => attemptedBefore !== this.from[cpu]))
        say(`its summary begins at other attempts than the reader before it ended at`);
    }
    if (complete) {
      if (check.entries !== summary.read) say(`its file has ${check.entries} entries, its summary ${summary.read}`);
      if (check.lost !== summary.lost) say(`its file counts ${check.lost} lost, its summary ${summary.lost}`);
      if (check.late !== summary.late) say(`its file marks ${check.late} as late, its summary ${summary.late}`);
      const { over } = this.producer;
      if (!this.stopped && over === null) say(`it ended although its producer runs`);
      if (over !== null && !this.stopped && !this.producer.drained) say(`it ended before the ring was empty`);
    }
    if (findings.length > 0) {
      world.fail(`reader ${this.number} (${this.file}) of producer ${this.producer.tag}: ${findings.join('\n  ')}`);
    }
    const { tally } = world;
    const taken = between(this.from, to) - check.entries - check.lost;
    tally.delivered += check.entries;
    tally.lost += check.lost;
    tally.late += check.late;
    tally.judged += check.rows;
    tally.taken += taken;
    const how = this.killed ? 'killed' : (summary?.failure?.code ?? summary?.state);
    world.log(
      `${this.producer.name}: reader ${this.number} ${how}: ${check.entries} rows, ${check.lost} lost, ${check.late} late, ${taken} taken with it`,
    );
    await rm(this.file, { force: true });
    await rm(this.summaryFile, { force: true });
  }

  /** Fails if it ended in a way that nothing explains. */
  private summary(): Summary {
    const { world, exit } = this;
    const words = `reader ${this.number} ended with code ${exit?.code}, ${exit?.signal}: ${exit?.stderr}`;
    if (exit === null || exit.code === null) return world.fail(words);
    const summary = JSON.parse(readFileSync(this.summaryFile, 'utf8')) as Summary;
    if (summary.failure === null) {
      if (exit.code !== 0) world.fail(words);
      return summary;
    }
    // It was stopped before its file could be opened, because the disk stood still.
    const unopened = this.stopped && summary.failure.code === 'cancelled' && world.tally.stalls > 0;
    if (unopened && exit.code === 1) return summary;
    const full = this.wasFull || world.tally.fullDisk > this.fullBefore;
    if (summary.failure.code !== 'disk-full' || !full || exit.code !== 1) world.fail(words);
    world.tally.fullDiskTold++;
    return summary;
  }
}
