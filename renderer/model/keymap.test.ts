import { describe, expect, it } from 'vitest';
import { commandFor, KEY_BINDINGS, type KeyContext, type KeyPress, keyFor, keyName } from './keymap.ts';

const press = (key: string, mods: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...mods,
});
const log: KeyContext = { editing: false, control: false, textSelected: false };

describe('key map', () => {
  it('gives every key to one command only, and every command a key and a label', () => {
    const keys = KEY_BINDINGS.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(KEY_BINDINGS.map((b) => b.command)).size).toBe(KEY_BINDINGS.length);
    for (const binding of KEY_BINDINGS) {
      expect(binding.label).not.toBe('');
      expect(keyFor(binding.command)).toBe(binding.keys[0]);
    }
  });

  it('names keys as the table writes them', () => {
    expect(keyName(press('e', { ctrlKey: true }))).toBe('Ctrl+E');
    expect(keyName(press('E', { metaKey: true, shiftKey: true }))).toBe('Ctrl+Shift+E');
    expect(keyName(press('?', { shiftKey: true }))).toBe('?');
    expect(keyName(press(' '))).toBe('Space');
    expect(keyName(press('F3', { shiftKey: true }))).toBe('Shift+F3');
    expect(keyName(press('Enter', { altKey: true }))).toBe('Alt+Enter');
  });

  it("has DebugView's keys", () => {
    expect(commandFor(press('e', { ctrlKey: true }), log)).toBe('toggleCapture');
    expect(commandFor(press('x', { ctrlKey: true }), log)).toBe('clear');
    expect(commandFor(press('f', { ctrlKey: true }), log)).toBe('find');
    expect(commandFor(press('l', { ctrlKey: true }), log)).toBe('focusFilter');
    expect(commandFor(press('F3'), log)).toBe('findNext');
  });

  it('leaves editing keys to text fields', () => {
    const editing = { ...log, editing: true };
    for (const key of ['x', 'c', 'a']) expect(commandFor(press(key, { ctrlKey: true }), editing)).toBeNull();
    for (const key of [' ', 'End', 'Home', 'ArrowLeft', '?']) expect(commandFor(press(key), editing)).toBeNull();
    expect(commandFor(press('e', { ctrlKey: true }), editing)).toBe('toggleCapture');
    expect(commandFor(press('F3'), editing)).toBe('findNext');
  });

  it('leaves Space and arrows to a focused control, and Ctrl+X and Ctrl+C to selected text', () => {
    expect(commandFor(press(' '), { ...log, control: true })).toBeNull();
    expect(commandFor(press('ArrowDown'), { ...log, control: true })).toBeNull();
    expect(commandFor(press('x', { ctrlKey: true }), { ...log, textSelected: true })).toBeNull();
    expect(commandFor(press('c', { ctrlKey: true }), { ...log, textSelected: true })).toBeNull();
    expect(commandFor(press('c', { ctrlKey: true }), { ...log, control: true })).toBe('copy');
  });
});

/** What the keys of each layout give: without Shift, and with it, by the place of the key. */
const LETTERS =
  'KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL KeyZ KeyX KeyC KeyV KeyB KeyN KeyM'.split(
    ' ',
  );
