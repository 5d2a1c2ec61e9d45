/**
 * With what ringview.sys begins when it is loaded, and when that is: the start type of its service and the values of its key
 * Parameters, which the driver bounds as it bounds a request (driver/kernel/boot_values.h). Pure: numbers in, words out.
 */
import {
  type BootWords,
  CAPTURE_NAMES,
  type CaptureName,
  captureMask,
  captureNames,
  type RingConfiguration,
} from './ioctl.ts';
import { RV } from './layout.ts';
import { fail, ok, type Result } from './result.ts';

/** By the numbers of Windows: loaded by its boot loader, by the kernel, by the service manager, by hand, never. */
export const START_TYPES = ['boot', 'system', 'auto', 'demand', 'disabled'] as const;
export type StartType = (typeof START_TYPES)[number];
/** Those that make sense for a person to choose. */
export const START_CHOICES = ['demand', 'auto', 'system', 'boot'] as const;
export type StartChoice = (typeof START_CHOICES)[number];

/** What each means, in a few words. */
export const START_WORDS: Readonly<Record<StartType, string>> = {
  boot: 'with the first drivers of the boot',
  system: 'with the kernel, before any program',
  auto: 'with the services',
  demand: 'by hand',
  disabled: 'never',
};

/** The name of a number of Windows; null for one that is none. */
export function startType(number: number | null): StartType | null {
  return number === null ? null : (START_TYPES[number] ?? null);
}

/** null: not set, so that the driver begins with its standard: STANDARD. */
export interface BootParameters {
  readonly ringBytes: number | null;
  readonly ringMode: RingConfiguration['ringMode'] | null;
  readonly orderMode: RingConfiguration['orderMode'] | null;
  readonly captures: readonly CaptureName[] | null;
}

export const NO_PARAMETERS: BootParameters = { ringBytes: null, ringMode: null, orderMode: null, captures: null };

/** What a driver begins with where nothing is said. */
export const STANDARD = { ringBytes: 1048576, ringMode: 'drop', orderMode: 'index', captures: [] } as const;

/** The names of the values in the registry, each a number of 32 bits. */
export const BOOT_VALUES = {
  ringBytes: 'RingBytes',
  ringMode: 'RingMode',
  orderMode: 'OrderMode',
  captures: 'Captures',
} as const satisfies Record<keyof BootParameters, string>;

/** The bits of boot_set and boot_ignored in a driver's statistics, by parameter. */
const BITS: Readonly<Record<keyof BootParameters, number>> = { ringBytes: 1, ringMode: 2, orderMode: 4, captures: 8 };
/** Further bits of boot_failed. */
export const BOOT_FAILED = { REGISTRY: 16, LINK: 32 } as const;

const RING_MODES = ['drop', 'overwrite'] as const;
const ORDERS = ['index', 'clock'] as const;
/** RV_MODE_* and RV_ORDER_* count from here. */
const FIRST_MODE = 1;

/** What the service is set to. */
export interface BootSettings {
  /** null: a number that Windows does not know. */
  readonly start: StartType | null;
  /** The start type that Windows goes by instead, where the key has a StartOverride; null: there is none. */
  readonly overridden: StartType | null;
  readonly parameters: BootParameters;
  /** Names of values in the registry that the driver does not take. */
  readonly wrong: readonly string[];
}

/** Changes of a person; what is left out stays. */
export interface BootChange {
  readonly start?: StartChoice;
  /** All that was set before is removed first. */
  readonly standard?: boolean;
  readonly parameters: Partial<BootParameters>;
}

function fits(parameter: keyof BootParameters, number: number): boolean {
  switch (parameter) {
    case 'ringBytes':
      return number >= RV.MIN_RING_BYTES && number <= RV.MAX_RING_BYTES && (number & (number - 1)) === 0;
    case 'ringMode':
      return RING_MODES[number - FIRST_MODE] !== undefined;
    case 'orderMode':
      return ORDERS[number - FIRST_MODE] !== undefined;
    case 'captures':
      return captureMask(captureNames(number)) === number;
  }
}

