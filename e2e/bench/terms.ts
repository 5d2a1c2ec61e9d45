/** `search.terms`: a filter of ten terms beside the slowest of them, each alone over the same history, on one thread. */
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { NEEDLE } from './bench-log.ts';
import { progress } from './environment.ts';
import { type BenchResult, measured } from './results.ts';
import type { BenchSession } from './session.ts';
import { median, spread } from './statistics.ts';

/** Most of them let most rows through, so that the later ones have work to do. */
const TERMS = [
  'cpu:0-6',
  '-cpu:3',
  'level>=info',
  'index>=1000',
  'time>1ms',
  'delta>=0ns',
  `-"${NEEDLE}"`,
  '-"no such text at all"',
  '"filter"',
  '/queue [0-7]/',
];

const GOAL = 2;

export async function measureTerms(session: BenchSession, rows: number, repeats: number): Promise<BenchResult> {
  const time = async (text: string): Promise<number> => {
    const values: number[] = [];
    for (let round = 0; round <= repeats; round++) {
      const timing = await session.filter({ ...SHOW_ALL, terms: { text, caseSensitive: true } }, 1);
      if (round > 0) values.push(timing.ms);
    }
    return median(values);
  };
  progress('search.terms');
  let slowest = { text: '', ms: 0 };
  for (const text of TERMS) {
    const ms = await time(text);
    if (ms > slowest.ms) slowest = { text, ms };
  }
  const values: number[] = [];
  for (let round = 0; round < repeats; round++) values.push(await time(TERMS.join(' ')));
  const ratio = median(values) / slowest.ms;
  return measured({
    name: 'search.terms',
    value: median(values),
    unit: 'ms',
    reference: slowest.ms,
    referenceName: `the slowest of its ten terms, ${slowest.text}`,
    goal: `at most ${GOAL}x the slowest of its terms`,
    holds: ratio <= GOAL,
    spread: spread(values),
    note: `${rows.toLocaleString('en')} rows; ${ratio.toFixed(2)}x the time of its slowest term`,
  });
}
