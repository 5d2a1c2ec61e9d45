/** Producers one after another under one name, read by the command line into files; any of them may be killed or paused. */
import { FileReader } from './file-reader.ts';
import { Producer } from './producer.ts';
import { type Chance, sleep, type World } from './world.ts';

export interface LanePace {
  /** Attempts a second of a producer, at most. */
  readonly mostRate: number;
  /** Longest pause of a program, and longest wait between two steps, milliseconds. */
  readonly longestPauseMs: number;
  readonly longestWaitMs: number;
  /** How long the app is left running, seconds. */
  readonly appSeconds: readonly [number, number];
}

export async function runReaderLane(world: World, chance: Chance, pace: LanePace, name: string): Promise<void> {
  let producer = await Producer.start(world, chance, name, pace.mostRate);
  for (;;) {
    let reader: FileReader | null = null;
    for (let steps = chance.whole(2, 12); steps > 0 && !world.over; steps--) {
      producer.check();
      reader = await step(world, chance, pace, producer, reader);
    }
    if (chance.oneIn(6)) producer.pause();
    if (chance.oneIn(2)) await producer.kill();
    else await producer.stop();
    // The next one takes the name at once, or only when the last row of this one is read.
    const early = !world.over && reader !== null && chance.oneIn(2);
    const next = early ? await Producer.start(world, chance, name, pace.mostRate) : null;
    if (reader !== null) await reader.end();
    else if (producer.over === 'killed' && !chance.oneIn(4)) await (await FileReader.start(world, producer)).end();
    producer.close();
    if (world.over && next === null) return;
    if (next === null) await sleep(chance.whole(0, 500));
    producer = next ?? (await Producer.start(world, chance, name, pace.mostRate));
  }
}

/** One thing that happens; the reader that is there afterwards. */
async function step(
  world: World,
  chance: Chance,
  pace: LanePace,
  producer: Producer,
  reader: FileReader | null,
): Promise<FileReader | null> {
  const wait = () => sleep(chance.whole(0, pace.longestWaitMs));
  if (reader?.ended) {
    await reader.end();
    return null;
  }
  if (reader === null) {
    // Long enough at times that the ring overflows.
    if (chance.oneIn(3)) await wait();
    return FileReader.start(world, producer);
  }
  switch (chance.weighed({ wait: 4, killReader: 3, stopReader: 2, pauseReader: 2, pauseProducer: 2 })) {
    case 'wait':
      await wait();
      return reader;
    case 'killReader':
      await reader.kill();
      return null;
    case 'stopReader':
      await reader.stop();
      return null;
    case 'pauseReader':
      reader.pause();
      await sleep(chance.whole(0, pace.longestPauseMs));
      world.tally.pauses++;
      if (chance.oneIn(5)) {
        await reader.kill();
        return null;
      }
      reader.goOn();
      return reader;
    case 'pauseProducer':
      producer.pause();
      await sleep(chance.whole(0, pace.longestPauseMs));
      world.tally.pauses++;
      producer.goOn();
      return reader;
  }
}
