/** What the app shows and changes of this machine: the driver, the debug print filter, and what can be captured. */

import type { EventNames } from '../../native/core/event-names.ts';

export {
  type BootChange,
  type BootParameters,
  type BootSettings,
  STANDARD,
  START_CHOICES,
  START_WORDS,
  type StartChoice,
} from '../../native/core/boot.ts';
export type { DriverCapture, DriverReport, DriverState } from '../../native/core/driver-report.ts';
export {
  checkFilter,
  EVERYTHING,
  type EventFilter,
  FILTER_LIMITS,
  FILTER_MODES,
  type FilterMode,
  filterWords,
  listMode,
  parsePaths,
  parsePids,
} from '../../native/core/event-filter.ts';
export {
  CAPTURE_NAMES,
  CAPTURES_WITH_PATH,
  type CaptureName,
  FILTERED_CAPTURES,
  type FilteredCapture,
  type Logger,
} from '../../native/core/ioctl.ts';
export { isLoggerName, type LoggerMask, MASK_LAST } from '../../native/core/logger-mask.ts';
export type { SourceOffer } from '../../native/sources/source.ts';

/** `install` asks for the file with a dialog of the system, so that a request never carries a path. */
export const DRIVER_CHANGES = ['install', 'start', 'stop', 'remove'] as const;
export type DriverChange = (typeof DRIVER_CHANGES)[number];

export interface DebugMask {
  /** Name of the component, as Windows has it: `DEFAULT`. */
  readonly component: string;
  /** The value in the registry, 0..2^32-1; null: not set, which means 0. */
  readonly mask: number | null;
  /** The mask that applies once Windows has read the value. */
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
  /** Names of all components. */
  readonly components: readonly string[];
  /**
   * True if a mask was changed after Windows started, so that it applies only after a restart; null: the system does
   * not say.
   */
  readonly restartNeeded: boolean | null;
  /** Whether this program has the rights to change it; null: the system does not say. */
  readonly elevated: boolean | null;
}

/** What the events of a number are called; rows have the number. */
export interface NumberedNames {
  readonly number: number;
  readonly names: EventNames;
}

/**
 * The last known name of a process. Windows reuses the numbers of ended processes, so it may since be another process.
 */
export interface ProcessName {
  /** Number of the source in the session. */
  readonly source: number;
  readonly pid: number;
  /** File name of the program: `notepad.exe`. */
  readonly name: string;
}
