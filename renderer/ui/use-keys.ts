/** Turns key presses anywhere in the window into commands of the key map. */
import { useEffect } from 'react';
import type { KeyContext } from '../model/keymap.ts';
import { COMMANDS, type Command, type CommandContext, commandFor, isPossible, repeats } from '../store/commands.ts';
import { impossibleWords } from '../store/impossible.ts';
import type { Page } from '../store/page.ts';
import { dropText } from './table/text-drag.ts';

export const FILTER_INPUT = 'filter-input';
export const SOURCE_INPUT = 'source-input';
export const FIND_INPUT = 'find-input';

export const INTERVAL_INPUT = 'interval-input';

const BOXES = { filter: FILTER_INPUT, source: SOURCE_INPUT, find: FIND_INPUT, intervals: INTERVAL_INPUT } as const;

/** For so many frames a box that the same command has opened may still be on its way: its pane may have to be loaded. */
const MOST_FRAMES = 60;

/** Puts the cursor into a text field and selects what is in it; false if it is not there. */
export function focusInput(id: string): boolean {
  const input = document.getElementById(id);
  if (!(input instanceof HTMLInputElement)) return false;
  input.focus();
  input.select();
  return true;
}

/** Number of the last box that was asked for: one that comes later than the next does not take the focus. */
let latest = 0;

const focus: CommandContext['focus'] = (box) => {
  const mine = ++latest;
  const attempt = (frames: number): void => {
    if (mine !== latest || focusInput(BOXES[box]) || frames === 0) return;
    requestAnimationFrame(() => attempt(frames - 1));
  };
  attempt(MOST_FRAMES);
};

/** Runs a command on the view that is looked at, or says why it is not possible there. */
export function runCommand(page: Page, command: Command): void {
  const app = page.active();
  if (app === null) return;
  if (isPossible(command, { page, app })) COMMANDS[command].run({ page, app, focus });
  else app.ui.notify({ severity: 'info', message: impossibleWords(command), action: '' });
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

export function useKeys(page: Page): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      // An open menu has its own keys, Escape among them.
      if (event.target instanceof Element && event.target.closest('[role="menu"]')) return;
      const command = commandFor(event, contextOf(event.target));
      if (!command) return;
      event.preventDefault();
      if (event.repeat && !repeats(command)) return;
      // The smallest thing first: text that is selected in a message.
      const table = document.getElementById(TABLE_ID);
      if (command === 'escape' && table !== null && dropText(table)) return;
      runCommand(page, command);
      // What had the focus may be gone with a bar or a sheet.
      if (command === 'escape' && event.target instanceof Element && event.target.closest('input, .sheet, .dock-pane'))
        focusTable();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [page]);
}

export const TABLE_ID = 'log-table';

/** Gives the keys back to the table. */
export function focusTable(): void {
  document.getElementById(TABLE_ID)?.focus({ preventScroll: true });
}
