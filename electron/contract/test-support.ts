/** Shared by tests: requests of every channel, both valid ones and hostile ones. */

import fc from 'fast-check';
import type { RequestChannel, RequestOf } from './channels.ts';
import { COLOUR_NAMES, type ColourRule, MOST_COLOURED_ROWS } from './colour-rules.ts';
import { MAX_BUCKETS } from './density.ts';
import { ENCODING_NAMES } from './encodings.ts';
import { EXPORT_FORMAT_NAMES, LINE_FORMAT_NAMES } from './export-formats.ts';
import { MOST_FIELD_COLUMNS } from './field-columns.ts';
import { LEAST_LOG_LIMIT, LOG_ROWS, MOST_LOG_FILES } from './file-log.ts';
import { MAX_SPREAD_BUCKETS, MOST_FOUND_ROWS } from './find.ts';
import {
  DEFAULT_LIBRARY,
  LEAST_LIBRARY_BYTES,
  LEAST_LIBRARY_DAYS,
  MOST_LIBRARY_BYTES,
  MOST_LIBRARY_DAYS,
} from './library.ts';
import { DEFAULT_LOOK, LEAST_FONT_SIZE, MOST_FONT_SIZE } from './log-look.ts';
import { MOST_LOSSES } from './loss.ts';
import { CAPTURE_NAMES, DRIVER_CHANGES, FILTERED_CAPTURES, START_CHOICES } from './machine.ts';
import { SYMBOL_PLACES } from './merging.ts';
import { COPY_FORMATS, SHOWN_COLUMNS, type ShownDelta } from './output.ts';
import { LEAST_BYTES, LEAST_MEMORY_CAP, LEAST_ROWS } from './retention.ts';
import { MAX_ROWS_A_REQUEST } from './rows.ts';
import type { SettingsState } from './settings.ts';
import { DELTA_BASES, TIME_DIGITS, TIME_KINDS } from './shown-time.ts';
import { RESULT_FORMATS } from './sql.ts';
import { WATCH_ACTIONS, type Watch } from './watches.ts';

export { type Cases, countCases } from '../../native/core/test-support.ts';

