/**
 * Tells whether the mouse is being dragged from one row over others. A pressed button alone does not mean that: the
 * drag may have begun in a text field or in the details, where it selects text.
 */
import { useEffect, useRef } from 'react';

export interface RowDrag {
  /** The button was pressed on a row. */
  begin(): void;
  /** Whether the drag continues; `buttons` are those of a mouse event over the rows. */
  goesOn(buttons: number): boolean;
}

export function useRowDrag(): RowDrag {
  const dragging = useRef(false);
  useEffect(() => {
    const end = () => {
      dragging.current = false;
    };
    // In the capture phase, and so before the pressed row itself, which may then begin a drag of its own.
    window.addEventListener('mousedown', end, { capture: true });
    window.addEventListener('mouseup', end, { capture: true });
    window.addEventListener('blur', end);
    return () => {
      window.removeEventListener('mousedown', end, { capture: true });
      window.removeEventListener('mouseup', end, { capture: true });
      window.removeEventListener('blur', end);
    };
  }, []);
  return {
    begin() {
      dragging.current = true;
    },
    goesOn(buttons) {
      if (buttons !== 1) dragging.current = false;
      return dragging.current;
    },
  };
}
