/**
 * When ringview.sys is loaded, and with what it begins: its service and the key Parameters below it. A driver that the boot
 * loader loads has to lie below the Windows folder, under a path that needs no drive letter: there are none yet.
 */
import {
  BOOT_VALUES,
  type BootChange,
  type BootSettings,
  parametersOf,
  START_TYPES,
  type StartChoice,
  startType,
  valuesOf,
} from '../core/boot.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { driverPath, systemPath } from './pe-machine.ts';
import { listDwords, readDword, readText, removeValue, writeDword } from './registry.ts';
import { RINGVIEW_SERVICE } from './ringview-device.ts';
import { changeServiceStart } from './services.ts';

const KEY = `SYSTEM\\CurrentControlSet\\Services\\${RINGVIEW_SERVICE}`;
const PARAMETERS = `${KEY}\\Parameters`;

/**
 * The groups whose drivers Windows loads first come first in its list (Control\ServiceGroupOrder), and System Reserved is the
 * first of them; those of groups that are not in the list come last. A driver that is started by hand has a group of its own,
 * by which Wine runs it in one process with those that log through it.
 */
const GROUPS: Readonly<Record<StartChoice, string>> = {
  boot: 'System Reserved',
  system: 'System Reserved',
  auto: 'RingView',
  demand: 'RingView',
};

/** The number of Windows, and the load-order group, of a start type. */
export function startOf(choice: StartChoice): { readonly start: number; readonly group: string } {
  return { start: START_TYPES.indexOf(choice), group: GROUPS[choice] };
}

/** What the service is set to; null: there is none. Failures: permission-denied, io-error, source-unsupported. */
export function readBoot(): Result<BootSettings | null> {
  const start = readDword(KEY, 'Start');
  if (!start.ok) return start;
  if (start.value === null) return ok(null);
  const values = listDwords(PARAMETERS);
  if (!values.ok) return values;
  // Of hardware profile 0, the only one since Windows 7. Windows makes it for some drivers by itself.
  const override = readDword(`${KEY}\\StartOverride`, '0');
  if (!override.ok) return override;
  const overridden = startType(override.value);
  return ok({ start: startType(start.value), overridden, ...parametersOf(values.value) });
}

/**
 * Changes when the driver is loaded and with what it begins then; one that is loaded stays as it is. Failures: those of
 * readBoot, source-not-found if it is not installed, bad-argument for a value that it would ignore or a file that the boot
 * loader cannot reach.
 */
export function changeBoot({ start, standard, parameters }: BootChange): Result<void> {
  const values = valuesOf(parameters);
  if (!values.ok) return values;
  const installed = readBoot();
  if (!installed.ok) return installed;
  if (installed.value === null) {
    const action = 'Install it: ringview driver install --path ringview.sys';
    return fail('source-not-found', 'The RingView driver is not installed', action);
  }
  for (const parameter of Object.keys(BOOT_VALUES) as (keyof typeof BOOT_VALUES)[]) {
    const name = BOOT_VALUES[parameter];
    const value = values.value.get(name);
    const removed = standard === true || parameters[parameter] === null;
    const done = value === undefined ? removed && removeValue(PARAMETERS, name) : writeDword(PARAMETERS, name, value);
    if (done !== false && !done.ok) return done;
  }
  return start === undefined ? ok(undefined) : changeStart(start);
}

function changeStart(choice: StartChoice): Result<void> {
  const { start, group } = startOf(choice);
  const image = readText(KEY, 'ImagePath');
  if (!image.ok) return image;
  const root = process.env.SystemRoot ?? 'C:\\Windows';
  const file = driverPath(image.value ?? '', root);
  const path = systemPath(file, root);
  if (path === null && (choice === 'boot' || choice === 'system')) {
    const what = `${file} lies outside of ${root}: it cannot be loaded before there are drives`;
    return fail('bad-argument', what, 'Remove the driver, then let RingView install it: it copies the file there');
  }
  return changeServiceStart(RINGVIEW_SERVICE, start, group, path);
}
