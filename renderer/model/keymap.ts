/**
 * One table from keys to commands; the cheat sheet, the tooltips and the key handler all read it. It is written for a
 * Latin keyboard, and works on any (characterOf).
 */

export type Command =
  | 'toggleCapture'
  | 'togglePause'
  | 'clear'
  | 'focusFilter'
  | 'focusSource'
  | 'find'
  | 'findNext'
  | 'findPrevious'
  | 'goTo'
  | 'history'
  | 'follow'
  | 'first'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'extendUp'
  | 'extendDown'
  | 'extendPageUp'
  | 'extendPageDown'
  | 'extendFirst'
  | 'extendLast'
  | 'textLeft'
  | 'textRight'
  | 'selectAll'
  | 'copy'
  | 'escape'
  | 'toggleDetails'
  | 'togglePanel'
  | 'exportShown'
  | 'toggleError'
  | 'toggleWarning'
  | 'toggleInfo'
  | 'toggleTrace'
  | 'toggleOther'
  | 'showEverything'
  | 'cheatSheet';

/**
 * Where a key may act:
 * - `anywhere`: also while a text is edited
 * - `outside-text`: not while a text field has the focus
 * - `log`: only where no control of its own would take the key (the table, or nothing, has the focus)
 * - `log-unselected`: as `log` or on a control, but not while text is edited or selected for copying
 */
export type KeyScope = 'anywhere' | 'outside-text' | 'log' | 'log-unselected';

export interface KeyBinding {
  readonly command: Command;
  /** In the form `Ctrl+Shift+K`; the first is the one shown. */
  readonly keys: readonly string[];
  readonly scope: KeyScope;
  readonly group: 'Capture' | 'Filter and find' | 'Move and select' | 'Window';
  readonly label: string;
}

export const KEY_BINDINGS: readonly KeyBinding[] = [
  { command: 'toggleCapture', keys: ['Ctrl+E'], scope: 'anywhere', group: 'Capture', label: 'Start or stop capturing' },
  { command: 'togglePause', keys: ['Space'], scope: 'log', group: 'Capture', label: 'Pause or resume the view' },
  { command: 'clear', keys: ['Ctrl+X'], scope: 'log-unselected', group: 'Capture', label: 'Clear all rows' },
  { command: 'focusSource', keys: ['Ctrl+O'], scope: 'anywhere', group: 'Capture', label: 'Go to the source box' },
  { command: 'history', keys: ['Ctrl+H'], scope: 'anywhere', group: 'Capture', label: 'How much history is kept' },
  {
    command: 'exportShown',
    keys: ['Ctrl+S'],
    scope: 'anywhere',
    group: 'Capture',
    label: 'Export what is shown, as text',
  },
  {
    command: 'focusFilter',
    keys: ['Ctrl+L'],
    scope: 'anywhere',
    group: 'Filter and find',
    label: 'Go to the filter box',
  },
  {
    command: 'toggleError',
    keys: ['Ctrl+1'],
    scope: 'anywhere',
    group: 'Filter and find',
    label: 'Show or hide errors',
  },
  {
    command: 'toggleWarning',
    keys: ['Ctrl+2'],
    scope: 'anywhere',
    group: 'Filter and find',
    label: 'Show or hide warnings',
  },
  { command: 'toggleInfo', keys: ['Ctrl+3'], scope: 'anywhere', group: 'Filter and find', label: 'Show or hide info' },
  {
    command: 'toggleTrace',
    keys: ['Ctrl+4'],
    scope: 'anywhere',
    group: 'Filter and find',
    label: 'Show or hide trace',
  },
  {
    command: 'toggleOther',
    keys: ['Ctrl+5'],
    scope: 'anywhere',
    group: 'Filter and find',
    label: 'Show or hide other levels',
  },
  {
    command: 'showEverything',
    keys: ['Ctrl+0'],
    scope: 'anywhere',
    group: 'Filter and find',
    label: 'Reset the filter',
  },
  { command: 'find', keys: ['Ctrl+F'], scope: 'anywhere', group: 'Filter and find', label: 'Find in the rows shown' },
  { command: 'findNext', keys: ['F3'], scope: 'anywhere', group: 'Filter and find', label: 'Next match' },
  { command: 'findPrevious', keys: ['Shift+F3'], scope: 'anywhere', group: 'Filter and find', label: 'Previous match' },
  {
    command: 'follow',
    keys: ['End'],
    scope: 'log',
    group: 'Move and select',
    label: 'Go to the newest row and follow',
  },
  { command: 'first', keys: ['Home'], scope: 'log', group: 'Move and select', label: 'Go to the oldest row' },
  { command: 'up', keys: ['Up'], scope: 'log', group: 'Move and select', label: 'Row above' },
  { command: 'down', keys: ['Down'], scope: 'log', group: 'Move and select', label: 'Row below' },
  { command: 'pageUp', keys: ['PageUp'], scope: 'log', group: 'Move and select', label: 'Page up' },
  { command: 'pageDown', keys: ['PageDown'], scope: 'log', group: 'Move and select', label: 'Page down' },
  { command: 'extendUp', keys: ['Shift+Up'], scope: 'log', group: 'Move and select', label: 'Extend the selection up' },
  { command: 'extendDown', keys: ['Shift+Down'], scope: 'log', group: 'Move and select', label: 'Extend it down' },
  {
    command: 'extendPageUp',
    keys: ['Shift+PageUp'],
    scope: 'log',
    group: 'Move and select',
    label: 'Extend it a page up',
  },
  {
    command: 'extendPageDown',
    keys: ['Shift+PageDown'],
    scope: 'log',
    group: 'Move and select',
    label: 'Extend it a page down',
  },
  {
    command: 'extendFirst',
    keys: ['Shift+Home'],
    scope: 'log',
    group: 'Move and select',
    label: 'Extend it to the oldest row',
  },
  {
    command: 'extendLast',
    keys: ['Shift+End'],
    scope: 'log',
    group: 'Move and select',
    label: 'Extend it to the newest row',
  },
  { command: 'textLeft', keys: ['Left'], scope: 'log', group: 'Move and select', label: 'Move long messages back' },
  {
    command: 'textRight',
    keys: ['Right'],
    scope: 'log',
    group: 'Move and select',
    label: 'Show more of long messages',
  },
  { command: 'selectAll', keys: ['Ctrl+A'], scope: 'outside-text', group: 'Move and select', label: 'Select all rows' },
  {
    command: 'copy',
    keys: ['Ctrl+C'],
    scope: 'log-unselected',
    group: 'Move and select',
    label: 'Copy the selected rows',
  },
  { command: 'goTo', keys: ['Ctrl+G'], scope: 'anywhere', group: 'Move and select', label: 'Go to an index or a time' },
  {
    command: 'escape',
    keys: ['Escape'],
    scope: 'anywhere',
    group: 'Window',
    label: 'Close the find bar, then drop the selection',
  },
  {
    command: 'toggleDetails',
    keys: ['F4', 'Ctrl+I'],
    scope: 'anywhere',
    group: 'Window',
    label: 'Details of the selected row',
  },
  { command: 'togglePanel', keys: ['F9'], scope: 'anywhere', group: 'Window', label: 'Statistics' },
  { command: 'cheatSheet', keys: ['?', 'F1'], scope: 'outside-text', group: 'Window', label: 'This sheet' },
];

