/** What a command is: its keys and where they act, its label, what it does and when that is possible. */
import type { KeyBinding } from '../model/keymap.ts';
import type { App } from './app.ts';
import type { Page } from './page.ts';

/** What a command acts on. */
export interface CommandContext {
  readonly page: Page;
  /** The view that is shown. */
  readonly app: App;
  /** Moves the focus into a text box of the window. */
  readonly focus: (box: 'filter' | 'source' | 'find' | 'intervals') => void;
}

export interface CommandEntry extends KeyBinding {
  readonly group: 'Capture' | 'Filter and find' | 'Move and select' | 'Bookmarks' | 'Panes below the log' | 'Window';
  readonly label: string;
  readonly run: (context: CommandContext) => void;
  /** Whether it would do anything now; always, where nothing is said. */
  readonly possible?: (context: Pick<CommandContext, 'page' | 'app'>) => boolean;
}

export type Entries = Readonly<Record<string, Omit<CommandEntry, 'group'>>>;

/** True if rows are selected. */
export const hasSelection: NonNullable<CommandEntry['possible']> = ({ app }) => app.selecting.range() !== null;
