/**
 * The fields of a row as the details list them. What the row's source does not state is left out, as exports leave it
 * out: a zero that stands there all the same would look like a fact. Pure.
 */
import { typeNameOf } from '../../electron/contract/filter/known-names.ts';
import type { RowDetails } from '../../electron/contract/rows.ts';
import { shownField } from '../../electron/contract/shown-text.ts';
import { ORIGIN_NAMES, RowFlag, RowKind } from '../../native/core/entry.ts';
import { EVENT_NAME_FIELDS } from '../../native/core/event-names.ts';
import { formatBytes, formatCount, formatTime, levelName } from './format.ts';
import { type Lacking, states, statesPid } from './lacking.ts';
import { causeWords } from './loss.ts';
import { meanwhileOf, shareWords } from './loss-weight.ts';
import { formatWallClock, unixNs } from './wall-clock.ts';
import { irqlWords, isBorrowed, threadWords } from './writer-words.ts';

export type DetailLine = readonly [name: string, value: string];

/** What is known besides the row itself. */
export interface DetailFacts {
  /** Wall clock of time 0, milliseconds since 1970 UTC. */
  readonly startUnixMs: number;
  /** Name of the row's source; null where that is not known. */
  readonly source: string | null;
  /** Name of the row's process; undefined where that is not known. */
  readonly process: string | undefined;
  readonly lacking: Lacking;
}

/** The lines in their order. */
export function detailLines(details: RowDetails, facts: DetailFacts): readonly DetailLine[] {
  const { row } = details;
  const { lacking, startUnixMs } = facts;
  const stated = (field: Parameters<typeof states>[2], ...line: DetailLine): DetailLine[] =>
    states(lacking, row.source, field) ? [line] : [];
  const common: DetailLine[] = [
    ...known('source', facts.source),
    ['index', formatCount(row.index)],
    ...stated('time_us', 'time', `${formatTime(row.timeNs)} (${formatCount(row.timeNs)} ns)`),
    ...stated('time', 'clock', formatWallClock(unixNs(startUnixMs) + BigInt(row.timeNs))),
    ...stated('cpu', 'CPU', String(row.cpu)),
  ];
  if (row.kind === RowKind.Gap)
    return [
      ...common,
      ['lost', formatCount(row.remarks)],
      ...known('share', shareWords(row.remarks, meanwhileOf(row))),
      ...known('why', causeWords(row.type)),
      ...loserLines(details),
    ];
  // Only a source that knows every field knows where its records are from, and that none of the flags is set.
  const all = !lacking.has(row.source);
  return [
    ...common,
    ...eventLines(details),
    ...stated('level', 'level', `${levelName(row.level)} (${row.level})`),
    ...(all || row.origin !== 0 ? ([['origin', ORIGIN_NAMES[row.origin] ?? String(row.origin)]] as const) : []),
    ...known('process', processWords(details, facts)),
    ...known('thread', threadWords(row)),
    ...known('IRQL', irqlWords(row)),
    ...stated('type', 'type', typeWords(row.type)),
    ...stated('remarks', 'remarks', `${row.remarks} (0x${row.remarks.toString(16)})`),
    ...(all || flagWords(row.flags) !== '' ? ([['flags', flagWords(row.flags) || 'none']] as const) : []),
    ['length', formatBytes(row.length)],
  ];
}

/** A line of what some rows have not. */
const known = (name: string, words: string | null): readonly DetailLine[] =>
  words === null || words === '' ? [] : [[name, words]];

/** Its name with its number, or what of both is known; empty for nothing. */
function processWords({ row }: RowDetails, { process, lacking }: DetailFacts): string {
  const borrowed = isBorrowed(row) ? ', borrowed' : '';
  const number = statesPid(lacking, row) ? `${row.pid}` : '';
  if (process === undefined) return number === '' ? '' : `${number}${borrowed}`;
  return `${shownField(process)}${number === '' ? '' : ` (${number})`}${borrowed}`;
}

function flagWords(flags: number): string {
  return [
    (flags & RowFlag.Truncated) !== 0 && 'truncated by the driver',
    (flags & RowFlag.Nested) !== 0 && 'written by an interrupt inside another write',
    (flags & RowFlag.Late) !== 0 && 'delivered late',
  ]
    .filter((word) => word !== false)
    .join(', ');
}

function typeWords(type: number): string {
  if (type === 0) return 'text';
  const number = `${type} (0x${type.toString(16)})`;
  const name = typeNameOf(type);
  return name === undefined ? number : `${name} record, ${number}`;
}

/** What an event of a trace or an event log is called, as far as it says. */
function eventLines({ event }: RowDetails): readonly DetailLine[] {
  if (event === null) return [];
  return EVENT_NAME_FIELDS.flatMap((field) => {
    const name = event[field];
    return name === null ? [] : [[field.replace('_', ' '), shownField(name)] as const];
  });
}

/** Of a loss: where its records were lost, and by whose logging session. */
function loserLines({ event }: RowDetails): readonly DetailLine[] {
  if (event === null) return [];
  return [...known('where', event.event), ...known('logging session', event.provider)].map(
    ([name, words]) => [name, shownField(words)] as const,
  );
}
