/**
 * The answer to a question in SQL as a table. Only the rows in sight are elements. A click on a row that has the index of
 * a row of the log goes there.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type MouseEvent, useMemo, useRef } from 'react';
import type { AnswerCell, QueryColumn } from '../../electron/contract/sql.ts';
import { cellText, columnWidths, indexColumn, isNumeric } from '../model/sql.ts';
import type { Shown } from '../store/sql.ts';
import { useApp } from './app-context.ts';

const ROW_PX = 20;

export function AnswerTable({ answer }: { readonly answer: Shown }) {
  const app = useApp();
  const scroll = useRef<HTMLDivElement>(null);
  const { columns, rows } = answer;
  const facts = useMemo(
    () => columnWidths(columns, rows).map((width, at) => ({ width, numeric: isNumeric(columns[at] as QueryColumn) })),
    [columns, rows],
  );
  const index = indexColumn(columns);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const go = async (row: number): Promise<void> => {
    const why = await app.goTo(String(row));
    if (why !== null) app.ui.notify({ severity: 'info', message: why, action: '' });
  };
  const style = { '--columns': facts.map(({ width }) => `calc(${width}ch + 14px)`).join(' ') } as CSSProperties;
  return (
    <div ref={scroll} className="sql-scroll" style={style} data-testid="sql-table">
      <table aria-label="Answer" aria-rowcount={rows.length + 1} className="sql-table">
        <thead>
          <tr className="sql-row sql-head">
            {columns.map(({ name, type }, at) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns of an answer do not change
                key={at}
                scope="col"
                className={facts[at]?.numeric ? 'number' : ''}
                title={`${name}: ${type}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="sql-rows" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index: at, start }) => (
            <Row
              key={at}
              at={at}
              top={start}
              cells={rows[at] ?? []}
              numeric={facts}
              index={index}
              onGo={(row) => void go(row)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly at: number;
  readonly top: number;
  readonly cells: readonly AnswerCell[];
  readonly numeric: readonly { readonly numeric: boolean }[];
  /** The column that leads to a row of the log; -1 without. */
  readonly index: number;
  readonly onGo: (index: number) => void;
}

function Row({ at, top, cells, numeric, index, onGo }: RowProps) {
  const target = cells[index];
  const leads = typeof target === 'number' && target >= 0;
  const onClick = (event: MouseEvent): void => {
    // A text of the row is being selected to copy it.
    if (leads && event.detail > 0 && (window.getSelection()?.toString() ?? '') === '') onGo(target);
  };
  return (
    // The keyboard has the button in the column of indexes.
    <tr
      aria-rowindex={at + 2}
      className={`sql-row${leads ? ' leads' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      data-testid="sql-row"
      onClick={onClick}
    >
      {cells.map((cell, column) => {
        const text = cellText(cell);
        return (
          <td
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns of an answer do not change
            key={column}
            className={`${numeric[column]?.numeric ? 'number' : ''}${text === null ? ' null' : ''}`}
            title={text !== null && text.length > 40 ? text : undefined}
          >
            {column === index && leads ? (
              <button
                type="button"
                className="link-text"
                title="Go to this row of the log"
                onClick={(event) => {
                  event.stopPropagation();
                  onGo(target);
                }}
              >
                {text}
              </button>
            ) : (
              (text ?? 'NULL')
            )}
          </td>
        );
      })}
    </tr>
  );
}
