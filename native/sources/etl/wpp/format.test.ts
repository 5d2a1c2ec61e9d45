/** WPP messages by their format: what a printf of the system makes of each value, and what a hostile format may cost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMessage, formatted } from './format.ts';
import type { ItemContext } from './items.ts';
import { readTmf, TmfTable } from './tmf.ts';

const GUID = '9b93a332-c452-3e71-64f7-55130c7de2e4';

function message(format: string, items: string): NonNullable<ReturnType<TmfTable['find']>> {
  const table = new TmfTable();
  readTmf(
    `${GUID} probe // SRC=irp.c\n#typev irp_c42 10 "${format}" // FUNC=Go FLAGS=IO LEVEL=ERR\n{\n${items}\n}\n`,
    table,
  );
  const found = table.find(GUID, 10);
  if (found === null) throw new Error('the format is no format');
  return found;
}

function context(bytes: Uint8Array): ItemContext {
  return {
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    end: bytes.length,
    is32Bit: false,
    ansi: (text) => new TextDecoder('windows-1252').decode(text),
    enumOf: () => undefined,
    statusName: () => null,
  };
}

describe('a WPP message', () => {
  it('has its values in the order of their numbers, wherever the format has them, and names of its source', () => {
    const bytes = Buffer.from([5, 0, 0, 0, 0x61, 0, 7, 0, 0, 0]);
    const own = message(
      '%11!s! %10!d! %10!04x! %% %!FUNC! %!LEVEL! %!LINE! %12!u! %13!d!',
      'a, ItemLong -- 10\nb, ItemString -- 11\nc, ItemLong -- 12',
    );
    expect(formatMessage(own, 0, context(bytes))).toBe('a 5 0005 % Go ERR 42 7 <missing>');
    // The same format again: what was made of it is used again.
    expect(formatMessage(own, 0, context(Buffer.from([6, 0, 0, 0, 0x62, 0, 8, 0, 0, 0])))).toBe(
      'b 6 0006 % Go ERR 42 8 <missing>',
    );
  });

  it('that takes one long value many times is cut, and no text of gigabytes is made', () => {
    const bytes = Buffer.alloc(60_000, 0x61);
    const own = message('%10!s!'.repeat(2000), 'a, ItemString -- 10');
    const text = formatMessage(own, 0, context(bytes));
    expect(text.length).toBeGreaterThan(60_000);
    expect(text.length).toBeLessThan(400_000);
  });

  it('has the same digits for a word by the quick way as by the plain one, which a precision takes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer(), fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31))),
        fc.constantFrom('', 'I64', 'll', 'l', 'h'),
        fc.constantFrom(...'diuxXo'),
        (value, size, kind) => {
          expect(formatted(value, `${size}${kind}`, false)).toBe(formatted(value, `.0${size}${kind}`, false));
        },
      ),
    );
  });

  it('has numbers as printf has them', () => {
    expect(formatted(-5, '5d', false)).toBe('   -5');
    expect(formatted(-5, '05d', false)).toBe('-0005');
    expect(formatted(-5, '-5d', false)).toBe('-5   ');
    expect(formatted(255, '#x', false)).toBe('0xff');
    expect(formatted(255, '08I64X', false)).toBe('000000FF');
    expect(formatted('text', '.2s', false)).toBe('te');
    expect(formatted(65, 'c', false)).toBe('A');
    expect(formatted(16n, 'p', true)).toBe('00000010');
    expect(formatted('x', 'nonsense', false)).toBe('x');
  });
});
