/** What of this machine the app shows and changes: the driver, the debug print filter, what can be captured. */

export type { DriverReport, DriverState } from '../../native/core/driver-report.ts';
export { CAPTURE_NAMES, type CaptureName } from '../../native/core/ioctl.ts';

/** `install` asks for the file with a dialog of the system; no path crosses. */
export const DRIVER_CHANGES = ['install', 'start', 'stop', 'remove'] as const;
export type DriverChange = (typeof DRIVER_CHANGES)[number];

export interface DebugMask {
  /** Name of the component, as Windows has it: `DEFAULT`. */
  readonly component: string;
  /** As the registry has it, 0..2^32-1; null: not set there, which is 0. */
  readonly mask: number | null;
  /** What that lets through once Windows has read it. */
  readonly effective: number;
}

/** Bits of a mask, by the levels of DbgPrintEx. */
export const MASK_LEVELS = [
  ['error', 1],
  ['warning', 2],
  ['trace', 4],
  ['info', 8],
] as const;

export interface DebugFilter {
  /** DEFAULT and IHVDRIVER always, every other component that is set. */
  readonly masks: readonly DebugMask[];
  /** Every component there is. */
  readonly components: readonly string[];
  /** Changed after Windows started, so not in force before a restart; null: the system does not say. */
  readonly restartNeeded: boolean | null;
  /** Whether this program may change it; null: the system does not say. */
  readonly elevated: boolean | null;
}

/** Something that can be captured now. */
export interface SourceOffer {
  /** What session.start takes. */
  readonly spec: string;
  /** What it is, a phrase. */
  readonly what: string;
  /** What stands in the way, a phrase; null if nothing is known to. */
  readonly hindrance: string | null;
}

/** A process as its source last knew it: the system gives the numbers of ended processes to new ones. */
export interface ProcessName {
  /** Number of the source in the session. */
  readonly source: number;
  readonly pid: number;
  /** File name of the program: `notepad.exe`. */
  readonly name: string;
}
