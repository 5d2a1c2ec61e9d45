/**
 * Checks what a renderer sends before a handler sees it. The renderer is ours, but it draws hostile text: should it ever
 * be subverted, it gets a rejection here and nothing else. Each check rebuilds the value from the fields it knows.
 */

import { type Failure, ok, type Result } from '../../native/core/result.ts';
import type { PositionRange, RequestChannel, Requests } from './channels.ts';
import { MAX_BUCKETS } from './density.ts';
import { EXPORT_FORMAT_NAMES } from './export-formats.ts';
import { MAX_SPREAD_BUCKETS } from './find.ts';
import { type HistoryPolicy, LEAST_MEMORY_CAP, parsePolicy } from './history.ts';
import { checkSource, MAX_COMPONENT_TEXT, MAX_CPUS, MAX_LIST, MAX_SOURCE, patternFailure } from './limits.ts';
import { CAPTURE_NAMES, DRIVER_CHANGES } from './machine.ts';
import { parsePageState } from './page-state.ts';
import { type FilterSpec, MAX_ROWS_A_REQUEST, OTHER_LEVEL, type TextQuery } from './rows.ts';

/** Thrown inside this file alone: what is wrong is a value to everybody else. */
class InvalidRequest extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

function reject(what: string): never {
  throw new InvalidRequest({
    code: 'bad-argument',
    message: `The request is not valid: ${what}`,
    action: 'If this happens again, report it',
  });
}

function refuse(failure: Failure | null): void {
  if (failure !== null) throw new InvalidRequest(failure);
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) reject('an object was expected');
  return value as Record<string, unknown>;
}

function integer(value: unknown, min: number, max: number, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    reject(`${name}: a whole number from ${min} to ${max} was expected`);
  }
  return value;
}

function text(value: unknown, name: string): string {
  return typeof value === 'string' ? value : reject(`${name}: text was expected`);
}

/** What a page may name as a source; see limits.ts. */
function source(value: unknown): { readonly source: string } {
  const checked = checkSource(text(object(value).source, 'source'));
  if (!checked.ok) throw new InvalidRequest(checked.failure);
  return { source: checked.value };
}

const COMPONENT = /^[A-Za-z0-9_]+$/;

/** The name of a value of the registry. */
function component(value: unknown): string {
  const name = text(value, 'component');
  if (name.length > MAX_COMPONENT_TEXT || !COMPONENT.test(name)) reject('component: the name of one was expected');
  return name;
}

function flag(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') reject(`${name}: true or false was expected`);
  return value;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], name: string): T {
  const found = allowed.find((candidate) => candidate === value);
  return found ?? reject(`${name}: one of ${allowed.join(', ')} was expected`);
}

function nothing(value: unknown): null {
  return value === null || value === undefined ? null : reject('nothing was expected');
}

const MAX = Number.MAX_SAFE_INTEGER;

function integers(value: unknown, max: number, name: string): number[] {
  if (!Array.isArray(value) || value.length > MAX_LIST) reject(`${name}: a short list was expected`);
  // Not `map`, which would leave holes as they are.
  return Array.from(value, (item) => integer(item, 0, max, name));
}

function textQuery(value: unknown): TextQuery {
  const fields = object(value);
  const pattern = text(fields.pattern, 'pattern');
  if (pattern === '') reject('pattern: must not be empty');
  refuse(patternFailure(pattern));
  return {
    pattern,
    regex: flag(fields.regex, 'regex'),
    caseSensitive: flag(fields.caseSensitive, 'caseSensitive'),
  };
}

function filterSpec(value: unknown): FilterSpec {
  const fields = object(value);
  return {
    hiddenCpus: integers(fields.hiddenCpus, MAX_CPUS - 1, 'hiddenCpus'),
    hiddenLevels: integers(fields.hiddenLevels, OTHER_LEVEL, 'hiddenLevels'),
    hiddenSources: integers(fields.hiddenSources, MAX_SOURCE, 'hiddenSources'),
    text: fields.text === null ? null : textQuery(fields.text),
    ...(fields.types === undefined ? {} : { types: integers(fields.types, 0xffff, 'types') }),
    ...(fields.pids === undefined ? {} : { pids: integers(fields.pids, 0xffff_ffff, 'pids') }),
    ...(fields.origins === undefined ? {} : { origins: integers(fields.origins, 0xffff, 'origins') }),
    ...(fields.time === undefined ? {} : { time: timeRange(fields.time) }),
  };
}

function timeRange(value: unknown): { readonly fromNs: number; readonly toNs: number } {
  const fields = object(value);
  return { fromNs: integer(fields.fromNs, 0, MAX, 'fromNs'), toNs: integer(fields.toNs, 0, MAX, 'toNs') };
}

