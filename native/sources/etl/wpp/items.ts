/**
 * Values of WPP messages: how many bytes each item type takes, and what it is. Types by the names that TMF files use
 * (defaultwpp.ini of the WDK). Nothing is read beyond the message.
 */

import { guidAt } from '../../../core/guid.ts';
import { namedCode, type StatusKind } from '../../../decode/status-names.ts';
import { fileTimeText, utf16Text } from '../../evtx/values.ts';
import { bytesOf, endOf, ip4Text, ip6Text, pointerAt } from '../event-bytes.ts';
import type { TmfItem } from './tmf.ts';

/** A value as a number or a text, and where the next one begins; null if the message ends before it does. */
export type ItemValue = { readonly value: bigint | number | string; readonly next: number } | null;

export interface ItemContext {
  readonly view: DataView;
  readonly end: number;
  readonly is32Bit: boolean;
  /** Turns text of the code page of the traced machine to a string. */
  readonly ansi: (bytes: Uint8Array) => string;
  /** Names of an enumeration. */
  readonly enumOf: (name: string) => ReadonlyMap<number, string> | undefined;
  /** Name of a status code: `STATUS_ACCESS_DENIED`; null if it has none. */
  readonly statusName: (kind: StatusKind, code: number) => string | null;
}

/** Reads the value of an item at `at`. */
export function readItem(item: TmfItem, at: number, context: ItemContext): ItemValue {
  const { view, end } = context;
  const pointerBytes = context.is32Bit ? 4 : 8;
  const fixed = (bytes: number, read: () => bigint | number | string): ItemValue =>
    at + bytes > end ? null : { value: read(), next: at + bytes };
  switch (item.type) {
    case 'ItemChar':
    case 'ItemCharSign':
      return fixed(1, () => view.getInt8(at));
    case 'ItemUChar':
    case 'ItemCharShort':
    case 'ItemCharHidden':
      return fixed(1, () => view.getUint8(at));
    case 'ItemShort':
      return fixed(2, () => view.getInt16(at, true));
    case 'ItemUShort':
      return fixed(2, () => view.getUint16(at, true));
    case 'ItemWChar':
      return fixed(2, () => String.fromCharCode(view.getUint16(at, true)));
    case 'ItemLong':
    case 'ItemULong':
    case 'ItemULongX':
      return fixed(4, () => view.getInt32(at, true));
    case 'ItemLongLong':
    case 'ItemLongLongX':
    case 'ItemLongLongXX':
    case 'ItemLongLongO':
    case 'ItemULongLong':
    case 'ItemULongLongX':
      return fixed(8, () => view.getBigInt64(at, true));
    case 'ItemPtr':
      return fixed(pointerBytes, () => pointerAt(view, at, pointerBytes));
    case 'ItemBool':
      return fixed(4, () => (view.getUint32(at, true) === 0 ? 'false' : 'true'));
    case 'ItemFloat':
      return fixed(4, () => view.getFloat32(at, true));
    case 'ItemDouble':
      return fixed(8, () => view.getFloat64(at, true));
    case 'ItemGuid':
    case 'ItemCLSID':
    case 'ItemIID':
    case 'ItemLIBID':
      return fixed(16, () => guidAt(view, at));
    case 'ItemNTSTATUS':
    case 'ItemNTerror':
    case 'ItemNDIS_STATUS':
      return fixed(4, () => status('ntstatus', view.getUint32(at, true), context));
    case 'ItemHRESULT':
      return fixed(4, () => status('hresult', view.getUint32(at, true), context));
    case 'ItemWINERROR':
      return fixed(4, () => winError(view.getUint32(at, true), context));
    case 'ItemNDIS_OID':
    case 'ItemNETEVENT':
    case 'ItemMerror':
      return fixed(4, () => `0x${hex(view.getUint32(at, true), 8)}`);
    case 'ItemIPAddr':
      return fixed(4, () => ip4Text(view, at));
    case 'ItemIPV6Addr':
      return fixed(16, () => ip6Text(view, at));
    case 'ItemPort':
      return fixed(2, () => view.getUint16(at, false));
    case 'ItemMACAddr':
      return fixed(6, () => [...bytesOf(view, at, at + 6)].map((byte) => hex(byte, 2).toUpperCase()).join('-'));
    case 'ItemChar4':
      return fixed(4, () => String.fromCharCode(...bytesOf(view, at, at + 4)).replace(/\0.*$/s, ''));
    case 'ItemTimestamp':
      return fixed(8, () => fileTimeText(view.getBigUint64(at, true)));
    case 'ItemTimeDelta':
    case 'ItemWaitTime':
      return fixed(8, () => `${(Number(view.getBigInt64(at, true)) / 1e7).toFixed(3)}s`);
    case 'ItemString':
    case 'ItemMLString':
      return ended(at, context, 1);
    case 'ItemWString':
      return ended(at, context, 2);
    case 'ItemRString':
      return oneLine(ended(at, context, 1));
    case 'ItemRWString':
      return oneLine(ended(at, context, 2));
    case 'ItemPString':
      return counted(at, context, 1);
    case 'ItemPWString':
      return counted(at, context, 2);
    // Of the directory service, whose lengths have the high byte first.
    case 'ItemDSString':
      return counted(at, context, 1, false);
    case 'ItemDSWString':
      return counted(at, context, 2, false);
    // Without a NUL and without a length: it is the last item.
    case 'ItemNWString':
      return at >= end ? null : { value: utf16Text(bytesOf(view, at, end - ((end - at) & 1))), next: end };
    case 'ItemSid':
      return sid(at, context);
    case 'ItemHexDump':
    case 'ItemHEXDump':
      return hexDump(at, context);
    default:
      return listed(item, at, context);
  }
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function status(kind: StatusKind, code: number, context: ItemContext): string {
  return namedCode(code, context.statusName(kind, code));
}

function winError(code: number, context: ItemContext): string {
  const name = context.statusName('win32', code);
  return `${code}${name === null ? '' : `(${name})`}`;
}

/** Text up to a NUL; what is cut ends with the message. */
function ended(at: number, { view, end, ansi }: ItemContext, unit: 1 | 2): ItemValue {
  if (at >= end) return null;
  const to = endOf(view, at, end, unit);
  const bytes = bytesOf(view, at, to);
  return { value: unit === 1 ? ansi(bytes) : utf16Text(bytes), next: Math.min(end, to + unit) };
}

/** A text that is asked for as one line: what breaks it are blanks, and none stand at its end. */
function oneLine(text: ItemValue): ItemValue {
  if (text === null) return null;
  return {
    value: String(text.value)
      .replace(/[\t\r\n]/g, ' ')
      .replace(/ +$/, ''),
    next: text.next,
  };
}

/** Text behind its length in bytes. */
function counted(at: number, { view, end, ansi }: ItemContext, unit: 1 | 2, lowFirst = true): ItemValue {
  if (at + 2 > end) return null;
  const length = view.getUint16(at, lowFirst);
  const next = at + 2 + length;
  if (next > end) return null;
  const bytes = bytesOf(view, at + 2, unit === 2 ? next - (length & 1) : next);
  return { value: unit === 1 ? ansi(bytes).replace(/\0+$/, '') : utf16Text(bytes), next };
}

function sid(at: number, { view, end }: ItemContext): ItemValue {
  if (at + 8 > end) return null;
  const count = view.getUint8(at + 1);
  const next = at + 8 + count * 4;
  if (count > 15 || next > end) return null;
  let text = `S-${view.getUint8(at)}-${Number(view.getBigUint64(at, false) & 0xffffffffffffn)}`;
  for (let part = 0; part < count; part++) text += `-${view.getUint32(at + 8 + part * 4, true)}`;
  return { value: text, next };
}

function hexDump(at: number, { view, end }: ItemContext): ItemValue {
  if (at + 2 > end) return null;
  const length = view.getUint16(at, true);
  const next = at + 2 + length;
  if (next > end) return null;
  const digits = [...bytesOf(view, at + 2, next)].map((byte) => hex(byte, 2));
  return { value: digits.join(' '), next };
}

const LIST_BYTES: Readonly<Record<string, number>> = { Byte: 1, Short: 2, Long: 4, LongLong: 8 };

/** `ItemListLong(a,b)`: the name of a number; `ItemSetLong(a,b)`: the names of its bits; `ItemEnum(NAME)`. */
function listed(item: TmfItem, at: number, context: ItemContext): ItemValue {
  const { view, end } = context;
  const list = /^Item(List|Set)(Byte|Short|Long|LongLong)$/.exec(item.type);
  const bytes = list ? (LIST_BYTES[list[2] as string] as number) : 4;
  const enumeration = item.type === 'ItemEnum' || item.type === 'ItemFlagsEnum';
  if ((!list && !enumeration) || at + bytes > end) return null;
  const number = bytes === 1 ? view.getUint8(at) : bytes === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
  const next = at + bytes;
  if (list?.[1] === 'Set') return { value: `[${bitNames(number, (bit) => item.values[bit]).join(',')}]`, next };
  const names = enumeration ? context.enumOf(item.values[0] ?? '') : undefined;
  if (item.type === 'ItemFlagsEnum') {
    return { value: `0x${hex(number, 8)}(${bitNames(number, (bit) => names?.get(2 ** bit)).join('|')})`, next };
  }
  const name = enumeration ? names?.get(number) : item.values[number];
  return { value: namedCode(number, name ?? null), next };
}

function bitNames(number: number, nameOf: (bit: number) => string | undefined): string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 32; bit++) if (((number >>> bit) & 1) === 1) names.push(nameOf(bit) ?? String(bit));
  return names;
}
