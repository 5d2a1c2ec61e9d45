/**
 * How a manifest or TraceLogging wants a value to be shown: the outType of a field. Numbers: TDH_OUTTYPE of tdh.h; names: the
 * schema of manifests. Pure.
 */
import { namedCode, type StatusKind, statusName } from '../../decode/status-names.ts';
import { ip4Text, ip6Text } from '../etl/event-bytes.ts';

export type OutType =
  | 'character'
  | 'boolean'
  | 'hex'
  | 'port'
  | 'ip4'
  | 'ip6'
  | 'socket'
  | 'win32'
  | 'ntstatus'
  | 'hresult';

const BY_NUMBER: Readonly<Record<number, OutType>> = {
  1: 'character',
  13: 'boolean',
  16: 'hex',
  17: 'hex',
  18: 'hex',
  19: 'hex',
  22: 'port',
  23: 'ip4',
  24: 'ip6',
  25: 'socket',
  29: 'win32',
  30: 'win32',
  31: 'ntstatus',
  32: 'hresult',
  37: 'hex',
};

const BY_NAME = new Map<string, OutType>([
  ['string', 'character'],
  ['boolean', 'boolean'],
  ['hexint8', 'hex'],
  ['hexint16', 'hex'],
  ['hexint32', 'hex'],
  ['hexint64', 'hex'],
  ['codepointer', 'hex'],
  ['port', 'port'],
  ['ipv4', 'ip4'],
  ['ipv6', 'ip6'],
  ['socketaddress', 'socket'],
  ['errorcode', 'win32'],
  ['win32error', 'win32'],
  ['ntstatus', 'ntstatus'],
  ['hresult', 'hresult'],
]);

/** Null for one that needs nothing: the type of the value itself says how it is shown. */
export function outTypeOf(number: number): OutType | null {
  return BY_NUMBER[number] ?? null;
}

/** `win:HexInt32`, in any case and with any prefix. */
export function outTypeNamed(name: string): OutType | null {
  return BY_NAME.get(name.replace(/^\w+:/, '').toLowerCase()) ?? null;
}

const IS_NUMBER = /^(-?\d+|0x[0-9a-f]+)$/i;
const AF_INET = 2;
const AF_INET6 = 23;

/** The text of a value that is `text` by its type and lies in `from..to-1`; `text` itself where the two do not go together. */
export function shownAs(out: OutType, text: string, view: DataView, from: number, to: number): string {
  const bytes = to - from;
  switch (out) {
    case 'character':
      return bytes <= 2 && IS_NUMBER.test(text) && Number(text) >= 32
        ? String.fromCharCode(Number(text) & 0xffff)
        : text;
    case 'boolean':
      return IS_NUMBER.test(text) ? String(Number(text) !== 0) : text;
    case 'hex':
      return /^-?\d+$/.test(text) ? `0x${BigInt.asUintN(bytes * 8, BigInt(text)).toString(16)}` : text;
    case 'port':
      return bytes === 2 ? String(view.getUint16(from, false)) : text;
    case 'ip4':
      return bytes === 4 ? ip4Text(view, from) : text;
    case 'ip6':
      return bytes === 16 ? ip6Text(view, from) : text;
    case 'socket':
      return socketText(view, from, bytes) ?? text;
    case 'win32':
      return bytes === 4 ? win32Text(view.getUint32(from, true)) : text;
    default:
      return bytes === 4 ? statusText(out, view.getUint32(from, true)) : text;
  }
}

/** SOCKADDR: `10.0.0.1:443`; null for a family that is not known. */
function socketText(view: DataView, at: number, bytes: number): string | null {
  const family = bytes >= 2 ? view.getUint16(at, true) : 0;
  if (family === AF_INET && bytes >= 8) return `${ip4Text(view, at + 4)}:${view.getUint16(at + 2, false)}`;
  if (family === AF_INET6 && bytes >= 24) return `[${ip6Text(view, at + 8)}]:${view.getUint16(at + 2, false)}`;
  return null;
}

function win32Text(code: number): string {
  const name = statusName('win32', code);
  return name === null ? String(code) : `${code}(${name})`;
}

function statusText(kind: StatusKind, code: number): string {
  return namedCode(code, statusName(kind, code));
}
