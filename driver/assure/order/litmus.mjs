/**
 * The labelled barriers of driver/ring, each as a litmus program: the writer's side is the trace of the C code, access by
 * access, with the orders it really asks for; the reader's side is what ring.c says its readers do. A program passes if
 * no execution shows what it forbids, on x64 and on ARM64, and if it stops passing as soon as its barrier is weakened in
 * the trace (on the machine that needs it), so that it cannot pass for nothing.
 */
import { join } from 'node:path';
import { amount, buildDir, DRIVER, HERE } from '../lib/context.mjs';
import { must } from '../lib/process.mjs';
import { CLASSICS } from './classics.mjs';
import { explore } from './explore.mjs';
import { badInstructions } from './instructions.mjs';

/** @typedef {import('./explore.mjs').Step} Step */
/** @typedef {import('./explore.mjs').Machine} Machine */
/** @typedef {Readonly<Record<string, number>>} Outcome */

/**
 * @typedef {object} Event one line of the trace
 * @property {string} kind
 * @property {string} order
 * @property {string} place
 * @property {bigint} found
 * @property {bigint} stored
 */

/**
 * @typedef {object} Litmus
 * @property {string} label the barrier's letter in ring.c, and what it orders
 * @property {string} situation of trace.c
 * @property {readonly string[]} places that the program looks at; other relaxed accesses of the trace are left out
 * @property {(trace: readonly Event[]) => readonly (readonly Step[])[]} others the other threads
 * @property {(o: Outcome, at: (name: string) => number) => boolean} forbidden `at`: last value the trace stores at a place
 * @property {(e: Event) => boolean} barrier the events of the trace that make the barrier
 * @property {readonly Machine[]} needed where it fails without the barrier
 * @property {readonly Machine[]} [machines] where it has to hold; both if not given
 * @property {readonly string[]} [registers] places whose loads by the writer the outcome needs, as `w.PLACE`
 */

/** @returns {Step} */
const R = (/** @type {string} */ place, /** @type {string} */ register, order = 'acquire') => ({
  kind: 'R',
  order,
  place,
  register,
});
/** @returns {Step} */
const W = (/** @type {string} */ place, /** @type {number} */ value, order = 'relaxed') => ({
  kind: 'W',
  order,
  place,
  value,
});
/** @returns {Step} */
const F = (/** @type {string} */ order) => ({ kind: 'F', order, place: '' });

/** What a reader does before it draws a conclusion about a CPU. @param {string} moment */
const quietTest = (moment) => [
  R(moment, 'moment'),
  F('seq_cst'),
  R('nesting', 'nesting'),
  R('reserved', 'reserved'),
  R('published', 'published'),
];

/** @param {Outcome} o */
const quiet = (o) => o.nesting === 0 && o.reserved === o.published;