const nothing = fc.constant(null);
const near = fc.nat({ max: 4000 });
const far = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const place = fc.oneof(near, far);
const generation = fc.nat({ max: 12 });
/** Of a schema of ours, and of none. */
const fields = fc.array(fc.constantFrom('network.remote_port', 'process.status', 'none.such'), {
  maxLength: MOST_FIELD_COLUMNS,
});
const query = fc.record({
  pattern: fc.constantFrom('irp', 'IRP 1', 'device', 'nothing like it', '\ud800', '(', 'a|b', '^$', '\\d+', 'é', '.'),
  regex: fc.boolean(),
  caseSensitive: fc.boolean(),
});
const numbers = (max: number) => fc.uniqueArray(fc.nat({ max }), { maxLength: 6 });
const times = fc.record({
  kind: fc.constantFrom(...TIME_KINDS),
  digits: fc.constantFrom(...TIME_DIGITS),
  delta: fc.constantFrom<ShownDelta | null>('row', 'cpu', null, { fromNs: -5 }, { fromNs: 12_000_000 }),
});
const columns = fc.array(fc.constantFrom(...SHOWN_COLUMNS, 'field:network.remote_port', 'field:none.such'), {
  maxLength: SHOWN_COLUMNS.length,
});
const options = fc.record(
  { losses: fc.boolean(), spreadsheetSafe: fc.boolean(), times, columns, fields },
  { requiredKeys: ['losses', 'spreadsheetSafe'] },
);
const range = fc.oneof(
  fc.record({ generation, first: place, last: place }),
  fc.record({
    generation,
    first: fc.constant(3),
    last: fc.constant(1000),
    parts: fc
      .uniqueArray(fc.integer({ min: 3, max: 1000 }), { maxLength: 6 })
      .map((positions) => positions.sort((a, b) => a - b).map((position) => ({ first: position, last: position }))),
  }),
);
/** The numbers of a first session and view, of some that are open, and of one that is not. */
const session = fc.constantFrom(1, 1, 1, 2, 99);
const view = fc.constantFrom(1, 1, 1, 2, 99);
/** One that a test's library has, and names of folders that it has not. */
const id = fc.constantFrom('first', 'first', 'second', 'none', 'first.ringview', 'CON');
const recorded = fc.record({ id });
const recentOne = fc.record({ id: fc.constantFrom('0123456789abcdef', 'ffffffffffffffff') });
const source = fc.record({
  session,
  source: fc.constantFrom('sim:demo', 'sim:nobody', 'driver:', 'driver:NoSuch', 'dbwin:global'),
});
const filter = fc.record(
  {
    hiddenCpus: numbers(2047),
    hiddenLevels: numbers(4),
    hiddenSources: numbers(65_535),
    text: fc.option(query),
    types: numbers(0xffff),
    pids: numbers(0xffff_ffff),
    origins: numbers(0xffff),
    time: fc.record({ fromNs: place, toNs: place }),
    terms: fc.record({
      text: fc.constantFrom('irp', 'cpu:0-3 -noise', 'level>=warning or source:dbgprint', 'delta>1ms'),
      caseSensitive: fc.boolean(),
    }),
    context: fc.integer({ min: 1, max: 1000 }),
  },
  { requiredKeys: ['hiddenCpus', 'hiddenLevels', 'hiddenSources', 'text'] },
);
const sql = fc.constantFrom('from log', 'select count(*) from log', 'selec', "copy log to '/x'", '\ud800', 'é');
const rule: fc.Arbitrary<ColourRule> = fc
  .record({
    text: fc.constantFrom('irp', 'cpu:1', 'level<=warning -noise', 'device'),
    caseSensitive: fc.boolean(),
    colour: fc.constantFrom(...COLOUR_NAMES),
    on: fc.boolean(),
    regex: fc.boolean(),
    of: fc.constantFrom('rows', 'words'),
  })
  .map(({ of, regex, ...shared }) => (of === 'words' ? { of: 'words', regex, ...shared } : { of: 'rows', ...shared }));
const watch: fc.Arbitrary<Watch> = fc
  .record({
    text: fc.constantFrom('irp', 'cpu:1', 'level<=warning -noise', '/device/'),
    caseSensitive: fc.boolean(),
    action: fc.constantFrom(...WATCH_ACTIONS),
    once: fc.boolean(),
    on: fc.boolean(),
  })
  .map((each) => ({ ...each, command: each.action === 'run' ? 'nothing' : '' }));
const filterName = fc.constantFrom('errors', 'no noise');
const ofSession = fc.record({ session });
const ofView = fc.record({ view });

