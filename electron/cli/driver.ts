/** `ringview driver`: installs, loads, queries and removes ringview.sys. */
import { resolve } from 'node:path';
import {
  type BootChange,
  type BootSettings,
  bootOutcome,
  describeParameters,
  START_WORDS,
} from '../../native/core/boot.ts';
import { filterWords } from '../../native/core/event-filter.ts';
import { type BootWords, captureMask, captureNames, describeLosses, type Logger } from '../../native/core/ioctl.ts';
import { offNames, stackWords } from '../../native/core/logger-mask.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { changeBoot, readBoot } from '../../native/win32/driver-boot.ts';
import {
  checkElevation,
  installDriver,
  removeDriver,
  startDriver,
  stopDriver,
} from '../../native/win32/driver-service.ts';
import { processName } from '../../native/win32/processes.ts';
import { openRingViewDevice, RINGVIEW_DEVICE } from '../../native/win32/ringview-device.ts';
import type { DriverRequest } from './args.ts';

/** Carries out the request; the value is the outcome, for people. `report` is called before each step. */
export async function driver(request: DriverRequest, report: (line: string) => void): Promise<Result<string>> {
  const { verb } = request;
  const asks = verb === 'status' || (verb === 'boot' && request.change === null);
  const allowed = checkRights(verb, asks, report);
  if (!allowed.ok) return allowed;
  switch (verb) {
    case 'install': {
      const installed = installDriver(resolve(request.path), request.start);
      if (!installed.ok) return installed;
      const when = request.start === 'demand' ? '' : `, and Windows starts it ${START_WORDS[request.start]}`;
      return ok(`Installed as ${installed.value}${when}; load it now: ringview driver start`);
    }
    case 'start': {
      const started = await startDriver();
      return started.ok ? ok(`Loaded: ${started.value}; read it: ringview capture --source driver:`) : started;
    }
    case 'stop': {
      const stopped = await stopDriver();
      return stopped.ok ? ok('Stopped') : stopped;
    }
    case 'remove': {
      const removed = await removeDriver();
      return removed.ok ? ok('Removed') : removed;
    }
    case 'boot':
      return bootSettings(request.change);
    case 'status': {
      const said = withDevice(request);
      const boot = describeBoot();
      if (said.ok) return ok([said.value, ...boot].join('\n'));
      // Of a driver that is not loaded this is all there is to say.
      boot.forEach(report);
      return said;
    }
    default:
      return withDevice(request);
  }
}

/** Shows when the driver is started and with what it begins, after having changed that if `change` says so. */
function bootSettings(change: BootChange | null): Result<string> {
  const changed = change === null ? ok(undefined) : changeBoot(change);
  if (!changed.ok) return changed;
  const settings = readBoot();
  if (!settings.ok) return settings;
  if (settings.value === null) {
    const action = 'Install it as administrator: ringview driver install --path ringview.sys';
    return fail('source-not-found', 'The RingView driver is not installed', action);
  }
  return ok(describeSettings(settings.value).join('\n'));
}

function describeSettings({ start, overridden, parameters, wrong }: BootSettings): string[] {
  const effective = overridden ?? start;
  return [
    `starts ${effective === null ? 'as Windows says' : START_WORDS[effective]}${overridden === null ? '' : ' (StartOverride)'}`,
    `begins with ${describeParameters(parameters)}`,
    ...wrong.map((name) => `${name} in the registry is no value that it takes: it will be ignored`),
  ];
}

/** None where it is not installed, or that cannot be told. */
function describeBoot(): string[] {
  const settings = readBoot();
  return settings.ok && settings.value !== null ? describeSettings(settings.value) : [];
}

