/** Turns key presses anywhere in the window into commands of the key map. */
import { useEffect } from 'react';
import { commandFor, type KeyContext } from '../model/keymap.ts';
import type { App } from '../store/app.ts';

export const FILTER_INPUT = 'filter-input';
export const SOURCE_INPUT = 'source-input';
export const FIND_INPUT = 'find-input';

/** Puts the cursor into a text field and selects what is in it. */
export function focusInput(id: string): void {
  const input = document.getElementById(id);
  if (!(input instanceof HTMLInputElement)) return;
  input.focus();
  input.select();
}

function contextOf(target: EventTarget | null): KeyContext {
  const element = target instanceof Element ? target : null;
  const editing = element?.closest('input, textarea, [contenteditable="true"]') != null;
  const control =
    element?.closest(
      'button, a, summary, select, [role="menuitem"], [role="menu"], [role="separator"], [data-own-keys]',
    ) != null;
  return { editing, control, textSelected: (window.getSelection()?.toString() ?? '') !== '' };
}

export function useKeys(app: App): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      // An open menu has its own keys, Escape among them.
      if (event.target instanceof Element && event.target.closest('[role="menu"]')) return;
      const command = commandFor(event, contextOf(event.target));
      if (!command) return;
      event.preventDefault();
      if (command === 'focusFilter') focusInput(FILTER_INPUT);
      else if (command === 'focusSource') focusInput(SOURCE_INPUT);
      else app.run(command);
      if (command === 'find') focusInput(FIND_INPUT);
      if (command === 'escape' && event.target instanceof HTMLInputElement) focusTable();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [app]);
}

export const TABLE_ID = 'log-table';

/** Gives the keys back to the table. */
export function focusTable(): void {
  document.getElementById(TABLE_ID)?.focus({ preventScroll: true });
}