/** @type {readonly Litmus[]} */
const PROGRAMS = [
  {
    // Its loads are plain copies of eight bytes; between taking the moment and looking there is one full barrier.
    label: 'A and B, as native/core/cpu-reader.ts reads (x64)',
    situation: 'write-by-index',
    places: ['nesting', 'reserved', 'published', 'next_index', 'data+0', 'data+24'],
    others: () => [
      [
        R('next_index', 'moment', 'relaxed'),
        F('seq_cst'),
        R('nesting', 'nesting', 'relaxed'),
        R('reserved', 'reserved', 'relaxed'),
        R('published', 'published', 'relaxed'),
        R('data+0', 'first', 'relaxed'),
        R('data+24', 'sequence', 'relaxed'),
      ],
    ],
    machines: ['x64'],
    forbidden: (o, at) =>
      (o.moment === at('next_index') && quiet(o) && o.published !== at('published')) ||
      (o.published === at('published') && (o.first !== at('data+0') || o.sequence !== at('data+24'))),
    barrier: () => false,
    needed: [],
  },
  {
    label: 'A, index order: nesting is raised before the index is taken',
    situation: 'write-by-index',
    places: ['nesting', 'reserved', 'published', 'next_index'],
    others: () => [quietTest('next_index')],
    forbidden: (o, at) => o.moment === at('next_index') && quiet(o) && o.published !== at('published'),
    barrier: (e) => e.place === 'next_index',
    needed: ['arm64'],
  },
  {
    label: 'A, clock order: nesting is raised before the clock is read',
    situation: 'write-by-clock',
    places: ['nesting', 'reserved', 'published', 'clock'],
    others: () => [[W('clock', 1)], quietTest('clock')],
    registers: ['clock'],
    forbidden: (o, at) => o.moment === 1 && o['w.clock'] === 0 && quiet(o) && o.published !== at('published'),
    barrier: (e) => e.kind === 'F' && e.order === 'seq_cst',
    needed: ['x64', 'arm64'],
  },
  {
    label: 'B: records are whole before `published` says so',
    situation: 'write-by-index',
    places: ['data+0', 'data+24', 'data+56', 'published'],
    others: () => [
      [
        R('published', 'published'),
        R('data+0', 'first', 'relaxed'),
        R('data+24', 'sequence', 'relaxed'),
        R('data+56', 'last', 'relaxed'),
      ],
    ],
    forbidden: (o, at) =>
      o.published === at('published') &&
      (o.first !== at('data+0') || o.sequence !== at('data+24') || o.last !== at('data+56')),
    barrier: (e) => e.place === 'published' && e.kind === 'W',
    needed: ['arm64'],
  },
  {
    // The fence E of the same write orders as much for this conclusion, so both have to go before it breaks.
    label: 'C, with E: what was reserved and published is seen before nesting is seen to be 0',
    situation: 'write-by-index',
    places: ['nesting', 'reserved', 'published', 'next_index'],
    others: () => [quietTest('next_index')],
    forbidden: (o, at) => o.moment === at('next_index') && quiet(o) && o.published !== at('published'),
    barrier: (e) => e.order === 'release' && (e.kind === 'F' || e.place === 'nesting' || e.place === 'published'),
    needed: ['arm64'],
  },
  {
    label: 'D: the reader has copied before its room is overwritten',
    situation: 'write-after-consumed',
    places: ['consumed', 'data+0', 'data+56'],
    others: (trace) => [
      [
        R('data+0', 'first', 'relaxed'),
        R('data+56', 'last', 'relaxed'),
        W('consumed', Number(trace.find((e) => e.place === 'consumed')?.found), 'release'),
      ],
    ],
    registers: ['consumed'],
    forbidden: (o) => o['w.consumed'] !== 0 && (o.first !== 0 || o.last !== 0),
    // The exchanges of `accepted`, next_index and `reserved` that follow it are loads that acquire as well.
    barrier: (e) =>
      e.place === 'consumed' ||
      e.place === 'accepted' ||
      e.place === 'next_index' ||
      e.place === 'reserved' ||
      (e.kind === 'F' && e.order === 'release'),
    needed: ['arm64'],
  },
  {
    label: 'E: the tail is seen to move before what it frees changes',
    situation: 'write-over-old',
    places: ['tail', 'data+0', 'data+56'],
    others: () => [
      [R('data+0', 'first', 'relaxed'), R('data+56', 'last', 'relaxed'), F('acquire'), R('tail', 'tail', 'relaxed')],
    ],
    forbidden: (o, at) => o.tail !== at('tail') && (o.first !== 0 || o.last !== 0),
    barrier: (e) => e.kind === 'F' && e.order === 'release',
    needed: ['arm64'],
  },
  {
    label: 'E: counters that a reader adds up belong to the records it has seen',
    situation: 'write-by-index',
    places: ['nesting', 'reserved', 'published', 'written'],
    others: () => [
      [
        R('nesting', 'nesting0'),
        R('reserved', 'reserved0'),
        R('published', 'published0'),
        R('written', 'written', 'relaxed'),
        F('seq_cst'),
        R('nesting', 'nesting'),
        R('reserved', 'reserved'),
        R('published', 'published'),
      ],
    ],
    forbidden: (o, at) =>
      o.written === at('written') &&
      o.nesting0 === 0 &&
      o.reserved0 === 0 &&
      o.published0 === 0 &&
      o.nesting === 0 &&
      o.reserved === 0 &&
      o.published === 0,
    barrier: (e) => e.kind === 'F' && e.order === 'release',
    needed: ['arm64'],
  },
  {
    label: 'F: the session page is filled before its magic is there',
    situation: 'publish-session',
    places: ['world+16', 'state', 'magic'],
    others: () => [[R('magic', 'magic'), R('world+16', 'page', 'relaxed'), R('state', 'state', 'relaxed')]],
    forbidden: (o, at) => o.magic === at('magic') && (o.page !== 1 || o.state !== 1),
    barrier: (e) => e.place === 'magic',
    needed: ['arm64'],
  },
  {
    label: 'G: the last records are published before the session is STOPPED',
    situation: 'write-and-stop',
    places: ['state', 'published', 'data+0'],
    others: () => [[R('state', 'state'), R('published', 'published'), R('data+0', 'first', 'relaxed')]],
    forbidden: (o, at) => o.state === at('state') && (o.published !== at('published') || o.first !== at('data+0')),
    barrier: (e) => e.place === 'state',
    needed: ['arm64'],
  },
  {
    label: 'H: the log is ready before calls find it',
    situation: 'attach-log',
    places: ['attached', 'log.rings'],
    others: (trace) => {
      // The finder's side is C code too: its own trace says how it loads the pointer.
      const finds = trace.filter((e) => e.kind === 'find').map((e) => e.order);
      return [[...finds.map((order, n) => R('attached', `found${n}`, order)), R('log.rings', 'rings', 'relaxed')]];
    },
    forbidden: (o) => {
      const found = Object.keys(o).filter((name) => name.startsWith('found'));
      return o[/** @type {string} */ (found.at(-1))] === 1 && o.rings !== 1;
    },
    barrier: (e) => e.place === 'attached',
    needed: ['arm64'],
  },
];

