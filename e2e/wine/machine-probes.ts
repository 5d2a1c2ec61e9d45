/** What the app's driver card, debug print filter and source menu are made of, from not installed to removed again. */
import { examineDriver, readDebugFilter, writeDebugMask } from '../../native/doctor/index.ts';
import { offerSources } from '../../native/sources/offers.ts';
import { openSource } from '../../native/sources/open.ts';
import {
  checkElevation,
  installDriver,
  removeDriver,
  setCaptures,
  startDriver,
  stopDriver,
} from '../../native/win32/driver-service.ts';
import { askObserver, installObserver, removeObserver } from '../../native/win32/observer-service.ts';
import { readDword, readText } from '../../native/win32/registry.ts';
import { queryService } from '../../native/win32/services.ts';
import { claim, failureOf, until, unwrap } from './claims.ts';

const hindrance = (spec: string) => offerSources().find((offer) => offer.spec === spec)?.hindrance;

/** `driver`: path of ringview.sys, which is neither installed before nor after. The filter is not set before. */
export async function machine(driver: string): Promise<void> {
  const absent = examineDriver();
  claim(absent.state === 'not-installed' && absent.elevated === true, 'the card of a driver that is not installed');
  claim(hindrance('driver:') === 'not installed', 'the source is offered, with what is missing');
  claim(checkElevation('install').ok, 'the rights are there');

  unwrap(installDriver(driver), 'install');
  claim(examineDriver().state === 'stopped', 'installed: the card says stopped');
  claim(hindrance('driver:') === 'not started', 'and the offer that it is not started');
  unwrap(await startDriver(), 'start');
  const running = examineDriver();
  const facts = new Map(running.facts);
  claim(
    running.state === 'running' && facts.get('read by') === 'nobody' && facts.get('lost') === '0',
    'started: the card says running, and what the driver counts',
    running.facts.map(([name, value]) => `${name} ${value}`).join(', '),
  );
  const captured = () =>
    examineDriver()
      .captures.map(({ name, on }) => `${name} ${on ? 'on' : 'off'}`)
      .join(', ');
  unwrap(setCaptures(['process', 'image']), 'captures');
  claim(
    captured() === 'process on, thread off, image on',
    'captures are switched on, those that exist here',
    captured(),
  );
  claim(!setCaptures(['dbgprint']).ok, 'one that this system lacks is refused');
  unwrap(setCaptures([]), 'captures');
  claim(captured() === 'process off, thread off, image off', 'and off');
  claim(hindrance('driver:') === null && hindrance('dbwin:') === null, 'driver: and dbwin: can be captured');

  await stoppedWhileWeRead();
  unwrap(await removeDriver(), 'remove');
  claim(examineDriver().state === 'not-installed', 'removed: the card says so');
  const missing = failureOf(await startDriver());
  claim(missing?.code === 'source-not-found', 'what is not installed does not start', missing?.message);
  await fileFilter(driver);
  debugFilter();
}

/** What a minifilter needs of its service; Wine, which has none, cannot load it. `file`: any driver for this machine. */
async function fileFilter(file: string): Promise<void> {
  unwrap(installObserver('file', file), 'install ringview-file');
  const instances = 'SYSTEM\\CurrentControlSet\\Services\\ringview-file\\Instances';
  const instance = unwrap(readText(instances, 'DefaultInstance'), 'its instance');
  const altitude = unwrap(readText(`${instances}\\${instance}`, 'Altitude'), 'its altitude');
  const flags = unwrap(readDword(`${instances}\\${instance}`, 'Flags'), 'its flags');
  claim(
    altitude === '361370' && flags === 0,
    'a minifilter is installed with its altitude',
    `${instance}: ${altitude}`,
  );
  const again = failureOf(installObserver('file', file));
  claim(again?.code === 'source-busy', 'and not twice', again?.message);
  const asked = failureOf(askObserver('file'));
  claim(asked?.code === 'source-not-found', 'one that is not loaded cannot be asked', asked?.message);
  unwrap(await removeObserver('file'), 'remove ringview-file');
  claim(unwrap(queryService('ringview-file'), 'its service').state === 'not-installed', 'and it is removed');
}

/** The app stops the driver that it captures from. */
async function stoppedWhileWeRead(): Promise<void> {
  const source = unwrap(openSource('driver:'), 'driver:');
  const reader = new Map(examineDriver().facts).get('read by');
  claim(reader === `RingView (${process.pid})`, 'a driver that we read says so', reader);
  let state = 'capturing';
  const polls = setInterval(() => {
    if (state !== 'capturing') return;
    state = source.poll(() => {}).state;
    if (state !== 'capturing') source.close(() => {});
  }, 5);
  const stopped = await stopDriver();
  await until(() => state !== 'capturing');
  clearInterval(polls);
  claim(stopped.ok && state === 'ended', 'stopped while we read it: our reader lets go', `${state}`);
  claim(examineDriver().state === 'stopped', 'and the card says stopped');
}

function debugFilter(): void {
  const before = unwrap(readDebugFilter(), 'filter');
  const names = before.masks.map(({ component, mask }) => `${component}=${mask}`).join(' ');
  claim(names === 'DEFAULT=null IHVDRIVER=null', 'a filter that is not set lists what drivers write to', names);
  claim(before.restartNeeded === false && before.elevated === true, 'and needs no restart');
  unwrap(writeDebugMask('DISK', 0xfffffff7), 'write');
  const after = unwrap(readDebugFilter(), 'filter');
  const disk = after.masks.find(({ component }) => component === 'DISK');
  claim(disk?.mask === 0xfffffff7 && disk.effective === 0xfffffff7, 'a mask that was written is listed');
  claim(after.restartNeeded === true, 'and it is known that Windows has not read it yet');
  claim(failureOf(writeDebugMask('NOSUCH', 1))?.code === 'bad-argument', 'what Windows does not know is not written');
}
