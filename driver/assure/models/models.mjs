/**
 * Model checking with Spin: which models, at which bounds, for which properties, and which removed step must break which
 * property. A search that was not exhaustive is a failure, and so is a mutant that fails in another way than said.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { amount, buildDir, DRIVER, HERE, isTried } from '../lib/context.mjs';
import { must, pool, run } from '../lib/process.mjs';

const MODELS = join(HERE, 'models');

/**
 * @typedef {object} Check
 * @property {string} model
 * @property {string} [define] -D options, separated by blanks
 * @property {string} [ltl] the formula; without, assertions and invalid end states
 * @property {boolean} [progress] instead: that no writer runs round in a circle
 * @property {string} says what is shown
 * @property {boolean} [full] too long for the quick form
 */

/** @type {readonly Check[]} */
const CHECKS = [
  { model: 'ring', says: 'drop-new, one interrupt level' },
  { model: 'ring', define: 'LEVELS=3 W2=1', says: 'drop-new, two interrupt levels' },
  { model: 'ring', define: 'LEVELS=3 W1=1 W2=2', says: 'drop-new, two interrupt levels, four others', full: true },
  { model: 'ring', define: 'LEVELS=3 W2=1 UNITS=8', says: 'the same in a ring of eight units', full: true },
  { model: 'ring', define: 'W1=1 W2=3', says: 'drop-new, interrupts that write a whole lap while one writer leaves' },
  { model: 'ring', define: 'MAXN=1', says: 'writers nested too deep are refused and counted' },
  { model: 'ring', define: 'ABANDON W2=1', says: 'reservations left without commit' },
  { model: 'ring', define: 'TRAILING W1=1', says: 'losses at the end of the ring' },
  { model: 'ring', define: 'TRAILING', says: 'losses at the end of the ring, four writes', full: true },
  { model: 'ring', define: 'RESUME W1=1', says: 'a reader that dies is followed by another' },
  { model: 'ring', define: 'RESUME', says: 'a reader that dies is followed by another, four writes', full: true },
  { model: 'ring', define: 'OVERWRITE W2=1', says: 'overwrite-old, one interrupt level' },
  { model: 'ring', define: 'OVERWRITE', says: 'overwrite-old, one interrupt level, four writes', full: true },
  { model: 'ring', define: 'OVERWRITE W1=1 W2=3', says: 'overwrite-old, a lap while one writer leaves', full: true },
  { model: 'ring', define: 'OVERWRITE LEVELS=3 W1=2 W2=1', says: 'overwrite-old, two interrupt levels', full: true },
  { model: 'ring', define: 'HOSTILE W2=1', says: 'a client that stores anything, drop-new' },
  { model: 'ring', define: 'HOSTILE', says: 'a client that stores anything, drop-new, four writes', full: true },
  { model: 'ring', define: 'W1=1 W2=1', progress: true, says: 'no writer turns for ever' },
  { model: 'order', define: 'ROUNDS=2 WRITES0=1 WRITES1=1', says: 'two CPUs, an interrupt, two rounds' },
  { model: 'order', define: 'ROUNDS=2 WRITES0=1 WRITES1=2', says: 'two CPUs, an interrupt, four writes', full: true },
  { model: 'order', define: 'ROUNDS=3 WRITES0=2 WRITES1=2 NO_INTERRUPT', says: 'two CPUs, three rounds' },
  { model: 'order', define: 'ROUNDS=2 WRITES0=1 WRITES1=1 LATE', says: 'the holding time may end at any moment' },
  { model: 'wake', says: 'no use of a released event, no deadlock' },
  { model: 'wake', ltl: 'woken', says: 'no lost wake-up' },
  { model: 'wake', ltl: 'told', says: 'a sleeper hears of the end of the session' },
  { model: 'detach', says: 'no call uses a log that is gone' },
];

/**
 * @typedef {object} Mutant
 * @property {string} model
 * @property {string} define
 * @property {string} [ltl]
 * @property {string} breaks the flag that must be raised; `cycle` for a formula; `nothing` with a reason
 * @property {string} says what is taken away
 */