const DIGITS = Array.from({ length: 10 }, (_, digit) => `Digit${digit}`);
const row = (places: readonly string[], keys: string) => new Map([...keys].map((key, at) => [places[at]!, key]));
const US_DIGITS = '0123456789';
interface Layout {
  readonly letters: Map<string, string>;
  readonly digits: Map<string, string>;
  /** Digits are there with Shift only. */
  readonly shiftedDigits: boolean;
}
const layout = (letters: string, digits = US_DIGITS): Layout => ({
  letters: row(LETTERS, letters),
  digits: row(DIGITS, digits),
  shiftedDigits: digits !== US_DIGITS,
});
const LAYOUTS: Readonly<Record<string, Layout>> = {
  'US English': layout('qwertyuiopasdfghjklzxcvbnm'),
  Russian: layout('йцукенгшщзфывапролдячсмить'),
  Ukrainian: layout('йцукенгшщзфівапролдячсмить'),
  Greek: layout(';ςερτυθιοπασδφγηξκλζχψωβνμ'),
  Hebrew: layout("/'קראטוןםפשדגכעיחלךזסבהנמצ"),
  Arabic: layout('ضصثقفغعهخحشسيبلاتنمئءؤرىة'),
  Korean: layout('ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ'),
  'French (AZERTY)': layout('azertyuiopqsdfghjklwxcvbn,', 'à&é"\'(-è_ç'),
  'Czech (QWERTZ)': layout('qwertzuiopasdfghjklyxcvbnm', 'é+ěščřžýáí'),
  Dvorak: {
    ...layout("',.pyfgcrlaoeuidhtn;qjkxbm"),
    letters: new Map([
      ...row(LETTERS, "',.pyfgcrlaoeuidhtn;qjkxbm"),
      ['Semicolon', 's'],
      ['Comma', 'w'],
      ['Period', 'v'],
    ]),
  },
  Turkish: layout('qwertyuıopasdfghjklzxcvbnm'),
};

describe.each(Object.entries(LAYOUTS))('on a keyboard that is %s', (name, { letters, digits, shiftedDigits }) => {
  const latin = (key: string) => /^[a-z]$/.test(key);
  const withControl = KEY_BINDINGS.flatMap((binding) =>
    binding.keys.filter((key) => /^Ctrl\+[A-Z0-9]$/.test(key)).map((key) => [key, binding.command] as const),
  );

  it.each(withControl)('%s does %s', (keys, command) => {
    const character = keys.slice('Ctrl+'.length);
    if (/\d/.test(character)) {
      const code = `Digit${character}`;
      expect(commandFor(press(digits.get(code)!, { code, ctrlKey: true }), log)).toBe(command);
      if (shiftedDigits)
        expect(commandFor(press(character, { code, ctrlKey: true, shiftKey: true }), log)).toBe(command);
      return;
    }
    // On the key that bears the letter, else where a Latin keyboard has it.
    const bearing = [...letters].find(([, key]) => key === character.toLowerCase());
    const [code, key] = bearing ?? [`Key${character}`, letters.get(`Key${character}`) ?? ''];
    expect(commandFor(press(key, { code, ctrlKey: true }), log)).toBe(command);
    expect(commandFor(press(key, { code, metaKey: true }), log)).toBe(command);
  });

  it('no key does what another bears, and punctuation does nothing', () => {
    for (const [code, key] of letters) {
      const named = keyName(press(key, { code, ctrlKey: true }));
      const letter = /^\p{L}/u.test(key) && !latin(key);
      expect(named, `${name} ${code}`).toBe(`Ctrl+${letter ? code.slice(3) : key.toUpperCase()}`);
    }
  });

  it('plain letters stay what they are', () => {
    for (const [code, key] of [...letters, ...digits])
      expect(commandFor(press(key, { code }), log), `${name} ${code}`).toBeNull();
  });
});

describe('keys of other layouts', () => {
  it('leave what is typed with AltGr alone', () => {
    expect(commandFor(press('ł', { code: 'KeyL', ctrlKey: true, altKey: true }), log)).toBeNull();
    expect(commandFor(press('€', { code: 'KeyE', ctrlKey: true, altKey: true }), log)).toBeNull();
  });

  it('are not taken for digits with Shift, which is another key', () => {
    expect(commandFor(press('!', { code: 'Digit1', ctrlKey: true, shiftKey: true }), log)).toBeNull();
  });

  it('work where the letter is dead or unknown', () => {
    for (const key of ['Dead', 'Unidentified', 'Process'])
      expect(commandFor(press(key, { code: 'KeyF', ctrlKey: true }), log)).toBe('find');
  });

  it('have their question mark wherever it is', () => {
    expect(commandFor(press('?', { code: 'KeyM', shiftKey: true }), log)).toBe('cheatSheet');
    expect(commandFor(press('?', { code: 'Digit7', shiftKey: true }), log)).toBe('cheatSheet');
  });
});
