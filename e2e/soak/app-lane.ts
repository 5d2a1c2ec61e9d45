/** Producers one after another under one name, captured by the app, which may be killed, whole or in part, paused or closed at any time. */
import { Producer } from './producer.ts';
import type { LanePace } from './reader-lane.ts';
import { type Shell, Viewer } from './viewer.ts';
import { type Chance, sleep, type World } from './world.ts';

export class AppLane {
  /** The app that runs now, for whoever wants to know what it tells. */
  viewer: Viewer | null = null;
  private readonly world: World;
  private readonly chance: Chance;
  private readonly pace: LanePace;
  private readonly shell: Shell;
  private readonly name: string;
  /** Producers that the app of now has read, or may still read. */
  private producers: Producer[] = [];

  constructor(world: World, chance: Chance, pace: LanePace, shell: Shell, name: string) {
    this.world = world;
    this.chance = chance;
    this.pace = pace;
    this.shell = shell;
    this.name = name;
  }

  async run(): Promise<void> {
    const { world, chance } = this;
    while (!world.over) {
      if (this.current === null) await this.startProducer();
      this.viewer = await Viewer.start(world, this.shell, this.current as unknown as Producer);
      const end = performance.now() + chance.whole(...this.pace.appSeconds) * 1000;
      while (!world.over && performance.now() < end) await this.step(this.viewer);
      const viewer = this.viewer;
      this.viewer = null;
      // The last one is always closed, so that every run holds at least one app's rows against the producers.
      if (!world.over && chance.oneIn(2)) {
        // Its rows go with it: what it had shown until then is judged before.
        if (!chance.oneIn(3)) await viewer.export();
        if (chance.oneIn(4)) viewer.pause();
        await viewer.kill();
      } else {
        // What is judged then was captured across these ends.
        await viewer.killGraphics();
        await viewer.killPage('SIGKILL');
        await viewer.close();
      }
      this.closeEnded();
    }
    if (this.current !== null) await this.current.stop();
    this.closeEnded();
  }

  private get current(): Producer | null {
    const last = this.producers.at(-1);
    return last !== undefined && last.over === null ? last : null;
  }

  private async startProducer(): Promise<Producer> {
    const producer = await Producer.start(this.world, this.chance, this.name, this.pace.mostRate);
    this.producers.push(producer);
    return producer;
  }

  private async step(viewer: Viewer): Promise<void> {
    const { world, chance, pace, current } = this;
    viewer.check();
    current?.check();
    const status = await viewer.status();
    if (status !== null && !status.capturing) world.fail('the app stopped capturing by itself');
    if (current === null) {
      await viewer.attached(await this.startProducer());
      return;
    }
    const weights = { wait: 8, killProducer: 2, stopProducer: 2, pauseProducer: 2, pauseApp: 3, export: 1 };
    switch (chance.weighed({ ...weights, killPage: 2, killGraphics: 2 })) {
      case 'wait':
        return sleep(chance.whole(0, pace.longestWaitMs));
      case 'killProducer':
        await current.kill();
        return sleep(chance.whole(0, pace.longestWaitMs));
      case 'stopProducer':
        return current.stop();
      case 'pauseProducer':
        current.pause();
        await sleep(chance.whole(0, pace.longestPauseMs));
        world.tally.pauses++;
        return current.goOn();
      case 'pauseApp':
        viewer.pause();
        await sleep(chance.whole(0, pace.longestPauseMs));
        world.tally.pauses++;
        return viewer.goOn();
      case 'export':
        return viewer.export();
      case 'killPage':
        return viewer.killPage(chance.pick(['SIGKILL', 'SIGSEGV'] as const));
      case 'killGraphics':
        return viewer.killGraphics();
    }
  }

  /** Once no app reads them any more. */
  private closeEnded(): void {
    for (const producer of this.producers) if (producer.over !== null) producer.close();
    this.producers = this.producers.filter((producer) => producer.over === null);
  }
}
