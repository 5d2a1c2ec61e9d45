/** `ringview driver`: installs, loads, queries and removes ringview.sys. */
import { resolve } from 'node:path';
import { captureNames, type Logger } from '../../native/core/ioctl.ts';
import { offNames } from '../../native/core/logger-mask.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
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
  if (process.platform !== 'win32') {
    const action = 'On Linux, be a driver yourself: ringview simulate --name demo';
    return fail('source-unsupported', 'Drivers exist on Windows only', action);
  }
  const { verb } = request;
  if (verb !== 'status') {
    report(`driver ${verb} needs the rights of an administrator`);
    const elevated = checkElevation(verb);
    if (!elevated.ok) return elevated;
  }
  switch (verb) {
    case 'install': {
      const installed = installDriver(resolve(request.path));
      return installed.ok ? ok(`Installed as ${installed.value}; load it: ringview driver start`) : installed;
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
    default:
      return withDevice(request);
  }
}

function describeLogger({ name, off, attached }: Logger): string {
  const state = attached === 0 ? 'not attached' : attached === 1 ? 'logs' : `logs, ${attached} times`;
  return `  ${name}: ${[state, ...offNames(off).map((each) => `${each} off`)].join(', ')}`;
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
    const asked = device.statistics();
    if (!asked.ok) return asked;
    const loggers = device.loggers();
    if (!loggers.ok) return loggers;
    const { version } = device;
    const { readerPid, capturing, written, lost, attachedDrivers } = asked.value;
    const reader = readerPid === 0 ? 'nobody' : `${processName(readerPid) ?? 'a process'} (pid ${readerPid})`;
    return ok(
      [
        `${version.driver}, layout ${version.layoutMajor}.${version.layoutMinor}, ${version.cpuCount} CPUs`,
        `read by ${reader}; ${attachedDrivers} drivers log through it`,
        `captures ${captureNames(capturing).join(', ') || 'nothing else'} of ${captureNames(version.captures).join(', ')}`,
        `${written} written, ${lost} lost`,
        ...loggers.value.map(describeLogger),
      ].join('\n'),
    );
  } finally {
    device.close();
  }
}
