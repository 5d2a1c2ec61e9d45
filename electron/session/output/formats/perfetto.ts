/**
 * JSON for Perfetto and Chrome's tracing: each source is shown as a process, each of its CPUs as a thread of it, each
 * row as an instant event. Threads are named when their first row comes. `ts` is in microseconds, with nanoseconds as
 * decimals.
 */
import { shownText } from '../../../contract/shown-text.ts';
import type { TextParts } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import { isLoss } from '../output-row.ts';
import { RowValues } from '../row-values.ts';

/** The event's name is what the time line shows, so it is short; the arguments hold the whole message. */
const NAME_LENGTH = 120;

function nameOf(message: string): string {
  const shown = shownText(message);
  if (shown === '') return '(empty)';
  return shown.length <= NAME_LENGTH ? shown : `${Array.from(shown.slice(0, NAME_LENGTH)).slice(0, -1).join('')}…`;
}

export function perfettoParts(facts: OutputFacts): TextParts {
  const values = new RowValues(facts);
  const lanes = new Set<string>();
  const meta = (name: string, pid: number, tid: number, args: object): string =>
    `{"name":"${name}","ph":"M","pid":${pid},"tid":${tid},"args":${JSON.stringify(args)}}`;
  const lane = (pid: number, tid: number, cpu: number | null, source: string): string => {
    const key = `${pid} ${tid}`;
    if (lanes.has(key)) return '';
    lanes.add(key);
    const process = `process ${pid}`;
    const named = lanes.has(process) ? [] : [meta('process_name', pid, 0, { name: source })];
    lanes.add(process);
    named.push(meta('thread_name', pid, tid, { name: cpu === null ? 'log' : `CPU ${cpu}` }));
    named.push(meta('thread_sort_index', pid, tid, { sort_index: tid }));
    return named.map((each) => `${each},\n`).join('');
  };
  const { info } = facts;
  let first = true;
  return {
    begin: () => '{"displayTimeUnit":"ns","traceEvents":[\n',
    row: (row) => {
      const cpu = values.cpu(row);
      const pid = row.source + 1;
      const tid = cpu ?? 0;
      const source = values.source(row);
      const args = {
        index: row.index,
        level: values.level(row),
        time: values.time(row),
        pid: values.pid(row),
        process: values.process(row),
        type: values.type(row),
        remarks: values.remarks(row),
        message: row.text,
        ...(values.hasTraces ? values.eventNames(row) : {}),
      };
      const event =
        `{"name":${JSON.stringify(nameOf(row.text))},"cat":${JSON.stringify(values.level(row) ?? 'log')},"ph":"i","s":"t",` +
        `"ts":${values.timeUs(row) ?? '0.000'},"pid":${pid},"tid":${tid},` +
        `${isLoss(row) ? '"cname":"terrible",' : ''}"args":${JSON.stringify(args)}}`;
      const before = first ? '' : ',\n';
      first = false;
      return `${before}${lane(pid, tid, cpu, source)}${event}`;
    },
    end: () => {
      const other = {
        program: 'RingView',
        ...(info === null ? {} : { source: info.source }),
        ...(info === null || !values.hasWallClock ? {} : { start: new Date(info.startUnixMs).toISOString() }),
        ...(facts.filter === null ? {} : { filter: facts.filter }),
      };
      return `\n],"otherData":${JSON.stringify(other)}}\n`;
    },
  };
}
