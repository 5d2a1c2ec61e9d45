import { describe, expect, it } from 'vitest';
import { allowed, type KeyContext, type KeyPress, type KeyScope, keyName } from './keymap.ts';

const press = (key: string, mods: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...mods,
});

describe('key map', () => {
  it('names keys as the table writes them', () => {
    expect(keyName(press('e', { ctrlKey: true }))).toBe('Ctrl+E');
    expect(keyName(press('E', { metaKey: true, shiftKey: true }))).toBe('Ctrl+Shift+E');
    expect(keyName(press('?', { shiftKey: true }))).toBe('?');
    expect(keyName(press(' '))).toBe('Space');
    expect(keyName(press('F3', { shiftKey: true }))).toBe('Shift+F3');
    expect(keyName(press('Enter', { altKey: true }))).toBe('Alt+Enter');
  });

  it('leaves a key to text that is edited or selected, and to a control, as its scope says', () => {
    const log: KeyContext = { editing: false, control: false, textSelected: false };
    const contexts = [log, { ...log, editing: true }, { ...log, control: true }, { ...log, textSelected: true }];
    const where = (scope: KeyScope) => contexts.map((context) => allowed(scope, context));
    expect(where('anywhere')).toEqual([true, true, true, true]);
    expect(where('outside-text')).toEqual([true, false, true, true]);
    expect(where('log')).toEqual([true, false, false, true]);
    expect(where('log-unselected')).toEqual([true, false, true, false]);
  });
});