function positionRange(value: unknown): PositionRange {
  const fields = object(value);
  return {
    generation: integer(fields.generation, 0, MAX, 'generation'),
    first: integer(fields.first, 0, MAX, 'first'),
    last: integer(fields.last, 0, MAX, 'last'),
  };
}

function policy(value: unknown): HistoryPolicy {
  return parsePolicy(value) ?? reject('policy: all, shown, or at least so many rows or bytes was expected');
}

const validators: { readonly [C in RequestChannel]: (value: unknown) => Requests[C]['request'] } = {
  'app.bootstrap': nothing,
  'app.setTheme': (value) => oneOf(value, ['system', 'light', 'dark'], 'theme'),
  'page.remember': (value) => parsePageState(value) ?? reject('the state of the page was expected'),
  'capture.start': source,
  'capture.add': source,
  'capture.remove': (value) => ({ id: integer(object(value).id, 0, MAX_SOURCE, 'id') }),
  'capture.stop': nothing,
  'session.clear': nothing,
  'history.set': (value) => {
    const fields = object(value);
    return {
      memoryCapBytes: integer(fields.memoryCapBytes, LEAST_MEMORY_CAP, MAX, 'memoryCapBytes'),
      policy: policy(fields.policy),
    };
  },
  'doctor.run': nothing,
  'driver.examine': nothing,
  'driver.change': (value) => ({ change: oneOf(object(value).change, DRIVER_CHANGES, 'change') }),
  'driver.capture': (value) => {
    const { captures } = object(value);
    if (!Array.isArray(captures) || captures.length > CAPTURE_NAMES.length)
      reject('captures: a short list was expected');
    return { captures: Array.from(captures, (name) => oneOf(name, CAPTURE_NAMES, 'captures')) };
  },
  'debugFilter.read': nothing,
  'debugFilter.set': (value) => {
    const fields = object(value);
    return { component: component(fields.component), mask: integer(fields.mask, 0, 0xffff_ffff, 'mask') };
  },
  'sources.offer': nothing,
  'view.setFilter': filterSpec,
  'view.setPaused': (value) => flag(value, 'paused'),
  'view.setTail': (value) => integer(value, 0, MAX_ROWS_A_REQUEST, 'rows'),
  'view.ack': (value) => integer(value, 0, MAX, 'sequence'),
  'view.rows': (value) => {
    const fields = object(value);
    return {
      generation: integer(fields.generation, 0, MAX, 'generation'),
      first: integer(fields.first, 0, MAX, 'first'),
      count: integer(fields.count, 0, MAX_ROWS_A_REQUEST, 'count'),
    };
  },
  'view.find': (value) => {
    const fields = object(value);
    return {
      generation: integer(fields.generation, 0, MAX, 'generation'),
      query: textQuery(fields.query),
      from: integer(fields.from, 0, MAX, 'from'),
      direction: oneOf(fields.direction, ['next', 'previous'], 'direction'),
    };
  },
  'view.countFinds': (value) => {
    const { query } = object(value);
    return { query: query === null ? null : textQuery(query) };
  },
  'view.findSpread': (value) => {
    const fields = object(value);
    return {
      generation: integer(fields.generation, 0, MAX, 'generation'),
      buckets: integer(fields.buckets, 1, MAX_SPREAD_BUCKETS, 'buckets'),
    };
  },
  'view.stopScan': nothing,
  'view.resumeScan': nothing,
  'view.locate': (value) => {
    const fields = object(value);
    if ('row' in fields) return { row: integer(fields.row, 0, MAX, 'row') };
    if ('timeNs' in fields) return { timeNs: integer(fields.timeNs, -MAX, MAX, 'timeNs') };
    return { index: integer(fields.index, 0, MAX, 'index') };
  },
  'view.details': (value) => ({ row: integer(object(value).row, 0, MAX, 'row') }),
  'view.density': (value) => ({ buckets: integer(object(value).buckets, 1, MAX_BUCKETS, 'buckets') }),
  'view.copy': positionRange,
  'copy.cancel': nothing,
  'export.start': (value) => {
    const fields = object(value);
    return {
      scope: oneOf(fields.scope, ['all', 'filtered', 'selection'], 'scope'),
      range: fields.range === null ? null : positionRange(fields.range),
      format: oneOf(fields.format, EXPORT_FORMAT_NAMES, 'format'),
    };
  },
  'export.cancel': (value) => ({ id: integer(object(value).id, 0, MAX, 'id') }),
};

/** The request of a channel rebuilt from untrusted data. Failure: bad-argument, with the field and what was expected. */
export function checkRequest<C extends RequestChannel>(channel: C, value: unknown): Result<Requests[C]['request']> {
  try {
    return ok(validators[channel](value));
  } catch (error) {
    if (error instanceof InvalidRequest) return { ok: false, failure: error.failure };
    throw error;
  }
}
