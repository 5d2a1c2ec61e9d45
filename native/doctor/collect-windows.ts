/** Asks Windows what the doctor wants to know. Changes nothing; whatever cannot be asked is a fact of its own. */
import { machine } from 'node:os';
import type { Result } from '../core/result.ts';
import { debugBufferOwned, runningViewers } from '../win32/debug-buffer.ts';
import { readBoot } from '../win32/driver-boot.ts';
import { driverPath, MACHINE_NAMES } from '../win32/pe-machine.ts';
import { isElevated, processName } from '../win32/processes.ts';
import { machineOfFile } from '../win32/program-file.ts';
import { listDwords, readText } from '../win32/registry.ts';
import { openRingViewDevice, RINGVIEW_DEVICE, RINGVIEW_SERVICE } from '../win32/ringview-device.ts';
import { loadPolicy } from '../win32/security.ts';
import { queryService } from '../win32/services.ts';
import { collectTracing } from './collect-tracing.ts';
import { DEBUG_FILTER_KEY } from './debug-filter.ts';
import type { DriverCircumstances, DriverFacts, DriverImage, WindowsFacts } from './facts.ts';

export function collectWindows(): WindowsFacts {
  return {
    system: 'windows',
    ...collectDriver(),
    tracing: collectTracing(),
    debugFilter: listDwords(DEBUG_FILTER_KEY),
    debugOutput: {
      session: valueOr(debugBufferOwned('session'), null),
      global: valueOr(debugBufferOwned('global'), null),
      viewers: runningViewers(),
    },
  };
}

/** What concerns the driver alone. */
export function collectDriver(): DriverCircumstances {
  const known = machine();
  return {
    machine: MACHINE_NAMES[known] ?? known,
    elevated: valueOr(isElevated(), null),
    driver: { service: queryService(RINGVIEW_SERVICE), image: driverImage(), boot: readBoot(), device: askDevice() },
    security: loadPolicy(),
  };
}

function valueOr<T>(result: Result<T>, otherwise: T): T {
  return result.ok ? result.value : otherwise;
}

function askDevice(): DriverFacts['device'] {
  const opened = openRingViewDevice(RINGVIEW_DEVICE);
  if (!opened.ok) return opened;
  const device = opened.value;
  const statistics = device.statistics();
  const loggers = device.loggers();
  const filters = device.filters();
  device.close();
  if (!statistics.ok) return statistics;
  if (!loggers.ok) return loggers;
  if (!filters.ok) return filters;
  const { readerPid } = statistics.value;
  const readerName = readerPid === 0 ? null : processName(readerPid);
  const readByUs = readerPid === process.pid;
  const asked = {
    version: device.version,
    statistics: statistics.value,
    loggers: loggers.value,
    filters: filters.value,
  };
  return { ok: true, value: { ...asked, readerName, readByUs } };
}

function driverImage(): DriverImage | null {
  const path = readText(`SYSTEM\\CurrentControlSet\\Services\\${RINGVIEW_SERVICE}`, 'ImagePath');
  if (!path.ok || path.value === null) return null;
  const file = driverPath(path.value, process.env.SystemRoot ?? 'C:\\Windows');
  return { path: file, machine: machineOfFile(file) };
}
