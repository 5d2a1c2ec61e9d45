import { expect, it } from 'vitest';
import { EVENT_TYPE } from '../../../native/core/events.ts';
import { decodeUtf8, encodeUtf8, payloadPreview, payloadText } from './text.ts';

function payload(words: readonly number[], text = ''): Uint8Array {
  const name = encodeUtf8(text);
  const bytes = new Uint8Array(words.length * 4 + name.length);
  words.forEach((word, at) => {
    new DataView(bytes.buffer).setUint32(at * 4, word, true);
  });
  bytes.set(name, words.length * 4);
  return bytes;
}

it.each([
  [EVENT_TYPE.PROCESS, payload([1, 5, 6, 6, 9, 0], 'C:\\\u00e4.exe'), 'process 5 started: C:\\\u00e4.exe (parent 6)'],
  [EVENT_TYPE.PROCESS, payload([1, 5, 6, 7, 0, 0]), 'process 5 started (parent 6, created by 7)'],
  [EVENT_TYPE.PROCESS, payload([2, 5, 0, 9, 0, 0]), 'process 5 ended'],
  [
    EVENT_TYPE.PROCESS,
    payload([1, 5, 6, 7, 5, 56, 1, 0, 0, 8, 12, 0, 0, 0], 'a.exea.exe /x'),
    'process 5 started: a.exe (parent 6, created by 7, session 1), command line: a.exe /x',
  ],
  [
    EVENT_TYPE.PROCESS,
    payload([3, 5, 6, 0, 5, 56, 0, 8, 0, 0, 0, 0, 0, 0], 'a.exe'),
    'process 5 is running: a.exe (parent 6, session 0)',
  ],
  [
    EVENT_TYPE.PROCESS,
    payload([2, 5, 0, 0, 0, 56, 0xffffffff, 16, 0xc0000005, 0, 0, 0, 0, 0]),
    'process 5 ended with 0xc0000005',
  ],
  [EVENT_TYPE.THREAD, payload([1, 5, 8, 5]), 'thread 8 of process 5 started'],
  [EVENT_TYPE.THREAD, payload([1, 5, 8, 9]), 'thread 8 of process 5 started, from process 9'],
  [EVENT_TYPE.THREAD, payload([2, 5, 8, 9]), 'thread 8 of process 5 ended'],
  [
    EVENT_TYPE.IMAGE,
    payload([1, 0, 0x1000, 0xfffff800, 65536, 0, 5, 0], 'n.sys'),
    'n.sys loaded into the kernel at 0xfffff80000001000, 65536 bytes',
  ],
  [
    EVENT_TYPE.IMAGE,
    payload([3, 0, 0x1000, 0xfffff800, 65536, 0, 5, 48, 2, 0, 0, 0], 'n.sys'),
    'image n.sys running at the begin of the trace in the kernel at 0xfffff80000001000, 65536 bytes',
  ],
  [EVENT_TYPE.IMAGE, payload([1, 5, 0, 1, 1, 0, 0, 0]), 'image loaded into process 5 at 0x100000000, 1 bytes'],
])('an event of type %i is told in words', (type, bytes, words) => {
  expect(payloadText(type, bytes)).toBe(words);
  expect(payloadPreview(type, bytes, 1024)).toEqual({ text: words, cut: false });
});

it('bytes that are no event, and types of drivers, stay bytes', () => {
  expect(payloadText(EVENT_TYPE.PROCESS, new Uint8Array([1, 2]))).toBe('0x0102');
  expect(payloadText(EVENT_TYPE.RESERVED, new Uint8Array([1, 2]))).toBe('0x0102');
  expect(payloadText(0xff7f, new Uint8Array([1, 2]))).toBe('0x0102');
  expect(payloadText(7, new Uint8Array([1, 2]))).toBe('0x0102');
  expect(decodeUtf8(new Uint8Array(0))).toBe('');
});