/** What of a keyboard event the table looks at. */
export interface KeyPress {
  readonly key: string;
  /** Where the key is, named by what a keyboard of the United States has there: `KeyF`, `Digit1`. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** What has the focus when a key is pressed. */
export interface KeyContext {
  /** A text field is being edited. */
  readonly editing: boolean;
  /** A button, menu or other control has the focus. */
  readonly control: boolean;
  /** Text is selected on the page, outside a field. */
  readonly textSelected: boolean;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
};

/** What a key is called that gives no character by itself. */
const DEAD: ReadonlySet<string> = new Set(['Dead', 'Unidentified', 'Process']);

/**
 * The character a key stands for in the table. A letter is the one the layout has on the key, wherever that is, as long
 * as it is Latin. Where it is not (Cyrillic, Greek, Hebrew), or the key is dead, it is the one at that place of a Latin
 * keyboard; so are digits that a layout gives only with Shift (French, Czech). Punctuation stays what it is: Dvorak has
 * some where others have letters.
 */
function characterOf({ key, code, ctrlKey, metaKey, shiftKey }: KeyPress): string {
  if (!ctrlKey && !metaKey) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined && (DEAD.has(key) || (/^\p{L}/u.test(key) && key.length <= 2 && !/^[a-z]$/i.test(key))))
    return letter;
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  return digit !== undefined && !shiftKey && !/^\d$/.test(key) ? digit : key;
}

/** `Ctrl+Shift+F3`; Command counts as Ctrl. Shift is left out where it already made the character (`?`). */
export function keyName(press: KeyPress): string {
  const character = characterOf(press);
  const key = KEY_NAMES[character] ?? (character.length === 1 ? character.toUpperCase() : character);
  const shifted = press.shiftKey && (character.length > 1 || character === ' ' || /[a-z]/i.test(character));
  return `${press.ctrlKey || press.metaKey ? 'Ctrl+' : ''}${press.altKey ? 'Alt+' : ''}${shifted ? 'Shift+' : ''}${key}`;
}

const byKey = new Map(KEY_BINDINGS.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)));

function allowed(scope: KeyScope, context: KeyContext): boolean {
  switch (scope) {
    case 'anywhere':
      return true;
    case 'outside-text':
      return !context.editing;
    case 'log':
      return !context.editing && !context.control;
    case 'log-unselected':
      return !context.editing && !context.textSelected;
  }
}

/** The command for a key in a context, or null if the key is not ours there. */
export function commandFor(press: KeyPress, context: KeyContext): Command | null {
  const binding = byKey.get(keyName(press));
  return binding && allowed(binding.scope, context) ? binding.command : null;
}

/** The key shown for a command, for tooltips. */
export function keyFor(command: Command): string {
  return KEY_BINDINGS.find((binding) => binding.command === command)?.keys[0] ?? '';
}
