/** The data of an event by the fields that its manifest names. Nothing is read beyond the event; what does not fit ends it. */
import type { Amount, ManifestField } from './manifests.ts';
import { TypedCursor } from './typed-value.ts';

export interface ReadField {
  readonly name: string;
  readonly text: string;
}

const MOST_ELEMENTS = 4096;

/** The fields that the data has; fewer than the manifest names where it is cut, or of another version. */
export function readFields(
  view: DataView,
  start: number,
  end: number,
  fields: readonly ManifestField[],
  is32Bit: boolean,
): ReadField[] {
  const cursor = new TypedCursor(view, start, end, is32Bit);
  const read: ReadField[] = [];
  for (const field of fields) {
    const count = amountIn(field.count, read);
    const length = amountIn(field.length, read);
    if (count === undefined || length === undefined) break;
    if ((count ?? 1) > MOST_ELEMENTS) break;
    const texts: string[] = [];
    for (let element = 0; element < (count ?? 1); element++) {
      const text = cursor.read(field.type, length);
      if (text === null) return read;
      texts.push(shown(field, text));
    }
    read.push({ name: field.name, text: field.count === null ? (texts[0] ?? '') : `[${texts.join(',')}]` });
  }
  return read;
}

/** The number; null if none is given, undefined if the field that should have it is not a number. */
function amountIn(amount: Amount | null, read: readonly ReadField[]): number | null | undefined {
  if (amount === null) return null;
  if ('fixed' in amount) return amount.fixed;
  const text = read[amount.field]?.text;
  return text !== undefined && /^(\d{1,9}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : undefined;
}

function shown({ hex, map }: ManifestField, text: string): string {
  if (map !== null && /^\d+$/.test(text)) {
    const number = Number(text);
    if (!map.bits) return map.names.get(number) ?? text;
    const names = [...map.names].filter(([bit]) => bit !== 0 && (BigInt(text) & BigInt(bit)) === BigInt(bit));
    return names.length === 0 ? text : names.map(([, name]) => name).join('|');
  }
  return hex && /^-?\d+$/.test(text)
    ? `0x${BigInt.asUintN(text.startsWith('-') ? 32 : 64, BigInt(text)).toString(16)}`
    : text;
}
