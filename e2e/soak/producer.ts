/** A life of `ringview simulate`: what was asked of it, its memory, and how it ended. */
import { type RunningChild, startProgram } from '../../native/sim/child-output.ts';
import type { LifePart } from './account.ts';
import { type CpuCounts, SessionMemory } from './session-memory.ts';
import type { Chance, World } from './world.ts';

export class Producer {
  readonly name: string;
  readonly tag: number;
  readonly order: 'index' | 'clock';
  readonly memory: SessionMemory;
  /** Stopped or killed: its counts no longer change. */
  over: 'stopped' | 'killed' | null = null;
  paused = false;
  private readonly child: RunningChild;
  private readonly world: World;

  private constructor(
    world: World,
    name: string,
    tag: number,
    order: 'index' | 'clock',
    child: RunningChild,
    memory: SessionMemory,
  ) {
    this.world = world;
    this.name = name;
    this.tag = tag;
    this.order = order;
    this.child = child;
    this.memory = memory;
  }

  /** Starts one under the name of the lane, with rings, modes and a pace drawn by chance. */
  static async start(world: World, chance: Chance, name: string, mostRate: number): Promise<Producer> {
    const tag = world.nextTag();
    const cpus = chance.pick([1, 2, 4, 8]);
    const ringBytes = chance.pick([65_536, 262_144, 1_048_576]);
    const order = chance.pick(['index', 'index', 'clock'] as const);
    const mode = chance.pick(['drop', 'overwrite']);
    const rate = chance.whole(Math.ceil(mostRate / 4), mostRate);
    const child = startProgram(process.execPath, [
      ...[world.cli, 'simulate', '--name', name, '--seed', String(tag), '--cpus', String(cpus)],
      ...['--ring-bytes', String(ringBytes), '--order', order, '--mode', mode, '--rate', String(rate)],
      ...['--checksum', '--numbered', '--binary', '89', '--faults', '131', '--linger', '2'],
    ]);
    world.own(child.process);
    const { pid } = child.process;
    if (pid === undefined) world.fail('the simulator could not be started');
    let ended = false;
    void child.exit.then(() => {
      ended = true;
    });
    const memory = await world.waitFor('session of a producer that was started', () => {
      if (ended) world.fail(`the simulator ended at once: ${child.said().stderr}`);
      return SessionMemory.open(name, pid, cpus, ringBytes);
    });
    world.tally.producers++;
    world.log(`${name}: producer ${tag} runs: ${cpus} CPUs, rings of ${ringBytes}, ${mode}, by ${order}, ${rate}/s`);
    const producer = new Producer(world, name, tag, order, child, memory);
    void child.exit.then(({ code, signal }) => producer.ended(code, signal));
    return producer;
  }

  private ended(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.over !== null) return;
    this.unasked = `producer ${this.tag} ended by itself: code ${code}, ${signal}: ${this.child.said().stderr}`;
  }

  private unasked: string | null = null;

  /** Throws if it ended and nobody had asked it to. */
  check(): void {
    if (this.unasked !== null) this.world.fail(this.unasked);
  }

  pause(): void {
    this.paused = true;
    this.child.process.kill('SIGSTOP');
  }

  goOn(): void {
    this.paused = false;
    this.child.process.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.check();
    this.over = 'killed';
    this.world.tally.producersKilled++;
    this.child.process.kill('SIGKILL');
    await this.world.within(`the death of producer ${this.tag}`, this.child.exit);
    this.world.log(`${this.name}: producer ${this.tag} killed${this.paused ? ' while it was paused' : ''}`);
  }

  /** Asks it to end, and holds the counts it prints against those in its memory. */
  async stop(): Promise<void> {
    this.check();
    if (this.paused) this.goOn();
    this.over = 'stopped';
    this.child.process.kill('SIGTERM');
    const { code, stdout } = await this.world.within(`the end of producer ${this.tag}`, this.child.exit);
    if (code !== 0) this.world.fail(`producer ${this.tag} ended with code ${code}: ${this.child.said().stderr}`);
    const { cpus } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { cpus: { attempted: number }[] };
    for (const [cpu, { attempted }] of this.memory.counts().entries()) {
      if (cpus[cpu]?.attempted !== attempted) {
        this.world.fail(
          `producer ${this.tag} CPU ${cpu} says ${cpus[cpu]?.attempted} attempts, its memory says ${attempted}`,
        );
      }
    }
    this.world.log(`${this.name}: producer ${this.tag} stopped`);
  }

  counts(): readonly CpuCounts[] {
    return this.memory.counts();
  }

  /** True if readers have accounted for everything; to be asked once it is over. */
  get drained(): boolean {
    return this.counts().every(({ attempted, accounted }) => attempted === accounted);
  }

  /** What a reader has to show that began behind `from` and has come to `to`. */
  part(from: readonly number[], to: readonly number[]): LifePart {
    const { tag, order } = this;
    return { tag, order, from, to };
  }

  /** Once nobody reads it any more: adds its figures up. */
  close(): void {
    const { tally } = this.world;
    for (const [cpu, { attempted, accounted, badConsumer }] of this.counts().entries()) {
      if (accounted > attempted)
        this.world.fail(`producer ${this.tag} CPU ${cpu}: ${accounted} accounted for of ${attempted} attempts`);
      if (badConsumer > 0) this.world.fail(`producer ${this.tag} CPU ${cpu} refused ${badConsumer} consumer positions`);
      tally.attempted += attempted;
      tally.unread += attempted - accounted;
    }
    this.memory.close();
  }
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
/** Attempts between two places of a life, over its CPUs. */
export const between = (from: readonly number[], to: readonly number[]): number => sum(to) - sum(from);
