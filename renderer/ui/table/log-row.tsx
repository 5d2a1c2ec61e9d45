/** One row: plain elements only, re-rendered only when what it shows has changed. */
import { type CSSProperties, memo, type ReactNode } from 'react';
import type { LogRow } from '../../../electron/contract/rows.ts';
import { RowFlag, RowKind } from '../../../native/core/entry.ts';
import { eventTypeName } from '../../../native/core/events.ts';
import type { Column, ColumnId } from '../../model/columns.ts';
import { cpuColour } from '../../model/cpu-hue.ts';
import { deltaParts, levelName, oneLine, type Parts, timeParts } from '../../model/format.ts';
import { gapText } from '../../model/loss.ts';
import type { Marker } from '../../store/marks.ts';

interface RowProps {
  readonly position: number;
  /** Row of the grid: 1 is the header, 2 the oldest row. */
  readonly ariaIndex: number;
  readonly y: number;
  /** Undefined until it has arrived. */
  readonly row: LogRow | undefined;
  readonly columns: readonly Column[];
  readonly selected: boolean;
  readonly focused: boolean;
  readonly find: Marker | null;
  readonly filter: Marker | null;
  /** Name of the row's source, where there are several. */
  readonly source: string | undefined;
  /** Last known name of the row's process. */
  readonly process: string | undefined;
}

export const LogRowView = memo(function LogRowView(props: RowProps) {
  const { position, ariaIndex, y, row, selected, focused } = props;
  const gap = row?.kind === RowKind.Gap;
  const classes = ['row', gap ? 'gap' : `level-${row ? Math.min(row.level, 4) : 'none'}`];
  if (selected) classes.push('selected');
  if (focused) classes.push('focused');
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
    <div
      id={`row-${position}`}
      className={classes.join(' ')}
      role="row"
      aria-rowindex={ariaIndex}
      aria-selected={selected}
      data-testid={gap ? 'gap-row' : 'log-row'}
      data-position={position}
      data-index={row?.index}
      style={{ top: y }}
    >
      {row && (gap ? <GapCells row={row} source={props.source} /> : <EntryCells {...props} row={row} />)}
    </div>
  );
});

function GapCells({ row, source }: { readonly row: LogRow; readonly source: string | undefined }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
    <div
      role="gridcell"
      className="gap-text"
      title="Records that were written on this CPU but never reached the log. The statistics say why."
    >
      <span className="gap-rule" />
      {gapText(row.remarks, row.cpu, row.type, source)}
      <span className="gap-rule" />
    </div>
  );
}

function processCell(name: string | undefined, pid: number): ReactNode {
  const number = <span className="quiet">{pid}</span>;
  return name === undefined ? (
    number
  ) : (
    <>
      {name} {number}
    </>
  );
}

function EntryCells({ row, columns, find, filter, source, process }: RowProps & { readonly row: LogRow }) {
  const cellOf = (id: ColumnId): ReactNode => {
    if (id === 'source') return source ?? row.source;
    return id === 'process' ? processCell(process, row.pid) : CELLS[id](row, find, filter);
  };
  return columns.map((column) => (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
    <div key={column.id} role="gridcell" className={`cell cell-${column.id}`}>
      {cellOf(column.id)}
    </div>
  ));
}

function emphasised({ quiet, strong }: Parts): ReactNode {
  return (
    <>
      {quiet && <span className="quiet">{quiet}</span>}
      {strong}
    </>
  );
}

const ORIGINS = ['driver', 'dbgprint'];

const CELLS: Record<
  Exclude<ColumnId, 'source' | 'process'>,
  (row: LogRow, find: Marker | null, filter: Marker | null) => ReactNode
> = {
  index: (row) => row.index,
  time: (row) => emphasised(timeParts(row.timeNs, row.deltaNs)),
  delta: (row) => emphasised(deltaParts(row.deltaNs)),
  cpu: (row) => (
    <span className="cpu" style={{ '--cpu': cpuColour(row.cpu) } as CSSProperties}>
      {row.cpu}
    </span>
  ),
  level: (row) => <span className="level-word">{levelName(row.level)}</span>,
  pid: (row) => row.pid,
  origin: (row) => ORIGINS[row.origin] ?? row.origin,
  type: (row) => (row.type === 0 ? '' : (eventTypeName(row.type) ?? row.type)),
  remarks: (row) => (row.remarks === 0 ? '' : row.remarks),
  message: (row, find, filter) => (
    <>
      {(row.flags & RowFlag.Late) !== 0 && (
        <span
          className="mark"
          title="Late: this record was delivered after newer ones, because its CPU stayed inside a write. Its index and time are right; its place is where it arrived."
        >
          late
        </span>
      )}
      {(row.flags & RowFlag.Truncated) !== 0 && (
        <span
          className="mark"
          title="Truncated: the driver cut this message to fit its formatting buffer. The rest was never recorded."
        >
          cut
        </span>
      )}
      <span className="text">{marked(oneLine(row.text), find, filter)}</span>
    </>
  ),
};

function marked(text: string, find: Marker | null, filter: Marker | null): ReactNode {
  const marker = find ?? filter;
  if (!marker) return text;
  const className = find ? 'hit' : 'filter-hit';
  return marker.split(text).map((piece, at) =>
    piece.match ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their order
      <mark key={at} className={className}>
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}