const ORDER = 'ROUNDS=2 WRITES0=1 WRITES1=1';

/** @type {readonly Mutant[]} */
const MUTANTS = [
  { model: 'ring', define: 'M_RESERVE_NO_CAS', breaks: 'overlap', says: '`reserved` is stored, not exchanged' },
  { model: 'ring', define: 'M_NO_ROOM_CHECK', breaks: 'overlap', says: 'room is not checked' },
  { model: 'ring', define: 'M_PUBLISH_NESTED', breaks: 'torn_record', says: 'nested writers publish' },
  { model: 'ring', define: 'M_NO_RECHECK', breaks: 'unpublished', says: '`reserved` is not looked at again' },
  { model: 'ring', define: 'M_RECHECK_BEFORE_QUIET', breaks: 'unpublished', says: 'it is, but before nesting is 0' },
  { model: 'ring', define: 'M_OWN_KEPT', breaks: 'torn_record', says: 'a record of its own size is taken for its own' },
  {
    model: 'ring',
    define: 'W1=1 W2=3 M_OWN_KEPT_BY_ADDRESS',
    breaks: 'torn_record',
    says: 'what lies where its own record lay is taken for it, a lap on',
  },
  { model: 'ring', define: 'M_LOSS_NOT_COUNTED', breaks: 'miscount', says: 'a loss is not counted' },
  { model: 'ring', define: 'M_SEQUENCE_WITHOUT_LOST', breaks: 'misplaced', says: 'sequences leave no gap for losses' },
  { model: 'ring', define: 'ABANDON M_NO_MARK', breaks: 'torn_record', says: 'a reservation is not marked as PAD' },
  {
    model: 'ring',
    define: 'TRAILING M_NO_UNDISTURBED',
    breaks: 'disorder',
    says: 'counters of another moment are believed',
  },
  {
    model: 'ring',
    define: 'RESUME M_NOTE_AFTER_CONSUMED',
    breaks: 'not_counted',
    says: 'position stored before its sequence',
  },
  { model: 'ring', define: 'HOSTILE M_TRUST_CONSUMER', breaks: 'overlap', says: 'the consumer position is believed' },
  { model: 'ring', define: 'HOSTILE M_ACCEPT_BACKWARD', breaks: 'accepted_fell', says: 'it may go back' },
  { model: 'ring', define: 'HOSTILE M_ACCEPT_NO_CAS', breaks: 'accepted_fell', says: 'it is stored, not exchanged' },
  {
    model: 'ring',
    define: 'OVERWRITE M_NO_TAIL_RECHECK',
    breaks: 'disorder',
    says: 'the reader does not look at the tail again',
  },
  {
    model: 'ring',
    define: 'OVERWRITE M_TAIL_AFTER_DATA',
    breaks: 'torn_record',
    says: 'the tail moves after the data',
  },
  {
    model: 'ring',
    define: 'OVERWRITE M_TAIL_NO_CAS',
    breaks: 'torn_record',
    says: 'the tail is stored, not exchanged',
  },
  {
    model: 'ring',
    define: 'OVERWRITE M_TAIL_PAST_PUBLISHED',
    breaks: 'torn_record',
    says: 'unpublished records are reclaimed',
  },
  {
    model: 'ring',
    define: 'OVERWRITE M_OVERWRITTEN_NOT_COUNTED',
    breaks: 'not_counted',
    says: 'reclaiming is not counted',
  },
  {
    model: 'order',
    define: `${ORDER} M_ENTER_AFTER_INDEX`,
    breaks: 'disorder',
    says: 'nesting is raised after the index is taken',
  },
  {
    model: 'order',
    define: `${ORDER} M_INDEX_BEFORE_RESERVED_LOADED`,
    breaks: 'disorder',
    says: 'the index is taken before `reserved` is loaded',
  },
  {
    model: 'order',
    define: `${ORDER} M_INDEX_WITHOUT_LOCK`,
    breaks: 'disorder',
    says: 'the index is taken without a lock',
  },
  { model: 'order', define: `${ORDER} M_MOMENT_LAST`, breaks: 'disorder', says: 'the reader takes next_index last' },
  { model: 'order', define: `${ORDER} M_NESTING_LAST`, breaks: 'disorder', says: 'the reader loads nesting last' },
  { model: 'order', define: `${ORDER} M_NO_NESTING`, breaks: 'disorder', says: 'the reader ignores nesting' },
  { model: 'order', define: `${ORDER} M_NO_RESERVED`, breaks: 'disorder', says: 'the reader ignores `reserved`' },
  {
    model: 'order',
    define: `${ORDER} M_PUBLISHED_FIRST`,
    breaks: 'nothing',
    says: '`published` is loaded before `reserved`: either order will do while nesting comes first',
  },
  {
    model: 'order',
    define: `${ORDER} M_QUIET_BEFORE_PUBLISHED`,
    breaks: 'nothing',
    says: 'nesting is 0 before `published` moves: the comparison with `reserved` covers it where stores are seen in order',
  },
  { model: 'wake', ltl: 'woken', define: 'M_TIMER_NOT_PERIODIC', breaks: 'cycle', says: 'the timer fires once' },
  {
    model: 'wake',
    ltl: 'woken',
    define: 'M_REST_AFTER_WAKE',
    breaks: 'cycle',
    says: 'the timer rests after a wake-up',
  },
  {
    model: 'wake',
    ltl: 'woken',
    define: 'M_NO_TICK_FOR_EVENT',
    breaks: 'cycle',
    says: 'registering an event starts no timer',
  },
  { model: 'wake', ltl: 'woken', define: 'M_NO_TICK_FOR_WAIT', breaks: 'cycle', says: 'a request starts no timer' },
  {
    model: 'wake',
    define: 'M_EVENT_OUTSIDE_LOCK',
    breaks: 'used_after_free',
    says: 'the event is set outside its lock',
  },
  {
    model: 'wake',
    ltl: 'told',
    define: 'M_STOP_TELLS_NOBODY M_TIMER_NOT_PERIODIC',
    breaks: 'cycle',
    says: 'nobody is told of the end',
  },
  {
    model: 'wake',
    ltl: 'told',
    define: 'M_STOP_TELLS_NOBODY',
    breaks: 'nothing',
    says: 'stopping wakes nobody: the next tick does',
  },
  {
    model: 'detach',
    define: 'M_LOOK_BEFORE_PIN',
    breaks: 'used_after_free',
    says: 'the log is looked for before the CPU is kept',
  },
  { model: 'detach', define: 'M_NO_QUIESCE', breaks: 'used_after_free', says: 'nothing is waited for' },
  { model: 'detach', define: 'M_ONE_CPU', breaks: 'used_after_free', says: 'one CPU is waited for' },
  {
    model: 'detach',
    define: 'M_QUIESCE_BEFORE_DETACH',
    breaks: 'used_after_free',
    says: 'waiting comes before detaching',
  },
];