/** Valid requests of every channel. A missing channel is a compile error and a failing test. */
export const VALID = {
  'app.bootstrap': nothing,
  'app.elevate': nothing,
  'app.setTheme': fc.record({ theme: fc.constantFrom('system', 'light', 'dark') }),
  'settings.read': nothing,
  'settings.set': fc.record(
    {
      times: fc.record({
        kind: fc.constantFrom(...TIME_KINDS),
        digits: fc.constantFrom(...TIME_DIGITS),
        delta: fc.constantFrom(...DELTA_BASES),
      }),
      alwaysOnTop: fc.boolean(),
      askBeforeClosing: fc.boolean(),
      tray: fc.boolean(),
      closeToTray: fc.boolean(),
      fontSize: fc.constantFrom(LEAST_FONT_SIZE, 12.5, MOST_FONT_SIZE),
      fontFamily: fc.constantFrom('', 'Cascadia Mono', 'ＭＳ ゴシック'),
      processColours: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
  'settings.openFile': nothing,
  'schemas.read': nothing,
  'schemas.add': nothing,
  'schemas.remove': fc.record({ id: fc.constantFrom('0123456789abcdef', 'ffffffffffffffff') }),
  'app.remember': fc.record({
    state: fc.record({
      active: place,
      views: fc.array(
        fc.record({
          view: place,
          state: fc.record({
            filter: query,
            find: fc.record({
              pattern: fc.constant('irp'),
              regex: fc.boolean(),
              caseSensitive: fc.boolean(),
              open: fc.boolean(),
            }),
            selection: fc.option(fc.record({ anchor: place, focus: place })),
            place: fc.option(fc.record({ row: place, hiddenPx: fc.nat({ max: 1000 }) })),
            shift: fc.nat({ max: 1000 }),
          }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      sql: fc.record({
        open: fc.boolean(),
        text: fc.constantFrom('', 'from log'),
        earlier: fc.array(sql, { maxLength: 3 }),
      }),
    }),
  }),
  'workspace.openSession': nothing,
  'workspace.openFiles': nothing,
  'workspace.closeSession': ofSession,
  'workspace.openView': fc.record({ like: view, linked: fc.boolean() }, { requiredKeys: ['like'] }),
  'workspace.closeView': ofView,
  'workspace.openWindow': ofView,
  'session.start': source,
  'session.add': source,
  'session.remove': fc.record({ session, id: fc.nat({ max: 3 }) }),
  'session.readAs': fc.record({
    session,
    id: fc.nat({ max: 3 }),
    encoding: fc.constantFrom(...ENCODING_NAMES),
    stands: fc.array(place, { maxLength: 2 }),
  }),
  'session.explainEvents': fc.record({
    session,
    id: fc.nat({ max: 3 }),
    from: fc.constantFrom(...SYMBOL_PLACES),
    stands: fc.array(place, { maxLength: 2 }),
  }),
  'session.openBeside': fc.record({ session, recorded: fc.option(id), stands: fc.array(place, { maxLength: 2 }) }),
  'session.setOffset': fc.record({
    session,
    id: fc.nat({ max: 3 }),
    ns: fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
    stands: fc.array(place, { maxLength: 2 }),
  }),
  'session.stop': ofSession,
  'session.clear': ofSession,
  'session.setCaptureFilter': fc.record({ session, filter: fc.option(filter) }),
  'session.templates': fc.record({
    session,
    order: fc.constantFrom('count', 'rate', 'newest', 'silent'),
    most: fc.integer({ min: 1, max: 200 }),
  }),
  'session.setRetention': fc.record({
    session,
    settings: fc.record({
      memoryCapBytes: fc.constantFrom(LEAST_MEMORY_CAP, 2 * LEAST_MEMORY_CAP, Number.MAX_SAFE_INTEGER),
      policy: fc.constantFrom(
        { keep: 'all' } as const,
        { keep: 'rows', rows: LEAST_ROWS } as const,
        { keep: 'bytes', bytes: LEAST_BYTES } as const,
      ),
    }),
  }),
  'session.query': fc.record({ session, sql }),
  'session.stopQuery': ofSession,
  'session.exportQuery': fc.record({ session, sql, format: fc.constantFrom(...RESULT_FORMATS) }),
  'view.setFilter': fc.record({ view, filter }),
  'view.setPaused': fc.record({ view, paused: fc.boolean() }),
  'view.setTail': fc.record({ view, rows: fc.nat({ max: MAX_ROWS_A_REQUEST }), fields }),
  'view.ack': fc.record({ view, sequence: place }),
  'view.rows': fc.record({ view, generation, first: place, count: fc.nat({ max: MAX_ROWS_A_REQUEST }), fields }),
  'view.find': fc.record({ view, generation, query, from: place, direction: fc.constantFrom('next', 'previous') }),
  'view.countFinds': fc.record({ view, query: fc.option(query) }),
  'view.findSpread': fc.record({ view, generation, buckets: fc.integer({ min: 1, max: MAX_SPREAD_BUCKETS }) }),
  'view.findLoss': fc.record({ view, generation, from: place, direction: fc.constantFrom('next', 'previous') }),
  'view.losses': fc.record({ view, generation, from: place, most: fc.integer({ min: 1, max: MOST_LOSSES }) }),
  'view.stopScan': ofView,
  'view.resumeScan': ofView,
  'view.locate': fc.record({
    view,
    target: fc.oneof(
      fc.record({ index: place }),
      fc.record({ row: place }),
      fc.record({ timeNs: fc.oneof(near, far, fc.integer({ min: -1e15, max: -1 })) }),
    ),
  }),
  'view.locateSpans': fc.record({ view, spans: fc.array(fc.record({ first: place, last: place }), { maxLength: 4 }) }),
  'view.details': fc.record({ view, row: place }),
  'view.density': fc.record({ view, buckets: fc.integer({ min: 1, max: MAX_BUCKETS }) }),
  'view.examine': ofView,
  'view.copy': fc.record({ view, range, format: fc.constantFrom(...COPY_FORMATS), options }),
  'view.export': fc.record({
    view,
    scope: fc.constantFrom('all', 'filtered', 'selection'),
    range: fc.option(range),
    format: fc.constantFrom(...EXPORT_FORMAT_NAMES),
    options,
  }),
  'view.startLog': fc.record({
    view,
    log: fc.record({
      format: fc.constantFrom(...LINE_FORMAT_NAMES),
      rows: fc.constantFrom(...LOG_ROWS),
      files: fc.record({
        append: fc.boolean(),
        limitBytes: fc.constantFrom(LEAST_LOG_LIMIT, 1024 ** 2),
        wrap: fc.boolean(),
        daily: fc.boolean(),
        perSession: fc.boolean(),
        keep: fc.option(fc.constantFrom(1, MOST_LOG_FILES)),
      }),
      losses: fc.boolean(),
      spreadsheetSafe: fc.boolean(),
    }),
  }),
  'session.stopLog': ofSession,
  'view.toggleBookmarks': fc.record({ view, range }),
  'view.findBookmark': fc.record({ view, generation, from: place, direction: fc.constantFrom('next', 'previous') }),
  'view.bookmarkPlaces': ofView,
  'session.setNote': fc.record({
    session,
    row: place,
    note: fc.constantFrom('', 'why?', ' two\nlines ', '\u202e', '\ud800'),
  }),
  'session.removeBookmark': fc.record({ session, row: place }),
  'session.removeAllBookmarks': ofSession,
  'session.restoreBookmarks': ofSession,
  'colours.list': nothing,
  'session.highlights': ofSession,
  'session.dropHighlights': ofSession,
  'colours.set': fc.record({ rules: fc.array(rule, { maxLength: 3 }) }),
  'view.colours': fc.record({ view, generation, first: place, count: fc.nat({ max: MOST_COLOURED_ROWS }) }),
  'view.countWord': fc.record({ view, query: fc.option(query) }),
  'view.foundRows': fc.record({ view, generation, first: place, count: fc.nat({ max: MOST_FOUND_ROWS }) }),
  'watches.list': nothing,
  'watches.set': fc.record({ watches: fc.array(watch, { maxLength: 3 }) }),
  'watches.chooseFolder': nothing,
  'view.addresses': fc.record({ view, row: place }),
  'session.life': fc.record({ session, value: fc.constantFrom('0x1', '0xffffc01a2b3c4d50') }),
  'session.intervals': fc.record({
    session,
    start: fc.constantFrom('/IRP (\\d+) of/', 'IRP', 'level:error'),
    end: fc.constantFrom('/IRP (\\d+) of/', 'cpu:3', '('),
    goOn: fc.boolean(),
  }),
  'session.lanes': fc.record({
    session,
    range: fc.option(fc.record({ fromNs: fc.nat(), toNs: fc.constant(2 ** 40) })),
  }),
  'session.openModules': ofSession,
  'session.openSymbols': ofSession,
  'filters.list': nothing,
  'filters.save': fc.record({ name: filterName, filter }),
  'filters.rename': fc.record({ name: filterName, to: filterName }),
  'filters.delete': fc.record({ name: filterName }),
  'filters.export': nothing,
  'filters.import': nothing,
  'library.list': nothing,
  'library.offers': nothing,
  'library.dismiss': nothing,
  'library.open': recorded,
  'library.rename': fc.record({ id, name: fc.constantFrom('boot', 'Boot 2', ' ', '\u202e', 'x'.repeat(200)) }),
  'library.pin': fc.record({ id, pinned: fc.boolean() }),
  'library.delete': recorded,
  'library.pack': recorded,
  'library.setSettings': fc.record({
    settings: fc.record({
      // Recording goes through threads and disks, which others test.
      record: fc.constant(false),
      mostBytes: fc.integer({ min: LEAST_LIBRARY_BYTES, max: MOST_LIBRARY_BYTES }),
      mostDays: fc.integer({ min: LEAST_LIBRARY_DAYS, max: MOST_LIBRARY_DAYS }),
    }),
  }),
  'recent.list': nothing,
  'recent.open': recentOne,
  'recent.forget': recentOne,
  'driver.examine': nothing,
  'driver.change': fc.record({ change: fc.constantFrom(...DRIVER_CHANGES) }),
  'driver.boot': fc.record({
    start: fc.constantFrom(...START_CHOICES),
    ringBytes: fc.integer({ min: 4096, max: 2 ** 30 }),
    ringMode: fc.constantFrom('drop' as const, 'overwrite' as const),
    orderMode: fc.constantFrom('index' as const, 'clock' as const),
    captures: fc.subarray([...CAPTURE_NAMES]),
  }),
  'driver.mask': fc.record({
    name: fc.stringMatching(/^[!-~]{1,23}$/),
    levels: fc.array(fc.integer({ min: 0, max: 31 }), { maxLength: 32 }),
    types: fc.array(fc.integer({ min: 0, max: 31 }), { maxLength: 32 }),
  }),
  'driver.stacks': fc.record({
    name: fc.stringMatching(/^[!-~]{1,23}$/),
    levels: fc.array(fc.integer({ min: 0, max: 31 }), { maxLength: 32 }),
  }),
  'driver.filter': fc.record({
    capture: fc.constantFrom(...FILTERED_CAPTURES),
    filter: fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 16 }).map((pids) => ({
      ...{ pidMode: pids.length === 0 ? 'all' : 'exclude', pids, pathMode: 'all', paths: [] },
    })),
  }),
  'driver.capture': fc.record({ captures: fc.subarray([...CAPTURE_NAMES]) }),
  'debugFilter.read': nothing,
  'debugFilter.set': fc.record({ component: fc.constantFrom('DEFAULT', 'DISK'), mask: fc.nat({ max: 0xffff_ffff }) }),
  'sources.offer': nothing,
  'copy.cancel': nothing,
  'export.show': fc.record({ id: fc.nat({ max: 40 }) }),
  'export.cancel': fc.record({ id: fc.nat({ max: 40 }) }),
} satisfies { readonly [C in RequestChannel]: fc.Arbitrary<RequestOf<C>> };

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { query: value };
  return value;
}

/** Values that nobody sends by mistake. Created anew for each use, so that changing one does not affect the next. */
export const HOSTILE: readonly (() => unknown)[] = [
  ...[undefined, null, true, '', 0, -0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2 ** 32, 1e300, 10n],
  ...['\ud800', '\udfff\ud800', '\0', '../../etc/passwd', 'C:\\Windows\\system.ini', '$(reboot)', '`id`', '__proto__'],
  ...['a\nb', 'x'.repeat(4097), 'system\0', 'constructor', 'NaN', '0', '[object Object]'],
].map((value) => () => value);

/** The same, but larger and deeper than any request, and of types that survive a structured clone. */
export const HOSTILE_MADE: readonly (() => unknown)[] = [
  () => 'x'.repeat(500_000),
  () => new Array(20_000).fill(0),
  () => new Array(10_000),
  () => Object.assign(new Array(4), { 1: 1, 3: 2 }),
  () => [[[]]],
  () => nested(200),
  () => ({}),
  () => Object.create(null),
  () => JSON.parse('{"__proto__": {"row": 1}, "constructor": {"prototype": {}}}'),
  () => Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`field${n}`, n])),
  () => ({ length: 3, 0: 1, 1: 2, 2: 3 }),
  () => ({
    get row() {
      throw new Error('a getter was read');
    },
  }),
  () => ({ toString: 'no function', valueOf: 1, toJSON: 2 }),
  () => new Date(Number.NaN),
  () => /(a+)+$/,
  () => new Map([['source', 'sim:demo']]),
  () => new Set([1]),
  () => new Uint8Array(100_000),
  () => new DataView(new ArrayBuffer(8)),
  () => new Error('not a request'),
  () => new Boolean(true),
  () => new String('system'),
  () => new Number(3),
  () => {
    const circle: Record<string, unknown> = {};
    circle.query = circle;
    return circle;
  },
];