/** How the loaded driver began, where the registry had anything to say. */
function describeBegin(words: BootWords | null): string[] {
  if (words === null) return [];
  const { set, ignored, refused, unread, unlinked } = bootOutcome(words);
  return [
    ...(set.length > 0 ? [`began with ${set.join(', ')} of the registry`] : []),
    ...(ignored.length > 0 ? [`ignored ${ignored.join(', ')}: no values that it takes`] : []),
    ...(refused.length > 0 ? [`Windows refused what ${refused.join(', ')} asks for`] : []),
    ...(unread ? ['could not read the registry'] : []),
    ...(unlinked ? ['programs cannot open one of its devices'] : []),
  ];
}

/** Whether this may be done here: drivers exist on Windows only, and all but to ask one is for administrators. */
export function checkRights(verb: string, asks: boolean, report: (line: string) => void): Result<void> {
  if (process.platform !== 'win32') {
    const action = 'On Linux, be a driver yourself: ringview simulate --name demo';
    return fail('source-unsupported', 'Drivers exist on Windows only', action);
  }
  if (asks) return ok(undefined);
  report(`driver ${verb} needs the rights of an administrator`);
  return checkElevation(verb);
}

function describeLogger({ name, off, stacks, attached }: Logger): string {
  const state = attached === 0 ? 'not attached' : attached === 1 ? 'logs' : `logs, ${attached} times`;
  const carried = stacks.length === 0 ? '' : `; stacks of ${stackWords(stacks)}`;
  return `  ${name}: ${[state, ...offNames(off).map((each) => `${each} off`)].join(', ')}${carried}`;
}

function withDevice(request: DriverRequest): Result<string> {
  const opened = openRingViewDevice(RINGVIEW_DEVICE);
  if (!opened.ok) return opened;
  const device = opened.value;
  try {
    if (request.verb === 'configure') {
      const configured = device.configure(request.configuration);
      return configured.ok ? ok('A new ring session has begun') : configured;
    }
    if (request.verb === 'mask') {
      const { name, off } = request;
      const set = device.mask(name, off);
      return set.ok ? ok(`${name}: ${offNames(off).join(', ') || 'nothing'} is off`) : set;
    }
    if (request.verb === 'stacks') {
      const { name, levels } = request;
      const set = device.stacks(name, levels);
      return set.ok ? ok(`${name}: texts of ${stackWords(levels) || 'no level'} carry a stack`) : set;
    }
    if (request.verb === 'capture') {
      const switched = device.capture(captureMask(request.captures));
      return switched.ok ? ok(`captures ${captureNames(switched.value).join(', ') || 'nothing else'}`) : switched;
    }
    if (request.verb === 'filter') {
      const set = device.filter(request.captures, request.filter);
      return set.ok ? ok(`${request.captures.join(', ')}: ${filterWords(request.filter) || 'everything'}`) : set;
    }
    const asked = device.statistics();
    if (!asked.ok) return asked;
    const loggers = device.loggers();
    if (!loggers.ok) return loggers;
    const filters = device.filters();
    if (!filters.ok) return filters;
    const { version } = device;
    const { readerPid, capturing, written, lost, losses, boot, attachedDrivers } = asked.value;
    const reader = readerPid === 0 ? 'nobody' : `${processName(readerPid) ?? 'a process'} (pid ${readerPid})`;
    return ok(
      [
        `${version.driver}, layout ${version.layoutMajor}.${version.layoutMinor}, ${version.cpuCount} CPUs`,
        `read by ${reader}; ${attachedDrivers} drivers log through it`,
        `captures ${captureNames(capturing).join(', ') || 'nothing else'} of ${captureNames(version.captures).join(', ')}`,
        `${written} written, ${lost} lost${describeLosses(losses)}`,
        ...describeBegin(boot),
        ...[...filters.value]
          .map(([name, filter]) => [name, filterWords(filter)])
          .filter(([, words]) => words !== '')
          .map(([name, words]) => `  ${name}: ${words}`),
        ...loggers.value.map(describeLogger),
      ].join('\n'),
    );
  } finally {
    device.close();
  }
}