/**
 * Builds driver/ring (or a changed copy of it) with tracing and runs it. @param {string} ring @param {string} name
 * @returns {Promise<Map<string, Event[]>>}
 */
export async function traceRing(ring, name) {
  const dir = buildDir('order', name);
  const flags = ['-std=c11', '-Wall', '-Wextra', '-O1', '-D_GNU_SOURCE', `-I${join(DRIVER, 'ring')}`];
  const include = ['-include', join(HERE, 'order', 'trace_atomics.h')];
  const sources = ['ring', 'session', 'log', 'format', 'format_text'];
  for (const source of sources) {
    await must('gcc', [...flags, ...include, '-c', join(ring, `${source}.c`), '-o', join(dir, `${source}.o`)]);
  }
  const program = join(dir, 'trace');
  const objects = sources.map((source) => join(dir, `${source}.o`));
  await must('gcc', [...flags, join(HERE, 'order', 'trace.c'), ...objects, '-o', program]);
  const { out } = await must(program, [], { seconds: 10 });
  /** @type {Map<string, Event[]>} */
  const traces = new Map();
  for (const line of out.trim().split('\n')) {
    const [situation = '', kind = '', order = '', place = '', found = '0', stored = '0'] = line.split(' ');
    const events = traces.get(situation) ?? [];
    events.push({ kind, order, place, found: BigInt(found), stored: BigInt(stored) });
    traces.set(situation, events);
  }
  // The pointer and what it points at have addresses: what matters is whether they are there.
  const attach = traces.get('attach-log') ?? [];
  for (const event of attach) {
    if (event.place === 'attached') event.stored = 1n;
    else if (event.kind === 'W') event.place = 'log.rings';
  }
  for (const event of traces.get('find-log') ?? []) {
    if (event.place === 'attached') attach.push({ ...event, kind: 'find' });
  }
  return traces;
}

/**
 * The writer's thread: the accesses to the places of the program, and everything that orders.
 * @param {Litmus} program
 * @param {readonly Event[]} trace
 * @returns {Step[]}
 */
function writerOf(program, trace) {
  /** @type {Step[]} */
  const steps = [];
  for (const { kind, order, place, stored } of trace) {
    if (kind === 'find' || kind === 'M') continue;
    if (kind !== 'F' && order === 'relaxed' && !program.places.includes(place)) continue;
    /** @type {Step} */
    const step = { kind: /** @type {Step['kind']} */ (kind), order, place };
    if (kind === 'W' || kind === 'U' || kind === 'L') step.value = small(stored);
    if (kind === 'R' && program.registers?.includes(place)) step.register = `w.${place}`;
    steps.push(step);
  }
  return steps;
}

/** A 64-bit value as a number that still tells it apart. @param {bigint} value */
function small(value) {
  return value <= 0xffffffffn ? Number(value) : Number(value % 1000003n) + 2 ** 40;
}

/** @param {readonly Event[]} trace @param {(e: Event) => boolean} barrier @returns {Event[]} */
function weakened(trace, barrier) {
  return trace.filter((e) => !(barrier(e) && e.kind === 'F')).map((e) => (barrier(e) ? { ...e, order: 'relaxed' } : e));
}

/**
 * @param {Litmus} program
 * @param {readonly Event[]} trace
 * @param {Machine} machine
 */
function judge(program, trace, machine) {
  const writer = writerOf(program, trace);
  /** @type {Record<string, number>} */
  const last = {};
  for (const step of writer) if (step.value !== undefined) last[step.place] = step.value;
  /** @type {Record<string, number>} */
  const initial = {};
  for (const place of program.places) {
    const first = trace.find((e) => e.place === place && (e.kind === 'R' || e.kind === 'U' || e.kind === 'L'));
    // Data and the consumer position begin at 0: what the writer found there came from the other thread, or is old.
    if (first && !place.startsWith('data') && place !== 'consumed') initial[place] = small(first.found);
  }
  let bad = 0;
  const states = explore([writer, ...program.others(trace)], machine, initial, (outcome) => {
    if (program.forbidden(outcome, (place) => last[place] ?? Number.NaN)) bad++;
  });
  return { bad, states };
}

