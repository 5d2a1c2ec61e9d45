import { describe, expect, it } from 'vitest';
import { parseDebugBuffer, toUtf8 } from './debug-text.ts';

function buffer(pid: number, text: string, bytes = 4096): Uint8Array {
  const section = new Uint8Array(bytes).fill(0x78);
  new DataView(section.buffer).setUint32(0, pid, true);
  section.set(Buffer.from(`${text}\0`, 'latin1').subarray(0, bytes - 4), 4);
  return section;
}

const say = (text: string) => Buffer.from(parseDebugBuffer(buffer(1, text)).text).toString('latin1');

describe('a message of the debug output', () => {
  it('is a process and a text up to its NUL', () => {
    expect(parseDebugBuffer(buffer(4711, 'hello')).pid).toBe(4711);
    expect(say('hello')).toBe('hello');
    expect(say('')).toBe('');
  });

  it('loses the one line break that ends it', () => {
    expect(['a\n', 'a\r\n', 'a\n\n', 'a\nb', '\n', '\r\n'].map(say)).toEqual(['a', 'a', 'a\n', 'a\nb', '', '']);
  });

  it('may fill the buffer without a NUL', () => {
    const full = new Uint8Array(16).fill(0x61);
    expect(parseDebugBuffer(full).text.length).toBe(12);
  });

  it('asks to clear by its exact text only', () => {
    const clear = (text: string) => parseDebugBuffer(buffer(1, text)).clear;
    expect(['DBGVIEWCLEAR', 'DBGVIEWCLEAR\n', 'DBGVIEWCLEARED', 'DBGVIEWCLEA', 'dbgviewclear', ''].map(clear)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('its text', () => {
  const never = () => expect.unreachable('converted');

  it('stays what it is if it is ASCII or UTF-8 already', () => {
    for (const text of ['plain', 'größer €']) {
      const bytes = new TextEncoder().encode(text);
      expect(toUtf8(bytes, never)).toBe(bytes);
    }
  });

  it('is converted from the code page otherwise, or kept if that fails', () => {
    const ansi = Uint8Array.of(0x67, 0xf6, 0x21);
    const converted = new TextEncoder().encode('gö!');
    expect(toUtf8(ansi, () => converted)).toBe(converted);
    expect(toUtf8(ansi, () => null)).toBe(ansi);
  });
});
