/** The arguments of `ringview driver mask`, `stacks`, `capture` and `filter`. */
import { checkFilter, type EventFilter, listMode, parsePids } from '../../native/core/event-filter.ts';
import {
  CAPTURE_NAMES,
  CAPTURES_WITH_PATH,
  type CaptureName,
  FILTERED_CAPTURES,
  type FilteredCapture,
} from '../../native/core/ioctl.ts';
import { isLoggerName, type LoggerMask, NOTHING_OFF, parseLevels, parseOff } from '../../native/core/logger-mask.ts';
import { BadOption } from './arg-values.ts';

const TOPIC = 'driver';

function names<T extends string>(list: string, of: readonly T[]): T[] {
  return list.split(',').map((word) => {
    const found = of.find((name) => name === word.trim().toLowerCase());
    if (found === undefined) throw new BadOption(`'${word}' is none of ${of.join(', ')}`, TOPIC);
    return found;
  });
}

function loggerName(name: string): string {
  if (isLoggerName(name)) return name;
  throw new BadOption(`'${name}' is no name of a driver: see 'ringview driver status'`, TOPIC);
}

/** Without a list, everything is on. */
export function maskOf(name: string, list: string | undefined): { readonly name: string; readonly off: LoggerMask } {
  const off = list === undefined ? NOTHING_OFF : parseOff(list);
  if (off === null) throw new BadOption(`--off '${list}' is not as 'info,trace,text,type:7'`, TOPIC);
  return { name: loggerName(name), off };
}

/** Without a list, texts of no level carry a stack. */
export function stacksOf(
  name: string,
  list: string | undefined,
): { readonly name: string; readonly levels: readonly number[] } {
  const levels = list === undefined ? [] : parseLevels(list);
  if (levels === null) throw new BadOption(`--on '${list}' is neither 'all' nor as 'error,warning,4'`, TOPIC);
  return { name: loggerName(name), levels };
}

/** `none`, or names with commas between them. */
export function capturesOf(list: string): readonly CaptureName[] {
  return list.trim().toLowerCase() === 'none' ? [] : names(list, CAPTURE_NAMES);
}

/** The same words as of `driver observe`. */
export interface FilterOptions {
  readonly pid?: string;
  readonly 'in-path'?: string[];
  /** All but these. */
  readonly except?: boolean;
}

/** Without an option everything passes. */
export function captureFilterOf(
  list: string,
  values: FilterOptions,
): { readonly captures: readonly FilteredCapture[]; readonly filter: EventFilter } {
  const captures = names(list, FILTERED_CAPTURES);
  const pids = parsePids(values.pid ?? '');
  if (pids === null) throw new BadOption(`--pid '${values.pid}' is not as '4,1234'`, TOPIC);
  const paths = values['in-path'] ?? [];
  const except = values.except === true;
  const filter: EventFilter = {
    ...{ pidMode: listMode(pids, except), pids },
    ...{ pathMode: listMode(paths, except), paths },
  };
  const checked = checkFilter(filter);
  if (!checked.ok) throw new BadOption(checked.failure.message, TOPIC);
  const without = captures.find((name) => !CAPTURES_WITH_PATH.includes(name));
  if (paths.length > 0 && without !== undefined)
    throw new BadOption(`events of ${without} have no path: leave the paths out`, TOPIC);
  return { captures, filter };
}
