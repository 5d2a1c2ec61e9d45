/**
 * Dragging the head of a column to another place: from a few pixels on, so that a click stays a click. Escape, or what takes
 * the pointer away, gives it up.
 */
import { type MouseEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { isFieldColumn } from '../../../electron/contract/field-columns.ts';
import { dropPlace, type HeadPlace } from '../../model/column-order.ts';
import { COLUMNS, type ColumnId } from '../../model/columns.ts';
import { useApp } from '../app-context.ts';

/** Pixels that a press may move and still be a click. */
const CLICK_PX = 4;

interface Pressed {
  readonly row: HTMLElement;
  readonly id: ColumnId;
  readonly pointer: number;
  readonly fromX: number;
}

function columnOf(cell: HTMLElement): ColumnId | null {
  const { column = '' } = cell.dataset;
  return isFieldColumn(column) ? column : (COLUMNS.find(({ id }) => id === column)?.id ?? null);
}

/** Where the heads of a row lie. */
function placesIn(row: HTMLElement): HeadPlace[] {
  return [...row.querySelectorAll<HTMLElement>('.head-cell')].flatMap((cell) => {
    const id = columnOf(cell);
    const { left, right } = cell.getBoundingClientRect();
    return id === null ? [] : [{ id, left, right }];
  });
}

/** For the row of heads. `onEdge`: where the column would come, pixels from the left of the row; null for nowhere. */
export function useHeadDrag(onEdge: (px: number | null) => void) {
  const { columns } = useApp();
  const [dragged, setDragged] = useState<ColumnId | null>(null);
  /** Ends what listens to the drag at hand. */
  const ends = useRef<AbortController | null>(null);
  /** The click that a drag ends with is none. */
  const dropped = useRef(false);
  useEffect(() => () => ends.current?.abort(), []);

  function follow({ row, id, pointer, fromX }: Pressed): void {
    let drags = false;
    const listening = new AbortController();
    const { signal } = listening;
    ends.current = listening;
    const placeAt = (x: number) => dropPlace(placesIn(row), id, x);
    const end = (): void => {
      listening.abort();
      setDragged(null);
      onEdge(null);
    };
    const onMove = ({ clientX, pointerId }: globalThis.PointerEvent): void => {
      if (pointerId !== pointer || (!drags && Math.abs(clientX - fromX) < CLICK_PX)) return;
      if (!drags) {
        drags = true;
        dropped.current = true;
        row.setPointerCapture(pointer);
        setDragged(id);
      }
      const place = placeAt(clientX);
      onEdge(place === null ? null : place.edge - row.getBoundingClientRect().left);
    };
    const onUp = ({ clientX, pointerId }: globalThis.PointerEvent): void => {
      if (pointerId !== pointer) return;
      const place = drags ? placeAt(clientX) : null;
      end();
      if (place !== null) columns.moveBefore(id, place.before);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !drags) return;
      event.preventDefault();
      event.stopPropagation();
      end();
    };
    window.addEventListener('pointermove', onMove, { signal });
    window.addEventListener('pointerup', onUp, { signal });
    window.addEventListener('pointercancel', end, { signal });
    window.addEventListener('blur', end, { signal });
    window.addEventListener('keydown', onKey, { signal, capture: true });
  }

  return {
    dragged,
    onPointerDown({ currentTarget: row, target, button, pointerId, clientX }: PointerEvent<HTMLElement>) {
      dropped.current = false;
      const cell = (target as Element).closest<HTMLElement>('.head-cell');
      // What a menu hears bubbles to the head that it belongs to, too.
      if (button !== 0 || cell === null || !row.contains(cell) || (target as Element).closest('.handle')) return;
      const id = columnOf(cell);
      if (id === null || id === 'message') return;
      ends.current?.abort();
      follow({ row, id, pointer: pointerId, fromX: clientX });
    },
    onClickCapture(event: MouseEvent<HTMLElement>) {
      if (!dropped.current) return;
      dropped.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