/** Words of a record that were not stored by an atomic access. @param {Map<string, Event[]>} traces */
function plainStores(traces) {
  const trace = traces.get('write-by-index') ?? [];
  return trace
    .filter((e) => e.kind === 'M' && trace.findLast((w) => w.kind === 'W' && w.place === e.place)?.stored !== e.found)
    .map((e) => `${e.place} is not stored atomically`);
}

/** What interrupts change too (ring.c says which): never by a load and a store. */
const CHANGED_BY_INTERRUPTS = new Set(
  'next_index reserved tail accepted lost lost_full overwritten wrapped bad_consumer index_holes'.split(' '),
);

/** @param {Map<string, Event[]>} traces */
function tornUpdates(traces) {
  const found = new Set();
  for (const events of traces.values()) {
    for (const { kind, place } of events) if (kind === 'W' && CHANGED_BY_INTERRUPTS.has(place)) found.add(place);
  }
  return [...found].map((place) => `${place} is stored, although an interrupt may have changed it since it was loaded`);
}

/** What every CPU changes is changed with a lock. @param {Map<string, Event[]>} traces */
function unlockedUpdates(traces) {
  const found = new Set();
  for (const events of traces.values()) {
    for (const { kind, place } of events) if (kind === 'L' && place === 'next_index') found.add(place);
  }
  return [...found].map((place) => `${place} is changed without a lock, although every CPU changes it`);
}

/**
 * Which programs fail for these traces. @param {Map<string, Event[]>} traces
 */
export function judgeTraces(traces) {
  /** @type {string[]} */
  const failures = [...tornUpdates(traces), ...unlockedUpdates(traces), ...plainStores(traces)];
  let states = 0;
  for (const program of PROGRAMS) {
    const trace = traces.get(program.situation);
    if (!trace) {
      failures.push(`${program.label}: no trace`);
      continue;
    }
    for (const machine of program.machines ?? /** @type {const} */ (['x64', 'arm64'])) {
      const { bad, states: seen } = judge(program, trace, machine);
      states += seen;
      if (bad > 0) failures.push(`${program.label}: shows what it forbids on ${machine}`);
    }
  }
  return { failures, states, programs: PROGRAMS.length };
}

/** @returns {Promise<import('../lib/context.mjs').Row[]>} */
export async function runOrder() {
  /** @type {string[]} */
  const details = [];
  let classics = 0;
  for (const { name, threads, weird, ...verdicts } of CLASSICS) {
    for (const machine of /** @type {const} */ (['x64', 'arm64'])) {
      let shown = false;
      explore(threads, machine, {}, (outcome) => {
        shown ||= weird(outcome);
      });
      if (shown === verdicts[machine]) classics++;
      else details.push(`${name} on ${machine}: the machine is wrong`);
    }
  }
  const traces = await traceRing(join(DRIVER, 'ring'), 'original');
  const { failures, states, programs } = judgeTraces(traces);
  failures.push(...(await badInstructions(join(DRIVER, 'ring'))));
  details.push(...failures);

  let needed = 0;
  let weakenings = 0;
  for (const program of PROGRAMS) {
    const trace = traces.get(program.situation) ?? [];
    if (program.needed.length > 0 && !trace.some(program.barrier))
      details.push(`${program.label}: its barrier is not in the trace`);
    for (const machine of program.needed) {
      weakenings++;
      if (judge(program, weakened(trace, program.barrier), machine).bad > 0) needed++;
      else details.push(`${program.label}: passes on ${machine} without its barrier`);
    }
  }
  return [
    {
      method: 'Memory order (litmus)',
      explored: `${programs} programs over traces of the C code, x64 and ARM64; ${amount(states)} states`,
      found: failures.length === 0 ? 'no forbidden outcome' : `${failures.length} show a forbidden outcome`,
      ok: failures.length === 0,
      details,
    },
    {
      method: 'Memory order without barriers',
      explored: `${weakenings} weakened traces; ${CLASSICS.length * 2} verdicts on classic programs`,
      found: `${needed} show the forbidden outcome; ${classics} verdicts as the manuals have them`,
      ok: needed === weakenings && classics === CLASSICS.length * 2,
    },
  ];
}
