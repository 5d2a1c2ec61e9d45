/**
 * A wire to a log whose rows are computed from their numbers; it answers only the table's own calls. For measuring the
 * page with logs too long for any memory.
 */
import { roomsOf, type Wire } from '../../electron/contract/bridge.ts';
import {
  callOf,
  EVENT_CHANNELS,
  REQUEST_CHANNELS,
  type ReplyOf,
  type RequestChannel,
  type RequestOf,
} from '../../electron/contract/channels.ts';
import type { Density } from '../../electron/contract/density.ts';
import { pack } from '../../electron/contract/packed.ts';
import { type LogRow, SHOW_ALL, type ViewUpdate } from '../../electron/contract/rows.ts';
import { NO_WATCHES } from '../../electron/contract/watches.ts';
import { fail, ok } from '../../native/core/result.ts';
import { rowAt } from './log.ts';

type Answers = { readonly [C in RequestChannel]?: (request: RequestOf<C>) => ReplyOf<C> };

/** Rows that are examined for each part of the overview; enough to estimate its counts. */
const SAMPLES = 64;

function computed(row: number): LogRow {
  const { text, ...more } = rowAt(row);
  const deltaNs = row === 0 ? null : more.timeNs - rowAt(row - 1).timeNs;
  const zeros = { kind: 0, flags: 0, type: 0, origin: 0, event: 0, remarks: 0, source: 0, tid: 0 } as const;
  return { row, ...more, deltaNs, cpuDeltaNs: null, ...zeros, text, textCut: false, length: text.length };
}

const rowsOf = (first: number, end: number): LogRow[] =>
  Array.from({ length: Math.max(0, end - first) }, (_, at) => computed(first + at));

function densityOf(rows: number, buckets: number): Density {
  const bucketRows = Math.max(1, Math.ceil(rows / buckets));
  const count = (level: number) =>
    Array.from({ length: Math.ceil(rows / bucketRows) }, (_, bucket) => {
      const step = Math.max(1, Math.floor(bucketRows / SAMPLES));
      let sum = 0;
      for (let row = bucket * bucketRows; row < Math.min(rows, (bucket + 1) * bucketRows); row += step)
        if (rowAt(row).level === level) sum += step;
      return sum;
    });
  const [errors, warnings] = [count(0), count(1)];
  return { generation: 1, first: 0, end: rows, start: 0, bucketRows, errors, warnings, gaps: errors.map(() => 0) };
}

/** A log of so many rows, in one view, which never changes. */
export function computedWire(rows: number): Wire {
  const listeners = new Set<(payload: unknown) => void>();
  let tail = 0;
  let sequence = 0;

  function tell(): void {
    const counts = {
      ...{ matchedEntries: rows, contextEntries: 0, searchedEntries: rows },
      ...{ sessionRows: rows, sessionEntries: rows },
    };
    const update: ViewUpdate = {
      ...{ sequence: ++sequence, generation: 1, epoch: 0, first: 0, end: rows, ...counts },
      ...{ scan: null, stopped: null, paused: false, heldBack: 0, tail: rowsOf(Math.max(0, rows - tail), rows) },
    };
    for (const listener of listeners) listener(pack({ view: 1, update }));
  }

  const answers: Answers = {
    'app.bootstrap': () => ({
      ...{
        version: '0',
        platform: 'linux',
        theme: 'system',
        source: '',
        recentSources: [],
        earlierQuestions: [],
        schemas: { files: [], types: [] },
        restored: null,
      },
      layout: [{ session: 1, name: 'computed', views: [{ view: 1, filter: SHOW_ALL }] }],
    }),
    'app.remember': () => null,
    'colours.list': () => [],
    'watches.list': () => NO_WATCHES,
    'session.highlights': () => [],
    'view.ack': () => null,
    'view.setTail': ({ rows: wanted }) => {
      tail = wanted;
      tell();
      return null;
    },
    'view.rows': ({ first, count }) => ({ generation: 1, first, rows: rowsOf(first, Math.min(rows, first + count)) }),
    'view.density': ({ buckets }) => densityOf(rows, buckets),
  };

  return {
    ...(roomsOf(REQUEST_CHANNELS, (channel) => async (request: unknown) => {
      const answer = answers[channel] as ((request: unknown) => unknown) | undefined;
      if (answer === undefined) return fail('source-unsupported', 'Rows are computed here', 'Scroll through them');
      return ok(callOf(channel).form === 'packed' ? pack(answer(request)) : answer(request));
    }) as object),
    on: roomsOf(EVENT_CHANNELS, (channel) => (listener: (payload: unknown) => void) => {
      if (channel === 'view.update') listeners.add(listener);
      return () => listeners.delete(listener);
    }),
  } as Wire;
}
