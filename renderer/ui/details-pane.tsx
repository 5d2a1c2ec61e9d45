/** Everything about the selected row: fields, full text, bytes. */
import { Fragment, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { typeNameOf } from '../../electron/contract/filter/known-names.ts';
import { movedName } from '../../electron/contract/moved-time.ts';
import type { RowDetails } from '../../electron/contract/rows.ts';
import { shownField, shownLines } from '../../electron/contract/shown-text.ts';
import type { Piece } from '../../electron/contract/text-matches.ts';
import { RowFlag, RowKind } from '../../native/core/entry.ts';
import { EVENT_NAME_FIELDS } from '../../native/core/event-names.ts';
import { runsRightToLeft, stretchesOf } from '../model/directions.ts';
import { formatBytes, formatCount, formatTime, hexLines, levelName } from '../model/format.ts';
import { causeWords, gapText, lossesText } from '../model/loss.ts';
import { lossRun } from '../model/loss-run.ts';
import { selectedCount } from '../model/selection.ts';
import { isLevelStated } from '../model/source-state.ts';
import { formatWallClock, unixNs } from '../model/wall-clock.ts';
import { irqlWords, isBorrowed, threadWords } from '../model/writer-words.ts';
import {
  useApp,
  useDetails,
  useEventNames,
  useProcesses,
  useSourceNames,
  useStatus,
  useView,
  useWithout,
} from './app-context.ts';
import { DecodedList } from './decoded-list.tsx';
import { RecordFields } from './record-fields.tsx';
import { markedPieces } from './table/message-cell.ts';
import { useHighlighters } from './use-highlighters.ts';
import { useTimeColumns } from './use-time-columns.ts';
import { useWords } from './use-words.ts';

/** Bytes dumped at first; the rest only on request, because each line is an element. */
const FIRST_BYTES = 1024;

export function DetailsPane() {
  const details = useDetails((state) => state.details);
  const gone = useDetails((state) => state.gone);
  const selected = useView((view) => selectedCount(view.selection));
  return (
    <section className="details" aria-label="Details of the selected row" data-testid="details-pane" data-own-keys="">
      {details ? (
        <Shown key={details.row.row} details={details} selected={selected} />
      ) : (
        <p className="none">{gone ? 'The session no longer holds this row.' : 'Select a row to see all of it.'}</p>
      )}
    </section>
  );
}

function flagWords(flags: number): string {
  const words = [
    (flags & RowFlag.Truncated) !== 0 && 'truncated by the driver',
    (flags & RowFlag.Nested) !== 0 && 'written by an interrupt inside another write',
    (flags & RowFlag.Late) !== 0 && 'delivered late',
  ].filter((word) => word !== false);
  return words.length > 0 ? words.join(', ') : 'none';
}

function typeWords(type: number): string {
  if (type === 0) return 'text';
  const number = `${type} (0x${type.toString(16)})`;
  const name = typeNameOf(type);
  return name === undefined ? number : `${name} record, ${number}`;
}

const PROCESS_HELP =
  'The name this number had last: the system gives the numbers of ended processes to new ones. Some sources know no names.';

const ORIGINS = ['driver', 'DbgPrint'];

/** What an event of a trace or an event log is called, as far as it says. */
function eventFields({ event }: RowDetails): readonly (readonly [string, string])[] {
  if (event === null) return [];
  return EVENT_NAME_FIELDS.flatMap((field) => {
    const name = event[field];
    return name === null ? [] : [[field.replace('_', ' '), shownField(name)] as const];
  });
}

/** Of a loss: where its records were lost, and by whose logging session. */
function loserFields({ event }: RowDetails): readonly (readonly [string, string])[] {
  return event === null
    ? []
    : [...known('where', event.event), ...known('logging session', event.provider)].map(
        ([name, words]) => [name, shownField(words)] as const,
      );
}

/** A field that some sources have not. */
const known = (name: string, words: string | null): readonly (readonly [string, string])[] =>
  words === null || words === '' ? [] : [[name, words]];

function fieldsOf(
  details: RowDetails,
  startUnixMs: number,
  source: string | null,
  process: string | undefined,
  states: { readonly cpu: boolean; readonly level: boolean },
): readonly (readonly [string, string])[] {
  const { row } = details;
  const common = [
    ...(source === null ? [] : [['source', source] as const]),
    ['index', formatCount(row.index)],
    ['time', `${formatTime(row.timeNs)} (${formatCount(row.timeNs)} ns)`],
    ['clock', formatWallClock(unixNs(startUnixMs) + BigInt(row.timeNs))],
    ...(states.cpu ? [['CPU', String(row.cpu)] as const] : []),
  ] as const;
  if (row.kind === RowKind.Gap)
    return [
      ...common,
      ['lost', formatCount(row.remarks)],
      ...known('why', causeWords(row.type)),
      ...loserFields(details),
    ];
  return [
    ...common,
    ...eventFields(details),
    ...(states.level ? [['level', `${levelName(row.level)} (${row.level})`] as const] : []),
    ['origin', ORIGINS[row.origin] ?? String(row.origin)],
    [
      'process',
      `${process === undefined ? row.pid : `${shownField(process)} (${row.pid})`}${isBorrowed(row) ? ', borrowed' : ''}`,
    ],
    ...known('thread', threadWords(row)),
    ...known('IRQL', irqlWords(row)),
    ['type', typeWords(row.type)],
    ['remarks', `${row.remarks} (0x${row.remarks.toString(16)})`],
    ['flags', flagWords(row.flags)],
    ['length', formatBytes(row.length)],
  ];
}

function Shown({ details, selected }: { readonly details: RowDetails; readonly selected: number }) {
  const gap = details.row.kind === RowKind.Gap;
  const source = useStatus(
    ({ status }) => status?.sourceNames.find(({ id }) => id === details.row.source)?.name ?? null,
  );
  const statedNs = useStatus(
    ({ status }) => status?.sources.find(({ id }) => id === details.row.source)?.statedNs ?? 0,
  );
  const startUnixMs = useStatus(({ status }) => status?.startUnixMs ?? 0);
  const statesCpu = !useWithout('withoutCpu').has(details.row.source);
  const withoutLevel = useWithout('withoutLevel');
  const statesLevel = isLevelStated(details.row.level, details.row.source, withoutLevel);
  const process = useProcesses(({ names }) => names.get(details.row.source)?.get(details.row.pid));
  return (
    <>
      <dl className="fields" data-testid="details-fields">
        {fieldsOf(details, startUnixMs, source && movedName(source, statedNs), process, {
          cpu: statesCpu,
          level: statesLevel,
        }).map(([name, value]) => (
          <div key={name} title={name === 'process' ? PROCESS_HELP : undefined}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {selected > 1 && <p className="note">{formatCount(selected)} rows are selected; this is the last.</p>}
      </dl>
      <div className="payload">
        {gap ? (
          <>
            <p className="note">
              These records were written{statesCpu && ` on CPU ${details.row.cpu}`} but never reached the log. The
              statistics name the causes.
            </p>
            <LossParts row={details.row.row} />
          </>
        ) : (
          <>
            {details.text !== null && <FullText text={details.text} />}
            {details.record !== null && <RecordFields record={details.record} />}
            {details.text !== null && <DecodedList text={details.text} row={details.row} />}
            <HexDump bytes={details.bytes} />
          </>
        )}
      </div>
    </>
  );
}

/** The losses directly beside one, which the table sums up in one line. */
function LossParts({ row }: { readonly row: number }) {
  const app = useApp();
  const { text } = useTimeColumns();
  const names = useSourceNames();
  const events = useEventNames(({ byNumber }) => byNumber);
  const withoutCpu = useWithout('withoutCpu');
  // Others arrive with the rows, and the row may have another place.
  useView(({ version, generation }) => `${version} ${generation}`);
  const { selection, cache, first, end, generation } = app.view.store.getState();
  const at = selection?.focus.position ?? -1;
  if (cache.get(at)?.row !== row) return null;
  const run = lossRun({ first, end, generation, row: (position) => cache.get(position) }, at);
  if (run === null) return null;
  return (
    <div className="note" data-testid="details-losses">
      With the losses beside it: <b>{lossesText(run.total, text)}</b>
      <ol className="loss-parts">
        {run.rows.map((part) => (
          <li key={part.row} aria-current={part.row === row ? 'true' : undefined}>
            {gapText(part, text, names?.get(part.source), events.get(part.event), !withoutCpu.has(part.source))}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The whole message, highlighted like in the table, because a match may be beyond what a row shows. */
function FullText({ text }: { readonly text: string }) {
  const { find, filter } = useHighlighters();
  const words = useWords();
  const pieces = markedPieces(text, find ?? filter, words) ?? [{ text, match: false }];
  const rightToLeft = runsRightToLeft(text);
  const hit = find === null ? 'filter-hit' : 'hit';
  const element = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    if (find !== null) element.current?.querySelector('mark.hit')?.scrollIntoView({ block: 'nearest' });
  }, [find]);
  return (
    <pre className="full-text" dir={rightToLeft ? 'rtl' : undefined} data-testid="details-text" ref={element}>
      {rightToLeft ? <Stretches pieces={pieces} hit={hit} /> : <Pieces pieces={pieces} hit={hit} />}
    </pre>
  );
}

interface PiecesProps {
  readonly pieces: readonly Piece[];
  /** Class of what was found. */
  readonly hit: string;
}

/** A text that runs from right to left: what does not is kept in its own order. */
function Stretches({ pieces, hit }: PiecesProps) {
  return stretchesOf(pieces).map(({ isLatin, pieces: some }, at) => {
    const Order = isLatin ? LeftToRight : Fragment;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: stretches have no other name and are all made anew
      <Order key={at}>
        <Pieces pieces={some} hit={hit} />
      </Order>
    );
  });
}

const LeftToRight = ({ children }: { readonly children: ReactNode }) => <bdi dir="ltr">{children}</bdi>;

function Pieces({ pieces, hit }: PiecesProps) {
  return pieces.map((piece, at) =>
    piece.match || piece.mark !== undefined ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name and are all made anew
      <mark key={at} className={piece.mark ?? hit}>
        {shownLines(piece.text)}
      </mark>
    ) : (
      shownLines(piece.text)
    ),
  );
}

function HexDump({ bytes }: { readonly bytes: Uint8Array }) {
  const [all, setAll] = useState(false);
  if (bytes.length === 0) return null;
  return (
    <div className="hex" data-testid="details-hex">
      <pre>
        {hexLines(bytes, all ? bytes.length : FIRST_BYTES).map((line) => (
          <div key={line.offset}>
            <span className="quiet">{line.offset}</span>
            {`  ${line.hex.padEnd(48)}  `}
            <span className="ascii">{line.ascii}</span>
          </div>
        ))}
      </pre>
      {!all && bytes.length > FIRST_BYTES && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          Show all {formatBytes(bytes.length)}
        </button>
      )}
    </div>
  );
}
