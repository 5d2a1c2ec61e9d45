/** `ringview stats` and `ringview diff`: statistics of logs, and the differences between two logs. */
import { setImmediate as rest } from 'node:timers/promises';
import type { EntryBatch } from '../../native/core/entry.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { shownField } from '../contract/shown-text.ts';
import { outputFacts } from '../session/output/output-facts.ts';
import { batchRun } from '../session/output/output-row.ts';
import type { ConvertIo } from './convert.ts';
import { FileMerge } from './file-merge.ts';
import type { InputRequest } from './input-args.ts';
import { compareStats, type LogStats, StatsCounter, type TemplateCount, type TemplateDifference } from './log-stats.ts';
import { openInputs } from './open-input.ts';
import { ProgressLine } from './progress.ts';
import type { DiffRequest, StatsRequest } from './query-args.ts';

const WAIT_MS = 10;

/** The result as text. Failures: of the files, `cancelled`. */
export async function stats(request: StatsRequest, io: ConvertIo): Promise<Result<string>> {
  const counted = await countLog(request, io);
  if (!counted.ok) return counted;
  const found = counted.value.stats(request.top);
  return ok(request.json ? `${JSON.stringify(found)}\n` : statsText(found));
}

export async function diff(request: DiffRequest, io: ConvertIo): Promise<Result<string>> {
  const both: LogStats[] = [];
  for (const input of request.inputs) {
    const counted = await countLog({ ...request, inputs: [input] }, io);
    if (!counted.ok) return counted;
    both.push(counted.value.stats());
  }
  const [a, b] = both as [LogStats, LogStats];
  const differences = compareStats(a, b);
  if (request.json) {
    const about = ({ templates: _, ...facts }: LogStats) => facts;
    return ok(`${JSON.stringify({ a: about(a), b: about(b), differences })}\n`);
  }
  return ok(diffText(a, b, differences, request.top));
}

async function countLog(request: InputRequest, io: ConvertIo): Promise<Result<StatsCounter>> {
  const opened = openInputs(request);
  if (!opened.ok) return opened;
  let rows = 0;
  const take = (batch: EntryBatch): void => {
    rows += batch.count;
    counter.take(batchRun(batch));
  };
  const merge = new FileMerge(opened.value, take);
  const counter = new StatsCounter(outputFacts(merge.facts));
  const progress = new ProgressLine('reading', io.progress);
  try {
    for (;;) {
      if (io.waiter.stopped) return fail('cancelled', 'Stopped before everything was read', 'Start it again');
      const step = merge.step();
      if (step === 'ended') break;
      progress.tell(merge.progress, rows);
      if (step === 'wait') await io.waiter.wait(WAIT_MS);
      else await rest();
    }
  } finally {
    progress.end();
    merge.close();
  }
  for (const line of merge.brokenLines) io.report(line);
  return merge.failure === null ? ok(counter) : { ok: false, failure: merge.failure };
}

const count = (value: number): string => value.toLocaleString('en');

function named(title: string, counts: Readonly<Record<string, number>>): string {
  const all = Object.entries(counts);
  if (all.length === 0) return '';
  const shown = all.slice(0, 16).map(([name, value]) => `${shownField(name)} ${count(value)}`);
  return `${title.padEnd(10)}${shown.join(', ')}${all.length > shown.length ? `, ${all.length - shown.length} more` : ''}\n`;
}

const rateText = (rate: number): string => (rate < 10 ? rate.toFixed(2) : count(Math.round(rate)));

function statsText(found: LogStats): string {
  const times = found.first === null ? '' : `${'from'.padEnd(10)}${found.first} to ${found.last}\n`;
  const rate = found.perSecond === null ? '' : `, ${rateText(found.perSecond)} a second`;
  return (
    `${'log'.padEnd(10)}${shownField(found.source)}\n${times}` +
    `${'entries'.padEnd(10)}${count(found.entries)} in ${found.seconds.toFixed(3)} s${rate}\n` +
    `${'lost'.padEnd(10)}${count(found.lost)}\n` +
    named('levels', found.levels) +
    named('cpus', found.cpus) +
    named('sources', found.sources) +
    named('processes', found.processes) +
    named('providers', found.providers) +
    named('events', found.events) +
    (found.templates.length === 0 ? '' : '\n   number  first index  message\n') +
    found.templates.map(templateLine).join('')
  );
}

function templateLine({ count: number, firstIndex, template }: TemplateCount): string {
  return `${count(number).padStart(9)}  ${String(firstIndex).padStart(11)}  ${shownField(template)}\n`;
}

const TITLES = { new: 'only in B', gone: 'only in A', more: 'more in B', fewer: 'fewer in B' } as const;

function diffText(a: LogStats, b: LogStats, all: readonly TemplateDifference[], top: number): string {
  const head = [a, b]
    .map(
      (log, at) =>
        `${at === 0 ? 'A' : 'B'}  ${shownField(log.source)}: ${count(log.entries)} entries in ${log.seconds.toFixed(3)} s, ${count(log.lost)} lost\n`,
    )
    .join('');
  if (all.length === 0) return `${head}no difference by message template\n`;
  let text = head;
  for (const change of ['new', 'gone', 'more', 'fewer'] as const) {
    const those = all.filter((each) => each.change === change);
    if (those.length === 0) continue;
    text += `\n${TITLES[change]} (${count(those.length)})\n        A         B  first     last      message\n`;
    for (const { template, a: one, b: two } of those.slice(0, top)) {
      const seen = (two ?? one) as TemplateCount;
      const numbers = `${count(one?.count ?? 0).padStart(9)} ${count(two?.count ?? 0).padStart(9)}`;
      const times = `${`+${seen.firstSeconds.toFixed(3)}`.padEnd(9)} ${`+${seen.lastSeconds.toFixed(3)}`.padEnd(9)}`;
      text += `${numbers}  ${times} ${shownField(template)}\n`;
    }
    if (those.length > top) text += `          ... ${count(those.length - top)} more\n`;
  }
  return text;
}
