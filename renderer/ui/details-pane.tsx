/** Everything about the selected row: fields, full text, bytes. */
import { Fragment, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { movedName } from '../../electron/contract/moved-time.ts';
import type { RowDetails } from '../../electron/contract/rows.ts';
import { shownLines } from '../../electron/contract/shown-text.ts';
import type { Piece } from '../../electron/contract/text-matches.ts';
import { RowKind } from '../../native/core/entry.ts';
import { detailLines } from '../model/detail-fields.ts';
import { runsRightToLeft, stretchesOf } from '../model/directions.ts';
import { formatBytes, formatCount, hexLines } from '../model/format.ts';
import { states } from '../model/lacking.ts';
import { gapText, lossesText } from '../model/loss.ts';
import { lossRun } from '../model/loss-run.ts';
import { selectedCount } from '../model/selection.ts';
import {
  useApp,
  useDetails,
  useEventNames,
  useLacking,
  useProcesses,
  useSourceNames,
  useStatus,
  useView,
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

const PROCESS_HELP =
  'The name this number had last: the system gives the numbers of ended processes to new ones. Some sources know no names.';

function Shown({ details, selected }: { readonly details: RowDetails; readonly selected: number }) {
  const gap = details.row.kind === RowKind.Gap;
  const source = useStatus(
    ({ status }) => status?.sourceNames.find(({ id }) => id === details.row.source)?.name ?? null,
  );
  const statedNs = useStatus(
    ({ status }) => status?.sources.find(({ id }) => id === details.row.source)?.statedNs ?? 0,
  );
  const startUnixMs = useStatus(({ status }) => status?.startUnixMs ?? 0);
  const lacking = useLacking();
  const statesCpu = states(lacking, details.row.source, 'cpu');
  const process = useProcesses(({ names }) => names.get(details.row.source)?.get(details.row.pid));
  return (
    <>
      <dl className="fields" data-testid="details-fields">
        {detailLines(details, { startUnixMs, source: source && movedName(source, statedNs), process, lacking }).map(
          ([name, value]) => (
            <div key={name} title={name === 'process' ? PROCESS_HELP : undefined}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
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
  const lacking = useLacking();
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
            {gapText(part, text, names?.get(part.source), events.get(part.event), states(lacking, part.source, 'cpu'))}
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
