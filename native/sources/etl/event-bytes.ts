/** Bytes, texts and pointers in the data of an event, for all that reads there. */

/** Bytes `from..to-1`; none where `to` lies before. */
export function bytesOf(view: DataView, from: number, to: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + from, Math.max(0, to - from));
}

/** Where a text ends: at its NUL, or at `end`. `unit`: bytes of a character. */
export function endOf(view: DataView, from: number, end: number, unit: 1 | 2): number {
  let at = from;
  while (at + unit <= end && (unit === 1 ? view.getUint8(at) : view.getUint16(at, true)) !== 0) at += unit;
  return Math.min(at, end);
}

/** `width`: bytes of a pointer, 4 or 8. */
export function pointerAt(view: DataView, at: number, width: number): bigint {
  return width === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
}

export function ip4Text(view: DataView, at: number): string {
  return bytesOf(view, at, at + 4).join('.');
}

/** An IPv6 address. Groups of zeros are not shortened, so that an address is always the same text. */
export function ip6Text(view: DataView, at: number): string {
  return Array.from({ length: 8 }, (_, part) => view.getUint16(at + part * 2, false).toString(16)).join(':');
}
