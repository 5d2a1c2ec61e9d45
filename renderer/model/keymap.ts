/**
 * The name of a key press, and whether it may act where it was pressed. Keys are named as on a Latin keyboard and work
 * on any keyboard (characterOf). Which command a key stands for is in store/commands.ts.
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
  /** In the form `Ctrl+Shift+K`; the first is shown to people. */
  readonly keys: readonly string[];
  readonly scope: KeyScope;
}

/** The properties of a keyboard event that are used. */
export interface KeyPress {
  readonly key: string;
  /** The key's place, named after what a US keyboard has there: `KeyF`, `Digit1`. */
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

/** Values of `key` for keys that give no character by themselves. */
const DEAD: ReadonlySet<string> = new Set(['Dead', 'Unidentified', 'Process']);

/**
 * Letter keys of a Latin keyboard on which a Hebrew layout has punctuation that no Latin layout has there. They count
 * as those letters.
 */
const PUNCTUATED: Readonly<Record<string, string>> = { KeyQ: '/', KeyW: "'" };

/**
 * The character that a key stands for. A Latin letter counts as the layout has it, wherever its key is. If the layout
 * has no Latin letter on the key (Cyrillic, Greek, Hebrew), or it is a dead key, the letter at that place of a US
 * keyboard counts; the same holds for digits that a layout gives only with Shift (French, Czech). Other punctuation
 * counts as itself, because layouts such as Dvorak have it where others have letters.
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

/** `Ctrl+Shift+F3`; Command counts as Ctrl. Shift is left out if it already changed the character (`?`). */
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
