/** What the product's own modules do with a loaded ringview.sys and a driver that logs through it. */
import type { EntryBatch } from '../../native/core/entry.ts';
import { EVENT_TYPE } from '../../native/core/events.ts';
import { CAPTURE, type RingConfiguration } from '../../native/core/ioctl.ts';
import { ourSchemas } from '../../native/decode/schema/ours.ts';
import { SchemaSet } from '../../native/decode/schema/schema-set.ts';
import { openSource } from '../../native/sources/open.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { setCaptures, startDriver } from '../../native/win32/driver-service.ts';
import { openRingViewDevice, RINGVIEW_DEVICE, type RingViewDevice } from '../../native/win32/ringview-device.ts';
import { startService, stopService } from '../../native/win32/services.ts';
import { claim, failureOf, say, sleep, until, unwrap } from './claims.ts';
import { Sample, SampleChecker } from './sample.ts';

const ROOMY: RingConfiguration = { ringBytes: 16777216, ringMode: 'drop', orderMode: 'index' };

function device(): RingViewDevice {
  return unwrap(openRingViewDevice(RINGVIEW_DEVICE), 'the device opens');
}

function configure(configuration: RingConfiguration): void {
  const driver = device();
  unwrap(driver.configure(configuration), 'configure');
  driver.close();
}

function open(spec = 'driver:'): LogSource {
  return unwrap(openSource(spec), spec);
}

function orderOf({ info }: LogSource): 'index' | 'clock' {
  return info.ring?.order ?? 'index';
}

function sum(source: LogSource): { attempted: number; before: number; read: number; lost: number } {
  const total = { attempted: 0, before: 0, read: 0, lost: 0 };
  for (const cpu of source.stats().cpus) {
    total.attempted += cpu.ring?.attempted ?? 0;
    total.before += cpu.ring?.attemptedBefore ?? 0;
    total.read += cpu.read;
    total.lost += cpu.lost;
  }
  return total;
}

/** Polls until the run is over and a poll finds nothing. */
async function drain(source: LogSource, sample: Sample, checker: SampleChecker): Promise<void> {
  for (let idle = 0; idle < 3; ) {
    const over = sample.status().running === 0;
    const { rows, more } = source.poll(checker.take);
    idle = over && rows === 0 && !more ? idle + 1 : 0;
    await (more ? undefined : sleep(1));
  }
}

async function readAll(what: string, configuration: RingConfiguration, messages: number, burst: number): Promise<void> {
  configure(configuration);
  const source = open();
  const sample = new Sample();
  const checker = new SampleChecker(orderOf(source));
  const started = performance.now();
  sample.run(messages, 4, burst);
  await drain(source, sample, checker);
  const ms = performance.now() - started;
  source.close(checker.take);
  const { attempted } = sample.status();
  const total = sum(source);
  sample.close();
  const figures = `${attempted} attempted = ${checker.entries} read + ${checker.lost} lost in ${ms.toFixed(0)} ms`;
  claim(attempted === messages && checker.entries + checker.lost === attempted, `${what}: all accounted for`, figures);
  claim(
    total.attempted - total.before === attempted && total.read === checker.entries && total.lost === checker.lost,
    `${what}: the statistics say the same`,
  );
  claim(checker.disordered === 0, `${what}: in order`, `${checker.disordered} out of place, ${checker.late} late`);
  claim(checker.torn === 0 && checker.others === 0, `${what}: every entry whole`, `${checker.torn} torn`);
}

export async function million(): Promise<void> {
  await readAll('a million from 4 threads', ROOMY, 1_000_000, 100);
}

export async function lossy(): Promise<void> {
  await readAll('small rings, no pause', { ...ROOMY, ringBytes: 65536 }, 200_000, 0);
  await readAll('overwriting', { ...ROOMY, ringBytes: 65536, ringMode: 'overwrite' }, 200_000, 0);
  await readAll('by the clock', { ...ROOMY, orderMode: 'clock' }, 100_000, 500);
}

/** Wine tells of images in the drivers' process only: another driver is loaded, by ringview.sys's report and the sample's. */
export async function events(): Promise<void> {
  configure(ROOMY);
  const source = open();
  const sample = new Sample();
  const paths: string[] = [];
  let unknown = 0;
  const schemas = unwrap(SchemaSet.of(ourSchemas().map((schema) => ({ schema, added: false }))), 'our schemas');
  const sink = (batch: EntryBatch): void => {
    for (let row = 0; row < batch.count; row++) {
      const type = batch.type[row] as number;
      if (type < EVENT_TYPE.RESERVED) continue;
      const start = batch.dataStart[row] as number;
      const payload = batch.bytes.subarray(start, start + (batch.dataLength[row] as number));
      const event = type === EVENT_TYPE.IMAGE ? (schemas.get(type)?.json(payload) ?? null) : null;
      if (event !== null) paths.push(String(event.path));
      else unknown++;
    }
  };
  const loadedAnother = async (): Promise<boolean> => {
    paths.length = 0;
    // It may well refuse to start beside the sample; its image is loaded all the same.
    startService('sample-embedded');
    const told = await until(() => {
      source.poll(sink);
      return paths.length > 0;
    });
    stopService('sample-embedded');
    return told && paths.some((path) => path.toLowerCase().endsWith('sample-embedded.sys'));
  };
  unwrap(setCaptures(['image']), 'captures');
  claim(await loadedAnother(), 'ringview.sys tells of an image as a typed event, with its path', paths.join(', '));
  unwrap(setCaptures([]), 'captures');
  sample.events(CAPTURE.IMAGE);
  claim(await loadedAnother(), 'and so does the sample, through the same log', paths.join(', '));
  sample.events(0);
  claim(!(await loadedAnother()) && paths.length === 0, 'switched off, nobody tells');
  claim(unknown === 0, 'every event is whole', `${unknown} not`);
  source.close(sink);
  sample.close();
}

