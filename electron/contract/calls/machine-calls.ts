/** Calls about this machine and its driver, and about jobs that run on after the call that began them. */

import { RV } from '../../../native/core/layout.ts';
import { done, plain, plainOr, result } from '../call.ts';
import { integer, list, MAX, nothing, object, oneOf, reject, text } from '../check.ts';
import { MAX_COMPONENT_TEXT } from '../limits.ts';
import {
  CAPTURE_NAMES,
  CAPTURES_WITH_PATH,
  type CaptureName,
  checkFilter,
  type DebugFilter,
  DRIVER_CHANGES,
  type DriverReport,
  type EventFilter,
  FILTER_LIMITS,
  FILTER_MODES,
  FILTERED_CAPTURES,
  isLoggerName,
  MASK_LAST,
  type SourceOffer,
  START_CHOICES,
} from '../machine.ts';

const COMPONENT = /^[A-Za-z0-9_]+$/;

/** The name of a value of the registry. */
function component(value: unknown): string {
  const name = text(value, 'component');
  if (name.length > MAX_COMPONENT_TEXT || !COMPONENT.test(name)) reject('component: the name of one was expected');
  return name;
}

function loggerName(value: unknown): string {
  const name = text(value, 'name');
  if (!isLoggerName(name)) reject('name: that of a driver was expected, without blanks');
  return name;
}

function captureNames(value: unknown): CaptureName[] {
  return list(value, CAPTURE_NAMES.length, 'captures', (name) => oneOf(name, CAPTURE_NAMES, 'captures'));
}

/** Levels or types, as bits of the driver's mask. */
function maskBits(value: unknown, what: string): number[] {
  return list(value, MASK_LAST + 1, what, (number) => integer(number, 0, MASK_LAST, what));
}

/** A filter that the driver takes. */
function eventFilter(value: unknown): EventFilter {
  const fields = object(value);
  const filter: EventFilter = {
    pidMode: oneOf(fields.pidMode, FILTER_MODES, 'pidMode'),
    pids: list(fields.pids, FILTER_LIMITS.pids, 'pids', (pid) => integer(pid, 0, 0xffff_ffff, 'pids')),
    pathMode: oneOf(fields.pathMode, FILTER_MODES, 'pathMode'),
    paths: list(fields.paths, FILTER_LIMITS.paths, 'paths', (path) => text(path, 'paths')),
  };
  const checked = checkFilter(filter);
  if (!checked.ok) reject(`filter: ${checked.failure.message}`);
  return filter;
}

export const machineCalls = {
  /** The state of ringview.sys. Changes nothing. */
  'driver.examine': plainOr<DriverReport>(({ message, action }) => ({
    ...{ state: 'unknown', what: message, fix: action },
    ...{ elevated: null, boot: null, facts: [], captures: [], loggers: [] },
  }))(nothing, 'costly'),
  /** Installs (after asking for the file), starts, stops or removes ringview.sys; null if the person chose no file. */
  'driver.change': result<DriverReport | null>()((value) => ({
    change: oneOf(object(value).change, DRIVER_CHANGES, 'change'),
  })),
  /**
   * Sets when Windows starts the driver, and all that it begins with then. A driver that is loaded stays as it is.
   */
  'driver.boot': result<DriverReport>()((value) => {
    const fields = object(value);
    const parameters = {
      ringBytes: integer(fields.ringBytes, RV.MIN_RING_BYTES, RV.MAX_RING_BYTES, 'ringBytes'),
      ringMode: oneOf(fields.ringMode, ['drop', 'overwrite'] as const, 'ringMode'),
      orderMode: oneOf(fields.orderMode, ['index', 'clock'] as const, 'orderMode'),
      captures: captureNames(fields.captures),
    };
    return { start: oneOf(fields.start, START_CHOICES, 'start'), ...parameters };
  }, 'costly'),
  /** Switches on these captures of the loaded driver, and all others off. */
  'driver.capture': result<DriverReport>()((value) => ({ captures: captureNames(object(value).captures) }), 'costly'),
  /** Switches levels and types of a logger of the loaded driver off, and all its others on. */
  'driver.mask': result<DriverReport>()((value) => {
    const fields = object(value);
    const off = { levels: maskBits(fields.levels, 'levels'), types: maskBits(fields.types, 'types') };
    return { name: loggerName(fields.name), ...off };
  }, 'costly'),
  /** Lets texts of these levels of a logger of the loaded driver carry the stack of the call, and those of no others. */
  'driver.stacks': result<DriverReport>()((value) => {
    const fields = object(value);
    return { name: loggerName(fields.name), levels: maskBits(fields.levels, 'levels') };
  }, 'costly'),
  /** Sets which events of a capture of the loaded driver are reported. */
  'driver.filter': result<DriverReport>()((value) => {
    const fields = object(value);
    const capture = oneOf(fields.capture, FILTERED_CAPTURES, 'capture');
    const filter = eventFilter(fields.filter);
    if (filter.paths.length > 0 && !CAPTURES_WITH_PATH.includes(capture)) reject(`paths: ${capture} has none`);
    return { capture, filter };
  }, 'costly'),
  'debugFilter.read': result<DebugFilter>()(nothing, 'costly'),
  /** Writes one mask to the registry. Windows reads it only when it starts. */
  'debugFilter.set': result<DebugFilter>()((value) => {
    const fields = object(value);
    return { component: component(fields.component), mask: integer(fields.mask, 0, 0xffff_ffff, 'mask') };
  }, 'costly'),
  /** Lists what can be captured now, without becoming the reader of any of it. */
  'sources.offer': plain<readonly SourceOffer[]>([])(nothing, 'costly'),
  'copy.cancel': done(nothing),
  /** Shows the file of an export that is done in the file manager; nothing where there is none. */
  'export.show': done((value) => ({ id: integer(object(value).id, 0, MAX, 'id') })),
  'export.cancel': done((value) => ({ id: integer(object(value).id, 0, MAX, 'id') })),
};
