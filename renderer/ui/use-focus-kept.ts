/**
 * Keeps the focus where a person works when another view is shown: the elements of the view before go, and with them what had
 * the focus. Who came by keys from the tabs stays there; everybody else is in the log.
 */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { focusTable } from './use-keys.ts';

/** `active`: the number of the view that is shown. */
export function useFocusKept(active: number): void {
  const shown = useRef(active);
  /** Name of the tabs in which the last key was pressed; null for elsewhere, and for the mouse. */
  const tabs = useRef<string | null>(null);
  useEffect(() => {
    const byKey = () => {
      tabs.current = document.activeElement?.closest('[role="tablist"]')?.ariaLabel ?? null;
    };
    const byPointer = () => {
      tabs.current = null;
    };
    window.addEventListener('keydown', byKey, true);
    window.addEventListener('pointerdown', byPointer, true);
    return () => {
      window.removeEventListener('keydown', byKey, true);
      window.removeEventListener('pointerdown', byPointer, true);
    };
  }, []);
  useLayoutEffect(() => {
    if (active === shown.current) return;
    shown.current = active;
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const tab = [...document.querySelectorAll<HTMLElement>('[role="tablist"] [aria-selected="true"]')].find(
      (each) => tabs.current !== null && each.closest('[role="tablist"]')?.ariaLabel === tabs.current,
    );
    if (tab === undefined) focusTable();
    else tab.focus();
  }, [active]);
}
