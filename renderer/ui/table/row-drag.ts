/**
 * Whether the mouse drags over rows from a row on. A pressed button alone does not say so: the drag may have begun in a
 * text field or in the details, and then it selects there, not here.
 */
import { useEffect, useRef } from 'react';

export interface RowDrag {
  /** The button was pressed on a row. */
  begin(): void;
  /** `buttons` are those of a mouse event over the rows. */
  goesOn(buttons: number): boolean;
}

export function useRowDrag(): RowDrag {
  const dragging = useRef(false);
  useEffect(() => {
    const end = () => {
      dragging.current = false;
    };
    // Before whatever is pressed hears of it, so that a row can begin a drag of its own.
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
