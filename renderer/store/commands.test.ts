/** Every command has its keys and its words, and a key does the same on every keyboard. */

import { describe, expect, it } from 'vitest';
import { DEFAULT_OUTPUT } from '../../electron/contract/output.ts';
import { type KeyContext, type KeyPress, keyName } from '../model/keymap.ts';
import { ROW_PX } from '../model/scroll.ts';
import { startFixture } from '../test/app-fixture.ts';
import { rowAt } from '../test/log.ts';
import { COMMAND_NAMES, COMMANDS, type Command, commandFor, isPossible, keyFor, repeats, tip } from './commands.ts';

/** What is chosen for all copies and exports, and times as the table shows them. */
const OUTPUT = { ...DEFAULT_OUTPUT, times: { kind: 'elapsed', digits: 'us', delta: 'row' } };

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

describe('the table of commands', () => {
  it('gives every key to one command only, and every command a key and a label', () => {
    const keys = COMMAND_NAMES.flatMap((command) => COMMANDS[command].keys);
    expect(new Set(keys).size).toBe(keys.length);
    for (const command of COMMAND_NAMES) {
      const { label, keys } = COMMANDS[command];
      expect(label).not.toBe('');
      expect(keys.length).toBeGreaterThan(0);
      expect(keyFor(command)).toBe(keys[0]);
      expect(tip(command)).toBe(`${label} (${keys[0]})`);
    }
  });

  it("has DebugView's keys", () => {
    expect(commandFor(press('e', { ctrlKey: true }), log)).toBe('toggleCapture');
    expect(commandFor(press('x', { ctrlKey: true }), log)).toBe('clear');
    expect(commandFor(press('f', { ctrlKey: true }), log)).toBe('find');
    expect(commandFor(press('l', { ctrlKey: true }), log)).toBe('focusFilter');
    expect(commandFor(press('F3'), log)).toBe('findNext');
  });

  it('goes on moving while a key is held, and switches nothing on and off by that', () => {
    for (const command of [
      'down',
      'pageUp',
      'extendDown',
      'findNext',
      'nextBookmark',
      'undoFilter',
      'nextView',
    ] as const)
      expect(repeats(command)).toBe(true);
    for (const command of COMMAND_NAMES.filter((name) => /^toggle|^pane|^close|^new[SV]|ookmarks?$/.test(name)))
      expect(repeats(command), command).toBe(/^(next|previous)B/.test(command));
    for (const command of ['clear', 'retention', 'sessions', 'cheatSheet', 'escape', 'exportShown'] as const)
      expect(repeats(command), command).toBe(false);
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
      ['Slash', 'z'],
    ]),
  },
  Turkish: layout('qwertyuıopasdfghjklzxcvbnm'),
};

