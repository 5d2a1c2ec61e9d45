import { describe, expect, it } from 'vitest';
import { commandFor, KEY_BINDINGS, type KeyContext, type KeyPress, keyFor, keyName } from './keymap.ts';

const press = (key: string, mods: Partial<KeyPress> = {}): KeyPress => ({
  key,
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
