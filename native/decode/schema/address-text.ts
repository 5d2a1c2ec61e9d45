/** Addresses and identifiers of fixed length as text. */
import { guidAt } from '../../core/guid.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex = (bytes: Uint8Array, at: number): string => HEX[bytes[at] as number] as string;

export const ipv4Text = (bytes: Uint8Array, at: number): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;

/** As RFC 5952 writes them: small letters, the longest run of two zeros or more as `::`. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups = Array.from(
    { length: 8 },
    (_, i) => ((bytes[at + 2 * i] as number) << 8) | (bytes[at + 2 * i + 1] as number),
  );
  let [best, length] = [-1, 1];
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (to < 8 && groups[to] === 0) to++;
    if (to - from > length) [best, length] = [from, to - from];
    if (to > from) from = to;
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return best < 0 ? text(groups) : `${text(groups.slice(0, best))}::${text(groups.slice(best + length))}`;
}

export const macText = (bytes: Uint8Array, at: number): string =>
  [0, 1, 2, 3, 4, 5].map((i) => hex(bytes, at + i)).join(':');

/** The GUID of 16 bytes, as Windows lays it out. */
export function guidText(bytes: Uint8Array, at: number): string {
  return guidAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at);
}

/** What a family says of the 16 bytes of an address: 4 and 6, or AF_INET and AF_INET6 of Windows and Linux. */
export function familyOf(value: number | bigint): 4 | 6 | null {
  const family = Number(value);
  if (family === 4 || family === 2) return 4;
  return family === 6 || family === 23 || family === 10 ? 6 : null;
}
