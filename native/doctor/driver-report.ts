/** Where the driver stands, in the words of a card that shows it: state, sentence, figures. Pure. */
import { bootOutcome } from '../core/boot.ts';
import type { DriverReport, DriverState } from '../core/driver-report.ts';
import { captureNames, type DriverStatistics, type DriverVersion, describeLosses } from '../core/ioctl.ts';
import { RV } from '../core/layout.ts';
import type { DriverCircumstances } from './facts.ts';
import { isRefusal, judgeDriver } from './judge.ts';

/** For a system that has no such drivers. */
export const NO_DRIVER: DriverReport = {
  state: 'unsupported',
  what: 'ringview.sys is a driver for Windows; here, simulated drivers are captured (sim:NAME)',
  fix: null,
  elevated: null,
  boot: null,
  facts: [],
  captures: [],
  loggers: [],
};

export function reportDriver(circumstances: DriverCircumstances): DriverReport {
  const { driver, elevated } = circumstances;
  const { service, device } = driver;
  const report = (state: DriverState, what: string, fix: string | null = null): DriverReport => ({
    state,
    what,
    fix,
    elevated,
    boot: driver.boot.ok ? driver.boot.value : null,
    facts: [],
    captures: [],
    loggers: [],
  });
  if (device.ok) {
    const { version, statistics, loggers, filters, readerName, readByUs } = device.value;
    const facts = factsOf(version, statistics, readByUs ? 'RingView' : (readerName ?? 'a process'));
    const on = captureNames(statistics.capturing);
    const captures = captureNames(version.captures).map((name) => ({
      ...{ name, on: on.includes(name), filter: filters.get(name) ?? null },
    }));
    const says =
      statistics.state === RV.STATE_STOPPED
        ? report('running', 'Its ring session was ended: nothing more comes', 'Stop it, then start it again')
        : report('running', 'It is loaded, and drivers can log to it');
    return { ...says, facts, captures, loggers };
  }
  if (!service.ok) return report('unknown', service.failure.message, service.failure.action);
  const { state, exitError } = service.value;
  if (state === 'not-installed') return report('not-installed', 'ringview.sys is not installed');
  if (state === 'start-pending') return report('starting', 'Windows is loading it');
  const [finding] = judgeDriver(circumstances);
  const what = finding?.what ?? 'Its state is not known';
  if (state === 'stop-pending') return report('stopping', what, finding?.fix);
  if (state === 'running') return report('running', what, finding?.fix);
  // A file that is missing or of another processor is refused as surely as an unsigned one.
  const wrongFile = driver.image !== null && driver.image.machine !== circumstances.machine;
  if (wrongFile || isRefusal(exitError)) return report('refused', what, finding?.fix);
  return report('stopped', what);
}

function factsOf(version: DriverVersion, statistics: DriverStatistics, reader: string): [string, string][] {
  const { readerPid, attachedDrivers, written, lost } = statistics;
  const count = (value: number): string => value.toLocaleString('en');
  return [
    ['layout', `${version.layoutMajor}.${version.layoutMinor}`],
    ['CPUs', count(version.cpuCount)],
    ['read by', readerPid === 0 ? 'nobody' : `${reader} (${readerPid})`],
    ['drivers attached', count(attachedDrivers)],
    ['written', count(written)],
    ['lost', `${count(lost)}${describeLosses(statistics.losses)}`],
    ...began(statistics),
  ];
}

/** How it began, where the registry had anything to say. */
function began({ boot }: DriverStatistics): [string, string][] {
  if (boot === null) return [];
  const { set, ignored, refused } = bootOutcome(boot);
  const words = [
    ...set.filter((name) => !refused.includes(name)),
    ...ignored.map((name) => `${name} ignored`),
    ...refused.map((name) => `${name} refused by Windows`),
  ];
  return words.length === 0 ? [] : [['began with', words.join(', ')]];
}
