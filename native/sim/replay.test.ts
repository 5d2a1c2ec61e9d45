import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Level } from '../core/entry.ts';
import { RV } from '../core/layout.ts';
import { guessLevel, ReplayMessages, splitLines } from './replay.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('splitLines', () => {
  it('ends lines at LF or CRLF and leaves out blank ones', () => {
    const lines = splitLines(bytes('a\r\nb\n\r\n\nc\rd\r\n\ne'));
    expect(lines.map((line) => new TextDecoder().decode(line))).toEqual(['a', 'b', 'c\rd', 'e']);
    expect(splitLines(bytes(''))).toEqual([]);
    expect(splitLines(bytes('\r\n\n'))).toEqual([]);
  });

  it('cuts any file into lines that lie within it, one after the other, none of them blank', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 10, 13, 65, 255), { maxLength: 60 }), (file) => {
        const text = Uint8Array.from(file);
        let end = 0;
        for (const line of splitLines(text)) {
          expect(line.length).toBeGreaterThan(0);
          expect(line).not.toContain(10);
          expect(line.byteOffset).toBeGreaterThanOrEqual(end);
          end = line.byteOffset + line.length;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('keeps bytes that are not UTF-8', () => {
    expect(splitLines(Uint8Array.of(0xff, 0x00, 0xe4, 0x0a, 0x80))).toEqual([
      Uint8Array.of(0xff, 0x00, 0xe4),
      Uint8Array.of(0x80),
    ]);
  });
});

it.each([
  ['IRP failed with 0xC000009A', Level.Error],
  ['status 0xc0000022', Level.Error],
  ['Failure while opening', Level.Error],
  ['3 errors', Level.Error],
  ['WARNING: low memory', Level.Warning],
  ['request timed out', Level.Warning],
  ['0x80000005 more data', Level.Warning],
  ['--> DispatchCreate', Level.Trace],
  ['debug: x', Level.Trace],
  ['terrorise nothing', Level.Info],
  ['device started', Level.Info],
])('takes %j for level %i', (line, level) => {
  expect(guessLevel(line)).toBe(level);
});

it('cuts a line that does not fit the driver\u2019s buffer, and flags it and no other', () => {
  const source = new ReplayMessages(splitLines(bytes('short\nno longer!\none that is longer')), 10);
  const seen = Array.from({ length: 4 }, () => {
    const buffer = new Uint8Array(source.next());
    source.write(buffer, 0);
    return [new TextDecoder().decode(buffer), source.flags];
  });
  expect(seen).toEqual([
    ['short', 0],
    ['no longer!', 0],
    ['one that i', RV.FLAG_TRUNCATED],
    ['short', 0],
  ]);
});

it('repeats its lines in order', () => {
  const source = new ReplayMessages(splitLines(bytes('one error\ntwo')));
  const seen = Array.from({ length: 5 }, () => {
    const buffer = new Uint8Array(source.next());
    source.write(buffer, 0);
    return [new TextDecoder().decode(buffer), source.level];
  });
  expect(seen).toEqual([
    ['one error', Level.Error],
    ['two', Level.Info],
    ['one error', Level.Error],
    ['two', Level.Info],
    ['one error', Level.Error],
  ]);
});