describe.each(Object.entries(LAYOUTS))('on a keyboard that is %s', (name, { letters, digits, shiftedDigits }) => {
  const latin = (key: string) => /^[a-z]$/.test(key);
  const withControl = COMMAND_NAMES.flatMap((command) =>
    COMMANDS[command].keys.filter((key) => /^Ctrl\+[A-Z0-9]$/.test(key)).map((key) => [key, command] as const),
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
      const letter = (/^\p{L}/u.test(key) && !latin(key)) || (name === 'Hebrew' && ["'", '/'].includes(key));
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

/** What each command does that another test does not show. */
describe('a command', () => {
  it('says when it would do nothing', async () => {
    const { page, app, command, run } = await startFixture({ rows: 10 });
    const asked: Command[] = ['copy', 'rowMenu', 'undoFilter', 'redoFilter', 'showEverything', 'nextView', 'find'];
    const possible = () => asked.filter((each) => isPossible(each, { page, app }));
    expect(possible()).toEqual(['rowMenu', 'find']);
    command('selectAll');
    expect(possible()).toEqual(['copy', 'rowMenu', 'find']);
    command('escape');
    command('toggleError');
    await run();
    expect(possible()).toEqual(['rowMenu', 'undoFilter', 'showEverything', 'find']);
    command('undoFilter');
    await run();
    expect(possible()).toEqual(['rowMenu', 'redoFilter', 'find']);
    command('newView');
    await run();
    expect(possible()).toEqual(['rowMenu', 'redoFilter', 'nextView', 'find']);
  });

  it.each<[Command, 'filter' | 'source' | 'find']>([
    ['focusFilter', 'filter'],
    ['focusSource', 'source'],
    ['find', 'find'],
  ])('%s puts the cursor into the %s box', async (command, box) => {
    const { page, app } = await startFixture({ rows: 10 });
    const focused: string[] = [];
    COMMANDS[command].run({ page, app, focus: (each) => focused.push(each) });
    expect(focused).toEqual([box]);
    expect(app.find.store.getState().open).toBe(command === 'find');
  });

  it.each<[Command, number]>([
    ['toggleError', 0],
    ['toggleWarning', 1],
    ['toggleInfo', 2],
    ['toggleTrace', 3],
    ['toggleOther', 4],
  ])('%s hides its level and shows it again', async (command, level) => {
    const fixture = await startFixture({ rows: 10 });
    const hidden = () => fixture.app.filter.store.getState().applied.hiddenLevels;
    fixture.command(command);
    await fixture.run();
    expect(hidden()).toEqual([level]);
    fixture.command(command);
    await fixture.run();
    expect(hidden()).toEqual([]);
  });

  it('moves the selection by rows and pages, and extends it by Shift', async () => {
    const { app, command, run } = await startFixture({ rows: 1000 });
    const selected = () => {
      const { selection } = app.view.store.getState();
      return [selection?.anchor.position, selection?.focus.position];
    };
    const following = async (...commands: Command[]) => {
      for (const each of commands) {
        command(each);
        await run();
      }
      return selected();
    };
    app.selectAt(500, false);
    expect(await following('down', 'down', 'up')).toEqual([501, 501]);
    expect(await following('extendDown', 'extendDown', 'extendUp')).toEqual([501, 502]);
    const [, page] = await following('pageDown');
    expect(page).toBeGreaterThan(502 + 20);
    expect(await following('pageUp')).toEqual([502, 502]);
    expect(await following('extendPageDown', 'extendPageUp')).toEqual([502, 502]);
    expect(await following('extendFirst')).toEqual([502, 0]);
    expect(await following('extendLast')).toEqual([502, 999]);
    expect(await following('selectAll')).toEqual([0, 999]);
  });

  it('pauses, follows, goes to the oldest row, and clears', async () => {
    const fixture = await startFixture({ rows: 1000 });
    const state = fixture.app.view.store.getState;
    const following = async (command: Command) => {
      fixture.command(command);
      await fixture.run();
      return state();
    };
    expect(await following('togglePause')).toMatchObject({ paused: true, follow: true });
    fixture.program.append(10);
    expect(await following('first')).toMatchObject({ top: 0, follow: false, end: 1000, heldBack: 10 });
    expect(await following('togglePause')).toMatchObject({ paused: false, end: 1010 });
    expect(await following('follow')).toMatchObject({ follow: true });
    expect(await following('clear')).toMatchObject({ sessionRows: 0, end: 0 });
  });

  it('copies and exports what is selected and shown, and goes from match to match', async () => {
    const { app, command, program, calls, run } = await startFixture({ rows: 1000 });
    // A row that is out of sight is not gone on from.
    command('first');
    app.selectAt(5, false);
    command('copy');
    await run();
    expect(program.clipboard).toContain(rowAt(5).text);
    // A table says which columns it shows; what the clipboard does not know of them is left out.
    app.reading.setColumns(['index', 'another', 'message']);
    command('copy');
    await run();
    expect(program.clipboard?.split('\t').map((cell) => cell.trim())).toEqual([
      ...[String(rowAt(5).index), rowAt(5).text],
    ]);
    command('exportShown');
    await run();
    expect(calls('view.export')).toEqual([
      { view: 1, scope: 'filtered', range: null, format: 'text', options: OUTPUT },
    ]);
    app.find.setPattern('watchdog');
    const selected = () => app.view.store.getState().selection?.focus.position ?? -1;
    const hits: number[] = [];
    for (const each of ['findNext', 'findNext', 'findPrevious'] as const) {
      command(each);
      await run();
      hits.push(selected());
    }
    const rows = Array.from({ length: 1000 }, (_, row) => row).filter((row) => rowAt(row).text.startsWith('watchdog'));
    const after = rows.filter((row) => row > 5);
    expect(hits).toEqual([after[0], after[1], after[0]]);
    app.view.scrollTo(500 * ROW_PX);
    await run();
    command('findNext');
    await run();
    expect(selected()).toBe(rows.find((row) => row >= 500));
    command('escape');
    expect(app.find.store.getState().open).toBe(false);
    command('escape');
    expect(app.view.store.getState().selection).toBeNull();
    command('toggleCapture');
    await run();
    expect(app.status.store.getState().status?.capturing).toBe(false);
    command('toggleError');
    command('showEverything');
    await run();
    expect(app.filter.store.getState().applied.hiddenLevels).toEqual([]);
  });

  it('opens and closes what stands around the log', async () => {
    const { app, command } = await startFixture({ rows: 10 });
    const ui = () => app.ui.store.getState();
    for (const each of ['pane.statistics', 'cheatSheet', 'goTo'] as const) command(each);
    expect(ui()).toMatchObject({ pane: 'statistics', sheet: true, goTo: true });
    command('retention');
    expect(ui()).toMatchObject({ pane: 'statistics', retention: true, sheet: false });
  });

  it('moves long messages sideways as far as a table allows', async () => {
    const { app, command } = await startFixture({ rows: 10 });
    const shift = () => app.reading.store.getState().shift;
    app.reading.limitShift(() => 40);
    for (const expected of [16, 32, 40]) {
      command('textRight');
      expect(shift()).toBe(expected);
    }
    command('textLeft');
    expect(shift()).toBe(24);
  });

  it('opens sessions and views, goes round them, and closes them', async () => {
    const { page, command, run } = await startFixture({ rows: 10 });
    const looked = () => page.active()?.look;
    const following = async (each: Command) => {
      command(each);
      await run();
      return looked();
    };
    expect(await following('newView')).toEqual({ session: 1, view: 2 });
    expect(await following('newSession')).toEqual({ session: 2, view: 3 });
    expect(await following('nextView')).toEqual({ session: 1, view: 1 });
    expect(await following('previousView')).toEqual({ session: 2, view: 3 });
    expect(await following('closeView')).toEqual({ session: 1, view: 2 });
  });
});