/**
 * @typedef {object} Outcome
 * @property {string} result `holds`, the flag raised, `cycle`, `deadlock`, or `unfinished: ...`
 * @property {number} states
 */

/**
 * @param {{ model: string, define?: string, ltl?: string, progress?: boolean, breaks?: string }} check
 * @param {string} name
 * @returns {Promise<Outcome>}
 */
async function verify(check, name) {
  const dir = buildDir('models', name);
  const defines = (check.define ?? '').split(' ').filter(Boolean);
  await must('spin', ['-a', ...defines.map((d) => `-D${d}`), join(MODELS, `${check.model}.pml`)], { cwd: dir });
  const kind = check.progress ? ['-DNP'] : check.ltl ? [] : ['-DSAFETY'];
  const flags = [
    // A search that ends at its first error takes less time than a compiler that optimises it.
    check.breaks === undefined ? '-O2' : check.breaks === 'nothing' ? '-O1' : '-O0',
    '-w',
    '-DMEMLIM=6000',
    '-DVECTORSZ=4096',
    '-DCOLLAPSE',
    ...kind,
  ];
  await must('gcc', [...flags, '-o', 'pan', 'pan.c'], { cwd: dir });
  const mode = check.progress ? ['-l'] : check.ltl ? ['-a', '-f', '-N', check.ltl] : [];
  const { out, timedOut } = await run('./pan', ['-m1000000', ...mode], { cwd: dir, seconds: 300 });
  rmSync(dir, { recursive: true });

  const states = Number(/^\s*([\d.e+]+) states, stored/m.exec(out)?.[1] ?? 0);
  const error = /^pan:1: (.*?) \(at depth/m.exec(out)?.[1] ?? '';
  const flag = /assertion violated\s+!\((\w+)\)/.exec(error)?.[1];
  let result = 'holds';
  if (flag) result = flag;
  else if (/cycle/.test(error)) result = 'cycle';
  else if (/invalid end state/.test(error)) result = 'deadlock';
  else if (error) result = `unfinished: ${error}`;
  else if (timedOut) result = 'unfinished: out of time';
  else if (!/errors: 0/.test(out) || /not completed|max search depth|MEMLIM/.test(out)) {
    result = `unfinished: ${out.slice(0, 400)}`;
  }
  return { result, states };
}

/** Test points that stand for no access of their own: a decision, and the clock, which goes with the index. */
const NO_STEP = new Set(['ROOM_FOUND', 'CLOCK_READ']);

/** Every other step a test can stop at is a step of a model too, so that the models follow the code. */
function missingPoints() {
  const points = readFileSync(join(DRIVER, 'ring', 'points.h'), 'utf8').matchAll(/RV_POINT_(\w+),/g);
  const text = readdirSync(MODELS)
    .filter((file) => file.endsWith('.pml'))
    .map((file) => readFileSync(join(MODELS, file), 'utf8'))
    .join('\n');
  return [...points]
    .map((match) => /** @type {string} */ (match[1]))
    .filter((name) => name !== 'COUNT' && !NO_STEP.has(name) && !text.includes(`STEP(${name})`));
}

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Promise<import('../lib/context.mjs').Row[]>}
 */
