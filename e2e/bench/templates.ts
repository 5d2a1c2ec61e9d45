/** `search.templates`: the messages of a history counted by their templates on one thread, beside a search through the same. */
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { NEEDLE } from './bench-log.ts';
import { progress } from './environment.ts';
import { type BenchResult, measured } from './results.ts';
import type { BenchSession } from './session.ts';
import { median, spread } from './statistics.ts';

/** Two threads that count while rows come keep up with a driver that is very busy. */
const GOAL = 250_000;

export async function measureTemplates(session: BenchSession, repeats: number): Promise<BenchResult> {
  progress('search.templates');
  const search = { ...SHOW_ALL, text: { pattern: NEEDLE, regex: false, caseSensitive: true } };
  const values: number[] = [];
  const references: number[] = [];
  let found = { templates: 0, rows: 0 };
  for (let round = 0; round <= repeats; round++) {
    const counted = await session.templates(1);
    const searched = await session.filter(search, 1);
    found = counted;
    if (round === 0) continue;
    values.push((counted.rows / counted.ms) * 1000);
    references.push((counted.rows / searched.ms) * 1000);
  }
  return measured({
    name: 'search.templates',
    value: median(values),
    unit: 'records/s',
    reference: median(references),
    referenceName: 'a search for a text through the same records',
    goal: `at least ${GOAL.toLocaleString('en')} records/s a thread`,
    holds: median(values) >= GOAL,
    spread: spread(values),
    note: `${found.rows.toLocaleString('en')} records, ${found.templates.toLocaleString('en')} templates, one thread`,
  });
}