const atom: fc.Arbitrary<unknown> = fc
  .oneof(
    { arbitrary: fc.constantFrom(...HOSTILE), weight: 6 },
    { arbitrary: fc.constantFrom(...HOSTILE_MADE), weight: 1 },
  )
  .map((make) => make());

const anything = fc.anything({
  ...{ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true },
  ...{ withNullPrototype: true, withBoxedValues: true, withUnicodeString: true },
});

type Change =
  | { readonly kind: 'set'; readonly at: number; readonly to: unknown }
  | { readonly kind: 'drop'; readonly at: number }
  | { readonly kind: 'add'; readonly name: string; readonly to: unknown };

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), to: atom }),
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat() }),
  fc.record({
    kind: fc.constant('add' as const),
    name: fc.constantFrom('path', 'constructor', 'length', 'x', 'row'),
    to: atom,
  }),
);

/** A copy of a request in which one part, at any depth, was replaced, removed or added to. */
export function changed(request: unknown, how: Change): unknown {
  if (typeof request !== 'object' || request === null) return how.kind === 'drop' ? undefined : how.to;
  const copy: Record<string, unknown> = Array.isArray(request) ? ([...request] as never) : { ...request };
  if (how.kind === 'add') return { ...copy, [how.name]: how.to };
  const names = Object.keys(copy);
  const name = names[how.at % Math.max(1, names.length)];
  if (name === undefined) return how.kind === 'set' ? how.to : copy;
  const inner = copy[name];
  // Half of the changes of a field with fields of its own are made inside it.
  if (typeof inner === 'object' && inner !== null && how.at % 2 === 1) {
    copy[name] = changed(inner, { ...how, at: how.at >> 1 });
  } else if (how.kind === 'set') copy[name] = how.to;
  else delete copy[name];
  return copy;
}

/** A request of a channel: valid, changed somewhere, or anything at all. */
export function requestOf(channel: RequestChannel): fc.Arbitrary<unknown> {
  const valid: fc.Arbitrary<unknown> = VALID[channel];
  return fc.oneof(
    { arbitrary: valid, weight: 4 },
    { arbitrary: fc.tuple(valid, change).map(([request, how]) => changed(request, how)), weight: 4 },
    { arbitrary: atom, weight: 1 },
    { arbitrary: anything, weight: 1 },
  );
}

/** Settings as a page sees them, before anything was chosen. */
export const SETTINGS_HERE: SettingsState = {
  ...{ theme: 'system', times: null, alwaysOnTop: false, askBeforeClosing: true, ...DEFAULT_LOOK },
  ...{ tray: false, closeToTray: false, trayHindrance: null },
  retention: { memoryCapBytes: 2 * 1024 ** 3, policy: { keep: 'all' } },
  ...{ largestCapBytes: 8 * 1024 ** 3, library: DEFAULT_LIBRARY, commands: { allowed: false, names: [] } },
  ...{ problems: [], place: '/settings/settings.json' },
};
