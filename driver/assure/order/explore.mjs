/**
 * A small machine for litmus programs: straight-line threads whose accesses may be performed out of program order, as far
 * as a processor allows, on one memory that all see alike. All outcomes are enumerated.
 *
 * - x64: everything in order, but a store may wait while later loads go ahead (store buffer); a locked read-modify-write
 *   and a full fence wait for it. One without a lock, which is for places that no other thread writes, is a load and then a
 *   store like any other.
 * - arm64: ARMv8, which is multi-copy atomic, so that reordering inside each thread is all there is. Only what the program
 *   orders is ordered: acquire loads, release stores, fences, accesses to one place. Dependencies order nothing here and
 *   a read-modify-write is two accesses (load and store exclusive), each with its half of the order: the machine is
 *   weaker than real ones, so what it cannot do they cannot do.
 *
 * A load may take its value from an earlier store of its own thread that is not performed yet.
 */

/**
 * @typedef {object} Step
 * @property {'R' | 'W' | 'U' | 'L' | 'F'} kind load, store, read-modify-write, the same without a lock, fence
 * @property {string} order relaxed, acquire, release, acq_rel, seq_cst
 * @property {string} place
 * @property {number} [value] what `W`, `U` and `L` store
 * @property {string} [register] where `R`, `U` and `L` put what they find
 */

/** @typedef {'x64' | 'arm64'} Machine */

/**
 * One access as the machine performs it. `locks`: load half of a read-modify-write, `unlocks`: its store half.
 * @typedef {object} Access
 * @property {'R' | 'W' | 'F' | 'U'} kind
 * @property {boolean} acquire
 * @property {boolean} release
 * @property {boolean} full
 * @property {boolean} locks
 * @property {boolean} unlocks
 * @property {number} place -1 for fences
 * @property {number} value
 * @property {number} register -1: dropped
 */

/**
 * @param {readonly Step[]} steps
 * @param {Machine} machine
 * @param {(name: string) => number} place
 * @param {(name: string) => number} register
 * @returns {Access[]}
 */
function lower(steps, machine, place, register) {
  /** @type {Access[]} */
  const accesses = [];
  for (const step of steps) {
    const full = step.order === 'seq_cst';
    const acquire = full || step.order === 'acquire' || step.order === 'acq_rel';
    const release = full || step.order === 'release' || step.order === 'acq_rel';
    /** @type {Access} */
    const base = {
      kind: step.kind === 'L' ? 'U' : step.kind,
      acquire,
      release,
      full: full && step.kind === 'F',
      locks: false,
      unlocks: false,
      place: step.kind === 'F' ? -1 : place(step.place),
      value: step.value ?? 0,
      register: step.register === undefined ? -1 : register(step.register),
    };
    if (step.kind === 'F' && machine === 'x64' && !full) continue;
    const locked = machine === 'arm64';
    if (base.kind === 'U' && (locked || step.kind === 'L')) {
      accesses.push({ ...base, kind: 'R', release: false, locks: locked });
      accesses.push({ ...base, kind: 'W', acquire: false, unlocks: locked, register: -1 });
    } else {
      accesses.push(base);
    }
  }
  return accesses;
}

/** @param {Access} a */
const reads = (a) => a.kind === 'R' || a.kind === 'U';
/** @param {Access} a */
const writes = (a) => a.kind === 'W' || a.kind === 'U';

/**
 * Whether `a`, earlier in its thread, must be performed before `b`.
 * @param {Access} a
 * @param {Access} b
 * @param {Machine} machine
 */
function ordered(a, b, machine) {
  const samePlace = a.place === b.place && a.place >= 0;
  const forwards = a.kind === 'W' && b.kind === 'R' && !b.locks;
  if (machine === 'x64') {
    if (forwards) return false;
    return true;
  }
  if (a.full || b.full) return true;
  if (samePlace && !forwards) return true;
  if (a.kind === 'F') return (a.acquire && true) || (a.release && writes(b));
  if (b.kind === 'F') return b.release || (b.acquire && reads(a));
  if (a.acquire && reads(a)) return true;
  if (b.release && writes(b)) return true;
  return a.release && writes(a) && b.acquire && reads(b) && !b.locks;
}

/**
 * Runs all executions and gives every outcome once to `visit`: the value of each register (undefined if not loaded).
 * Returns the number of states that were gone through.
 * @param {readonly (readonly Step[])[]} threads
 * @param {Machine} machine
 * @param {Readonly<Record<string, number>>} initial places that are not 0 at the beginning
 * @param {(outcome: Readonly<Record<string, number>>) => void} visit
 */
export function explore(threads, machine, initial, visit) {
  /** @type {Map<string, number>} */
  const places = new Map();
  /** @type {Map<string, number>} */
  const registers = new Map();
  /** @param {Map<string, number>} map */
  const numbering = (map) => (/** @type {string} */ name) => {
    const known = map.get(name);
    if (known !== undefined) return known;
    map.set(name, map.size);
    return map.size - 1;
  };
  const place = numbering(places);
  const register = numbering(registers);
  const programs = threads.map((steps) => lower(steps, machine, place, register));
  const before = programs.map((program) =>
    program.map((access, n) =>
      program
        .slice(0, n)
        .reduce((mask, earlier, m) => mask | (ordered(earlier, access, machine) ? 1n << BigInt(m) : 0n), 0n),
    ),
  );
  const names = [...registers.keys()];
  const seen = new Set();
  const memory = new Array(places.size).fill(0);
  for (const [name, value] of Object.entries(initial)) {
    const at = places.get(name);
    if (at !== undefined) memory[at] = value;
  }
  const values = new Array(registers.size).fill(0);
  const done = programs.map(() => 0n);
  const locked = new Array(places.size).fill(-1);

  const step = () => {
    const key = `${done.join()}|${memory.join()}|${values.join()}|${locked.join()}`;
    if (seen.has(key)) return;
    seen.add(key);
    let any = false;
    programs.forEach((program, thread) => {
      const mine = /** @type {bigint} */ (done[thread]);
      program.forEach((access, n) => {
        const bit = 1n << BigInt(n);
        if (mine & bit) return;
        const needs = /** @type {bigint} */ (before[thread]?.[n]);
        if ((mine & needs) !== needs) return;
        const at = access.place;
        if (at >= 0 && locked[at] !== -1 && locked[at] !== thread && writes(access)) return;
        if (access.locks && locked[at] !== -1) return;
        any = true;
        const [oldMemory, oldValue, oldLock] = [memory[at], values[access.register], locked[at]];
        if (reads(access) && access.register >= 0) {
          let found = memory[at];
          for (let m = n - 1; m >= 0; m--) {
            const earlier = /** @type {Access} */ (program[m]);
            if (writes(earlier) && earlier.place === at && !(mine & (1n << BigInt(m)))) {
              found = earlier.value;
              break;
            }
          }
          values[access.register] = found;
        }
        if (writes(access)) memory[at] = access.value;
        if (access.locks) locked[at] = thread;
        if (access.unlocks) locked[at] = -1;
        done[thread] = mine | bit;
        step();
        done[thread] = mine;
        if (at >= 0) {
          memory[at] = oldMemory;
          locked[at] = oldLock;
        }
        if (access.register >= 0) values[access.register] = oldValue;
      });
    });
    if (!any && programs.every((program, thread) => done[thread] === (1n << BigInt(program.length)) - 1n)) {
      visit(Object.fromEntries(names.map((name, n) => [name, values[n]])));
    }
  };
  step();
  return seen.size;
}
