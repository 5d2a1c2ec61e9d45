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
      '%0%!STDPREFIX!%11!s! %10!d! %10!04x! %% %!FUNC! %!LEVEL! %!LINE! %12!u! %13!d!',
      'a, ItemLong -- 10\nb, ItemString -- 11\nc, ItemLong -- 12',
    );
    expect(formatMessage(own, 0, context(bytes))).toBe('a 5 0005 % Go ERR 42 7 <missing>');
    // The same format again: what was made of it is used again.
    expect(formatMessage(own, 0, context(Buffer.from([6, 0, 0, 0, 0x62, 0, 8, 0, 0, 0])))).toBe(
      'b 6 0006 % Go ERR 42 8 <missing>',
    );
  });

  it('has what its source says in the places that are named for it, and a name that means nothing as it is', () => {
    const own = message('%!FILE!|%!MOD!|%!COMPNAME!|%!FLAGS!|%!TYP!|%!SPACE!|%1|%2|%!OTHER!', '');
    expect(formatMessage(own, 0, context(new Uint8Array(0)))).toBe(
      'irp.c|probe|probe|IO|irp_c42| |probe|irp.c|%!OTHER!',
    );
  });

  it('has a value of every item type that tracefmt knows', () => {
    const u32 = (value: number): Buffer => Buffer.from(new Uint32Array([value]).buffer);
    const f64 = (value: number): Buffer => Buffer.from(new Float64Array([value]).buffer);
    const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
    const guid = Buffer.from('4433221166558877' + '99aabbccddeeff00', 'hex');
    const known: readonly (readonly [string, string, Uint8Array, string])[] = [
      ['ItemChar', 'd', Buffer.from([0xff]), '-1'],
      ['ItemCharSign', 'd', Buffer.from([0xfe]), '-2'],
      ['ItemUChar', 'u', Buffer.from([0xff]), '255'],
      ['ItemCharShort', 'u', Buffer.from([7]), '7'],
      ['ItemCharHidden', 'c', Buffer.from([0x41]), 'A'],
      ['ItemShort', 'd', Buffer.from([0xff, 0xff]), '-1'],
      ['ItemUShort', 'u', Buffer.from([0xff, 0xff]), '65535'],
      ['ItemWChar', 's', wide('ж'), 'ж'],
      ['ItemLong', 'd', u32(0xffffffff), '-1'],
      ['ItemULong', 'u', u32(0xffffffff), '4294967295'],
      ['ItemULongX', '08X', u32(0xbeef), '0000BEEF'],
      ['ItemLongLong', 'I64d', Buffer.alloc(8, 0xff), '-1'],
      ['ItemULongLong', 'I64u', Buffer.alloc(8, 0xff), '18446744073709551615'],
      ['ItemLongLongX', 'I64x', Buffer.alloc(8, 0x11), '1111111111111111'],
      ['ItemLongLongXX', 'I64X', Buffer.alloc(8, 0xab), 'ABABABABABABABAB'],
      ['ItemLongLongO', 'I64o', Buffer.from([8, 0, 0, 0, 0, 0, 0, 0]), '10'],
      ['ItemBool', 's', u32(1), 'true'],
      ['ItemFloat', 's', Buffer.from(new Float32Array([1.5]).buffer), '1.5'],
      ['ItemDouble', '.2f', f64(2.25), '2.25'],
      ['ItemPtr', 'p', u32(0xbeef).subarray(0, 4), '0000BEEF'],
      ['ItemGuid', 's', guid, '11223344-5566-7788-99aa-bbccddeeff00'],
      ['ItemCLSID', 's', guid, '11223344-5566-7788-99aa-bbccddeeff00'],
      ['ItemIID', 's', guid, '11223344-5566-7788-99aa-bbccddeeff00'],
      ['ItemLIBID', 's', guid, '11223344-5566-7788-99aa-bbccddeeff00'],
      ['ItemNTSTATUS', 's', u32(0xc0000022), '0xc0000022(NTSTATUS)'],
      ['ItemNTerror', 's', u32(0xc0000022), '0xc0000022(NTSTATUS)'],
      ['ItemNDIS_STATUS', 's', u32(0xc0010004), '0xc0010004(NTSTATUS)'],
      ['ItemHRESULT', 's', u32(0x80070005), '0x80070005(HRESULT)'],
      ['ItemWINERROR', 's', u32(5), '5(WIN32)'],
      ['ItemNDIS_OID', 's', u32(0x00010101), '0x00010101'],
      ['ItemNETEVENT', 's', u32(0x4001), '0x00004001'],
      ['ItemMerror', 's', u32(0x20), '0x00000020'],
      ['ItemIPAddr', 's', Buffer.from([10, 0, 0, 1]), '10.0.0.1'],
      ['ItemIPV6Addr', 's', Buffer.from('20010db8000000000000000000000001', 'hex'), '2001:db8:0:0:0:0:0:1'],
      ['ItemMACAddr', 's', Buffer.from([1, 2, 3, 0xaa, 0xbb, 0xcc]), '01-02-03-AA-BB-CC'],
      ['ItemPort', 'd', Buffer.from([1, 0xbb]), '443'],
      ['ItemChar4', 's', Buffer.from('Irp\0'), 'Irp'],
      [
        'ItemTimestamp',
        's',
        Buffer.from(new BigUint64Array([132_223_104_000_000_000n]).buffer),
        '2020-01-01T00:00:00.000000000Z',
      ],
      ['ItemTimeDelta', 's', Buffer.from(new BigUint64Array([50_000_000n]).buffer), '5.000s'],
      ['ItemWaitTime', 's', Buffer.from(new BigUint64Array([15_000_000n]).buffer), '1.500s'],
      ['ItemString', 's', Buffer.from('ansi\0'), 'ansi'],
      ['ItemMLString', 's', Buffer.from('a\nb\0'), 'a\nb'],
      ['ItemRString', 's', Buffer.from('a\nb\r\n\0'), 'a b'],
      ['ItemWString', 's', wide('wide\0'), 'wide'],
      ['ItemRWString', 's', wide('a\tb \0'), 'a b'],
      ['ItemPString', 's', Buffer.from('\x03\0abc'), 'abc'],
      ['ItemPWString', 's', Buffer.concat([Buffer.from([4, 0]), wide('ab')]), 'ab'],
      ['ItemDSString', 's', Buffer.from('\0\x03abc'), 'abc'],
      ['ItemDSWString', 's', Buffer.concat([Buffer.from([0, 4]), wide('ab')]), 'ab'],
      ['ItemSid', 's', Buffer.from('010100000000000512000000', 'hex'), 'S-1-5-18'],
      ['ItemHexDump', 's', Buffer.from([2, 0, 0xaa, 1]), 'aa 01'],
      ['ItemHEXDump', 's', Buffer.from([1, 0, 0xff]), 'ff'],
      ['ItemListByte(low,high)', 's', Buffer.from([1]), '0x00000001(high)'],
      ['ItemListShort(low,high)', 's', Buffer.from([0, 0]), '0x00000000(low)'],
      ['ItemListLong(low,high)', 's', u32(7), '0x00000007'],
      ['ItemSetByte(a,b)', 's', Buffer.from([3]), '[a,b]'],
      ['ItemSetShort(a,b)', 's', Buffer.from([2, 0]), '[b]'],
      ['ItemSetLong(a,b)', 's', u32(1), '[a]'],
      ['ItemEnum(E)', 's', u32(2), '0x00000002(two)'],
      ['ItemFlagsEnum(E)', 's', u32(2), '0x00000002(two)'],
      // It has no end of its own, so it is the last one.
      ['ItemNWString', 's', wide('rest'), 'rest'],
    ];
    const own = message(
      known.map(([, spec], place) => `%${place + 10}!${spec}!`).join('|'),
      known.map(([type], place) => `v, ${type} -- ${place + 10}`).join('\n'),
    );
    const names = { ntstatus: 'NTSTATUS', hresult: 'HRESULT', win32: 'WIN32' };
    const enumeration = new Map([[2, 'two']]);
    const text = formatMessage(own, 0, {
      ...context(Buffer.concat(known.map(([, , bytes]) => bytes))),
      is32Bit: true,
      enumOf: () => enumeration,
      statusName: (kind) => names[kind],
    });
    expect(text.split('|')).toEqual(known.map(([, , , said]) => said));
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
