/** The form of when Windows starts the driver and with what it begins: what it shows, and whether that differs from what is set. Pure. */
import {
  type BootParameters,
  type BootSettings,
  STANDARD,
  START_CHOICES,
  type StartChoice,
} from '../../electron/contract/machine.ts';

/** All of it, nothing left out. */
export interface BootForm {
  readonly start: StartChoice;
  readonly ringBytes: number;
  readonly ringMode: NonNullable<BootParameters['ringMode']>;
  readonly orderMode: NonNullable<BootParameters['orderMode']>;
  readonly captures: NonNullable<BootParameters['captures']>;
}

const KIB = 1024;
/** Sizes of a ring that are offered. */
const SIZES = [64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB].map((kib) => kib * KIB);

/** What is set now; where nothing is, the driver's standard. A start type that nobody chooses here counts as by hand. */
export function formOf({ start, parameters }: BootSettings): BootForm {
  return {
    start: START_CHOICES.find((choice) => choice === start) ?? 'demand',
    ringBytes: parameters.ringBytes ?? STANDARD.ringBytes,
    ringMode: parameters.ringMode ?? STANDARD.ringMode,
    orderMode: parameters.orderMode ?? STANDARD.orderMode,
    captures: parameters.captures ?? STANDARD.captures,
  };
}

export function sameForm(a: BootForm, b: BootForm): boolean {
  const names = ['start', 'ringBytes', 'ringMode', 'orderMode'] as const;
  return names.every((name) => a[name] === b[name]) && [...a.captures].sort().join() === [...b.captures].sort().join();
}

/** The sizes to choose from: those offered, and the one that is set. */
export function sizesWith(bytes: number): readonly number[] {
  return SIZES.includes(bytes) ? SIZES : [...SIZES, bytes].sort((a, b) => a - b);
}

/** `64 KiB`, `4 MiB`; a size is a power of two. */
export function sizeText(bytes: number): string {
  return bytes < KIB * KIB ? `${bytes / KIB} KiB` : `${bytes / KIB / KIB} MiB`;
}
