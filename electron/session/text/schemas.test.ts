import { afterEach, describe, expect, it } from 'vitest';
import { EVENT_TYPE } from '../../../native/core/events.ts';
import { knownNames, typeNameOf } from '../../contract/filter/known-names.ts';
import { recordDetails, schemaTypes, setSchemas } from './schemas.ts';
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
  [
    EVENT_TYPE.IMAGE,
    payload([3, 0, 0x1000, 0xfffff800, 65536, 0, 5, 48, 2, 0, 0, 0], 'n.sys'),
    'image n.sys running at the begin of the trace in the kernel at 0xfffff80000001000, 65536 bytes',
  ],
  [EVENT_TYPE.THREAD, payload([1, 5, 8, 5]), 'thread 8 of process 5 started'],
  [EVENT_TYPE.THREAD, payload([1, 5, 8, 9]), 'thread 8 of process 5 started, from process 9'],
  [EVENT_TYPE.THREAD, payload([2, 5, 8, 9]), 'thread 8 of process 5 ended'],
  [
    EVENT_TYPE.IMAGE,
    payload([1, 0, 0x1000, 0xfffff800, 65536, 0, 5, 0], 'n.sys'),
    'n.sys loaded into the kernel at 0xfffff80000001000, 65536 bytes',
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

/** A payload of network events: 72 bytes, then a path. */
function network(more: (view: DataView, bytes: Uint8Array) => void, path = ''): Uint8Array {
  const name = encodeUtf8(path);
  const bytes = new Uint8Array(72 + name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 1, true);
  view.setUint32(4, 44, true);
  view.setUint16(8, 6, true);
  view.setUint16(10, 4, true);
  view.setUint16(12, 50_000, true);
  view.setUint16(14, 443, true);
  bytes.set([10, 0, 0, 1], 16);
  bytes.set([93, 184, 216, 34], 32);
  view.setUint32(68, name.length, true);
  bytes.set(name, 72);
  more(view, bytes);
  return bytes;
}

describe('what the kernel does for others', () => {
  it.each<[number, Uint8Array, string]>([
    [
      0xff06,
      network(() => undefined, 'C:\\curl.exe'),
      'TCP connect 10.0.0.1 port 50000 -> 93.184.216.34 port 443, process 44 C:\\curl.exe',
    ],
    [0xff06, network((view) => view.setUint32(0, 4, true)), 'TCP listen on 10.0.0.1 port 50000, process 44'],
    [
      0xff06,
      network((view, bytes) => {
        view.setUint16(10, 6, true);
        view.setBigUint64(56, 1_500_000n, true);
        view.setUint32(0, 3, true);
        bytes.fill(0, 16, 48);
        bytes[31] = 1;
        bytes[47] = 1;
      }),
      'TCP close ::1 port 50000 -> ::1 port 443 after 1.5ms, process 44',
    ],
    [
      0xff04,
      payload([8, 0, 1500, 0, 0, 0, 2, 1, 4, 0, 3, 2], 'KeyVa'),
      'registry set_value Key, value Va, REG_SZ of 4 bytes: STATUS_SUCCESS in 1.5us',
    ],
    [0xff04, payload([2, 0, 0, 0, 0, 0, 2, 0, 0, 4, 3, 0], 'Key'), 'registry open_key Key, end not seen'],
    [
      0xff05,
      payload([1, 0xc0000022, 1, 700, 0, 0x1fffff, 0, 0, 0, 0]),
      'handle open of process 700, access 0x0 of 0x1fffff: STATUS_ACCESS_DENIED',
    ],
    [
      0xff07,
      payload([2, 0, 2000, 0, 0, 0, 16, 0, 512, 0, 0, 0, 0, 0, 3, 0], 'a.b'),
      'file read a.b, 512 bytes at 0x10: STATUS_SUCCESS in 2us',
    ],
  ])('%i', (type, bytes, words) => {
    expect(payloadText(type, bytes)).toBe(words);
  });
});

describe('a schema that was added', () => {
  const text = JSON.stringify({
    ringview_schema: 1,
    name: 'mine',
    types: {
      16: {
        name: 'request',
        message: 'request {id}[ of {who.name}]',
        fields: [
          { name: 'id', type: 'u16', description: 'counts up' },
          { name: 'pid', type: 'u8' },
          { name: 'who', type: 'struct', fields: [{ name: 'name', type: 'utf8', until: 'end' }] },
        ],
      },
    },
  });
  afterEach(() => setSchemas([]));

  it('gives its type words, names and fields, until it is taken away', () => {
    expect(payloadText(16, Uint8Array.of(1, 2, 3, 97))).toBe('0x01020361');
    expect(recordDetails(16, Uint8Array.of(1, 2, 3))).toBeNull();
    expect(setSchemas([text]).ok).toBe(true);
    expect(payloadText(16, Uint8Array.of(1, 2, 3, 97))).toBe('request 513 of a');
    expect(payloadPreview(16, encodeUtf8(`xxx${'y'.repeat(3000)}`), 1024)).toMatchObject({ cut: true });
    expect(recordDetails(16, Uint8Array.of(1, 2, 3, 97))).toEqual({
      type: 'request',
      more: 0,
      misfit: null,
      fields: [
        {
          name: 'id',
          value: '513',
          meaning: '',
          description: 'counts up',
          offset: 0,
          bytes: 2,
          depth: 0,
          absent: false,
          term: 'id',
          column: 'request.id',
        },
        // `pid:` is that of the row.
        {
          name: 'pid',
          value: '3',
          meaning: '',
          description: '',
          offset: 2,
          bytes: 1,
          depth: 0,
          absent: false,
          term: 'request.pid',
          column: 'request.pid',
        },
        {
          name: 'who',
          value: '',
          meaning: '',
          description: '',
          offset: 3,
          bytes: 1,
          depth: 0,
          absent: false,
          term: null,
          column: null,
        },
        {
          name: 'name',
          value: 'a',
          meaning: '',
          description: '',
          offset: 3,
          bytes: 1,
          depth: 1,
          absent: false,
          term: 'who.name',
          column: 'request.who.name',
        },
      ],
    });
    expect([...knownNames().fields].filter((name) => !name.includes('.') || name.startsWith('request'))).toEqual([
      'request.id',
      'id',
      'request.pid',
      'request.who.name',
    ]);
    expect(typeNameOf(16)).toBe('request');
    setSchemas([]);
    expect(payloadText(16, Uint8Array.of(1, 2, 3, 97))).toBe('0x01020361');
    expect(typeNameOf(16)).toBeUndefined();
  });

  it('that does not fit a payload leaves its bytes as they are, and says where', () => {
    setSchemas([text]);
    expect(payloadText(16, Uint8Array.of(1))).toBe('0x01');
    expect(recordDetails(16, Uint8Array.of(1))).toEqual({
      type: 'request',
      fields: [],
      more: 0,
      misfit: 'id at offset 0: 2 bytes are needed, 1 is left',
    });
  });

  it('is refused with what is wrong, and what was in use stays so', () => {
    setSchemas([text]);
    expect(setSchemas(['{}'])).toMatchObject({ ok: false });
    expect(setSchemas([text, text])).toMatchObject({
      ok: false,
      failure: { message: "The type 16 of 'mine' is described by 'mine' already" },
    });
    expect(payloadText(16, Uint8Array.of(1, 2, 3))).toBe('request 513');
  });

  it("cannot take the place of one of RingView's own", () => {
    expect(setSchemas([text.replace('"16"', '"0xff01"')])).toMatchObject({ ok: false });
    expect(schemaTypes().map(({ name }) => name)).toEqual([
      'process',
      'thread',
      'image',
      'registry',
      'handle',
      'network',
      'file',
    ]);
  });
});