/** Lets the sample write for someone else, who must be reading. */
export async function write(): Promise<void> {
  const driver = device();
  const read = await until(() => unwrap(driver.statistics(), 'statistics').readerPid !== 0);
  driver.close();
  if (!claim(read, 'the driver is read')) return;
  const sample = new Sample();
  sample.run(100_000, 4, 200);
  await until(() => sample.status().running === 0);
  claim(sample.status().attempted === 100_000, 'the sample has written');
  sample.close();
}

/** Reads until it is killed. */
export async function readForever(): Promise<void> {
  configure(ROOMY);
  const source = open();
  for (;;) {
    source.poll(() => {});
    await sleep(1);
  }
}

/** Needs a process that runs `readForever`. */
export async function killedReader(): Promise<void> {
  const driver = device();
  const reader = () => unwrap(driver.statistics(), 'statistics').readerPid;
  if (!claim(await until(() => reader() !== 0), 'another process reads')) return;
  const pid = reader();
  const refused = failureOf(openSource('driver:'));
  claim(
    refused?.code === 'source-busy' && refused.message.includes(`node.exe (pid ${pid})`),
    'a second reader is refused and told who reads',
    refused?.message,
  );
  const sample = new Sample();
  sample.run(1_000_000, 4, 200);
  const written = () => unwrap(driver.statistics(), 'statistics').written;
  const begin = written();
  await until(() => written() > begin + 50_000);
  process.kill(pid, 'SIGKILL');
  // Either it is seen to go on, or it was through with all of it before anybody looked.
  const attempts = sample.status().attempted;
  await until(() => sample.status().attempted > attempts || sample.status().running === 0);
  const after = sample.status().attempted;
  claim(after > attempts || after === 1_000_000, 'the driver logs on after its reader was killed', `${after} attempts`);
  let opened = openSource('driver:');
  await until(() => {
    if (!opened.ok) opened = openSource('driver:');
    return opened.ok;
  });
  const source = unwrap(opened, 'a new reader attaches');
  claim(true, 'a new reader attaches');
  const checker = new SampleChecker(orderOf(source));
  await drain(source, sample, checker);
  source.close(checker.take);
  const { attempted, before, read, lost } = sum(source);
  claim(
    attempted === before + read + lost && before > 0 && read > 0,
    'it goes on where the dead one stopped',
    `${attempted} attempted = ${before} before + ${read} read + ${lost} lost`,
  );
  claim(checker.torn === 0 && checker.disordered === 0, 'whole and in order', `${checker.late} late`);
  sample.close();
  driver.close();
}

/** Someone else stops the service once this has said READING. */
export async function stoppedDriver(): Promise<void> {
  configure({ ...ROOMY, ringBytes: 1048576 });
  const source = open();
  const sample = new Sample();
  const checker = new SampleChecker(orderOf(source));
  sample.run(100_000_000, 4, 500);
  await until(() => {
    source.poll(checker.take);
    return checker.entries > 10_000;
  });
  say('# READING');
  let state = source.poll(checker.take).state;
  await until(() => {
    ({ state } = source.poll(checker.take));
    return state !== 'capturing';
  });
  claim(state === 'ended' || state === 'gone', 'a reader sees that the driver stopped', state);
  const { attempted, before, read, lost } = sum(source);
  claim(
    attempted === before + read + lost && checker.torn === 0,
    'everything until then is accounted for',
    `${attempted} attempted = ${before} before + ${read} read + ${lost} lost`,
  );
  source.close(checker.take);
  claim(source.poll(checker.take).rows === 0, 'and closes quietly');
  const absent = failureOf(openSource('driver:'));
  claim(
    absent?.code === 'source-not-found' && absent.message.includes('not started'),
    'a driver that is not started is named so, with the fix',
    `${absent?.message}. ${absent?.action}`,
  );
  claim(await until(() => sample.status().looking), 'a driver that logs looks for another one');
  unwrap(await startDriver(), 'start');
  claim(await until(() => sample.status().attached), 'a driver that logs attaches to the new one by itself');
  const again = open();
  const after = new SampleChecker(orderOf(again));
  claim(await until(() => again.poll(after.take).rows > 0), 'started again, it is read again');
  again.close(after.take);
  sample.close();
  unwrap(stopService('sample'), 'the sample stops');
}

/** Needs sample-embedded.sys instead of the other two. */
export async function embedded(): Promise<void> {
  const source = open('driver:RingViewEmbedded');
  claim(source.info.producer === 'sample-embedded.sys', 'a driver that embeds RingView is read under its own name');
  const sample = new Sample();
  const checker = new SampleChecker(orderOf(source));
  sample.run(50_000, 2, 500);
  await drain(source, sample, checker);
  source.close(checker.take);
  claim(
    checker.entries - checker.others + checker.lost === 50_000 && checker.torn + checker.disordered === 0,
    'all of it whole and in order',
    `${checker.entries} read, ${checker.lost} lost`,
  );
  const absent = failureOf(openSource('driver:NoSuchDevice'));
  claim(absent?.code === 'source-not-found', 'a device that does not exist is named', absent?.message);
  sample.close();
}