export async function runModels(context) {
  const checks = CHECKS.filter((check) => !context.quick || !check.full);
  const outcomes = await pool(
    context.width,
    checks.map((check, n) => () => verify(check, `check-${n}`)),
  );
  /** @type {string[]} */
  const details = [];
  let states = 0;
  let held = 0;
  outcomes.forEach((outcome, n) => {
    const { model, define, says } = /** @type {Check} */ (checks[n]);
    states += outcome.states;
    if (outcome.result === 'holds') held++;
    else details.push(`${model} ${define ?? ''}: ${says}: ${outcome.result}`);
  });

  const tried = MUTANTS.filter((_, n) => isTried(context, n));
  const mutants = await pool(
    context.width,
    tried.map((mutant, n) => () => verify(mutant, `mutant-${n}`)),
  );
  let broken = 0;
  const redundant = tried.filter((mutant) => mutant.breaks === 'nothing').length;
  mutants.forEach((outcome, n) => {
    const { model, define, says, breaks } = /** @type {Mutant} */ (tried[n]);
    if (outcome.result === (breaks === 'nothing' ? 'holds' : breaks)) broken++;
    else details.push(`${model} ${define}: ${says}: ${outcome.result}, not ${breaks}`);
  });
  const missing = missingPoints();
  if (missing.length > 0) details.push(`points.h names steps that no model has: ${missing.join(', ')}`);
  return [
    {
      method: 'Models (Spin)',
      explored: `${checks.length} searches, exhaustive; ${amount(states)} states`,
      found: held === checks.length ? 'every property holds' : `${checks.length - held} fail`,
      ok: held === checks.length && missing.length === 0,
      details,
    },
    {
      method: 'Models without a step',
      explored: `${tried.length} of ${MUTANTS.length} mutants of the models`,
      found: `${tried.length - redundant} break the property expected of them, ${redundant} shown to be redundant`,
      ok: broken === tried.length,
    },
  ];
}
