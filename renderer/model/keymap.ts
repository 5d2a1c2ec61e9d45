/**
 * What a key press is called, and whether it may act where it was pressed. Keys are named for a Latin keyboard, and work
 * on any (characterOf). Which command a key stands for is in store/commands.ts.
 */

/**
 * Where a key may act:
 * - `anywhere`: also while a text is edited
 * - `outside-text`: not while a text field has the focus
 * - `log`: only where no control of its own would take the key (the table, or nothing, has the focus)
 * - `log-unselected`: as `log` or on a control, but not while text is edited or selected for copying
 */
export type KeyScope = 'anywhere' | 'outside-text' | 'log' | 'log-unselected';

export interface KeyBinding {
  /** In the form `Ctrl+Shift+K`; the first is the one shown. */
  readonly keys: readonly string[];
  readonly scope: KeyScope;
}

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
 * Places of a Latin keyboard's letters where a Hebrew one has punctuation, which no Latin layout has there: they are
 * those letters all the same.
 */
const PUNCTUATED: Readonly<Record<string, string>> = { KeyQ: '/', KeyW: "'" };

/**
 * The character a key stands for in the table. A letter is the one the layout has on the key, wherever that is, as long
 * as it is Latin. Where it is not (Cyrillic, Greek, Hebrew), or the key is dead, it is the one at that place of a Latin
 * keyboard; so are digits that a layout gives only with Shift (French, Czech). Other punctuation stays what it is: Dvorak
 * has some where others have letters.
 */
function characterOf({ key, code, ctrlKey, metaKey, shiftKey }: KeyPress): string {
  if (!ctrlKey && !metaKey) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (
    letter !== undefined &&
    (DEAD.has(key) || PUNCTUATED[code] === key || (/^\p{L}/u.test(key) && key.length <= 2 && !/^[a-z]$/i.test(key)))
  )
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

/** Whether a key of this scope may act in a context. */
export function allowed(scope: KeyScope, context: KeyContext): boolean {
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