/** The parameters in the numbers of a key, by name; what is wrong counts as not set, as the driver has it. */
export function parametersOf(values: ReadonlyMap<string, number>): Pick<BootSettings, 'parameters' | 'wrong'> {
  // The registry does not tell upper from lower case.
  const byName = new Map([...values].map(([name, value]) => [name.toLowerCase(), value]));
  const wrong: string[] = [];
  const number = (parameter: keyof BootParameters): number | null => {
    const name = BOOT_VALUES[parameter];
    const value = byName.get(name.toLowerCase());
    if (value === undefined) return null;
    if (fits(parameter, value)) return value;
    wrong.push(name);
    return null;
  };
  const mode = number('ringMode');
  const order = number('orderMode');
  const captures = number('captures');
  const parameters: BootParameters = {
    ringBytes: number('ringBytes'),
    ringMode: mode === null ? null : (RING_MODES[mode - FIRST_MODE] ?? null),
    orderMode: order === null ? null : (ORDERS[order - FIRST_MODE] ?? null),
    captures: captures === null ? null : captureNames(captures),
  };
  return { parameters, wrong };
}

/** The numbers to write, by the names of the values. Failure: bad-argument, for what the driver would ignore. */
export function valuesOf(parameters: Partial<BootParameters>): Result<Map<string, number>> {
  const { ringBytes, ringMode, orderMode, captures } = parameters;
  const values = new Map<string, number>();
  if (typeof ringBytes === 'number') {
    if (!fits('ringBytes', ringBytes)) {
      const what = `Rings of ${ringBytes} bytes cannot be: a power of two from ${RV.MIN_RING_BYTES} to ${RV.MAX_RING_BYTES} is needed`;
      return fail('bad-argument', what, `Use ${nearest(ringBytes)}`);
    }
    values.set(BOOT_VALUES.ringBytes, ringBytes);
  }
  if (ringMode) values.set(BOOT_VALUES.ringMode, RING_MODES.indexOf(ringMode) + FIRST_MODE);
  if (orderMode) values.set(BOOT_VALUES.orderMode, ORDERS.indexOf(orderMode) + FIRST_MODE);
  if (captures) values.set(BOOT_VALUES.captures, captureMask(captures));
  return ok(values);
}

/** The smallest size that holds so much. */
function nearest(bytes: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(1, bytes)));
  return Math.min(RV.MAX_RING_BYTES, Math.max(RV.MIN_RING_BYTES, power));
}

/** The parameters that the bits of a driver's statistics name, by the names of the values. */
function named(bits: number): string[] {
  const parameters = Object.keys(BITS) as (keyof BootParameters)[];
  return parameters.filter((parameter) => (bits & BITS[parameter]) !== 0).map((parameter) => BOOT_VALUES[parameter]);
}

/** What a loaded driver says of how it began. */
export interface BootOutcome {
  /** The start type when it was loaded; null: not known. */
  readonly start: StartType | null;
  /** Names of values that it took, that it ignored, that the system refused to carry out. */
  readonly set: readonly string[];
  readonly ignored: readonly string[];
  readonly refused: readonly string[];
  /** The registry could not be read. */
  readonly unread: boolean;
  /** Programs cannot open one of its devices. */
  readonly unlinked: boolean;
}

export function bootOutcome({ startType: start, set, ignored, failed }: BootWords): BootOutcome {
  return {
    start: startType(start),
    set: named(set),
    ignored: named(ignored),
    refused: named(failed),
    unread: (failed & BOOT_FAILED.REGISTRY) !== 0,
    unlinked: (failed & BOOT_FAILED.LINK) !== 0,
  };
}

/** What the driver begins with next time, in words: `rings of 16777216 bytes`, `drop` and so on. */
export function describeParameters({ ringBytes, ringMode, orderMode, captures }: BootParameters): string {
  const standard = (set: unknown): string => (set === null ? ' (standard)' : '');
  const wanted = captures ?? STANDARD.captures;
  return [
    `rings of ${ringBytes ?? STANDARD.ringBytes} bytes${standard(ringBytes)}`,
    `${ringMode ?? STANDARD.ringMode}${standard(ringMode)}`,
    `order by ${orderMode ?? STANDARD.orderMode}${standard(orderMode)}`,
    `captures ${wanted.length === 0 ? 'nothing else' : wanted.join(', ')}${standard(captures)}`,
  ].join(', ');
}

/** Reads a list such as `process,image`, or `none`. The value is null for a word that is no capture. */
export function parseCaptures(list: string): CaptureName[] | null {
  if (list.trim().toLowerCase() === 'none') return [];
  const words = list.split(',').map((word) => word.trim().toLowerCase());
  const known = CAPTURE_NAMES.filter((name) => words.includes(name));
  return words.every((word) => (CAPTURE_NAMES as readonly string[]).includes(word)) ? known : null;
}
