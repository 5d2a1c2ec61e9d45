/** The text of a record, by the messages of its type. */
import type { Condition, Field, Kind, Message, MessagePart, Path, RecordType } from './model.ts';
import { SCHEMA_LIMITS } from './model.ts';
import { bounded, enumName, isPresent, plainMessage, type Value, valueText } from './value-text.ts';

/** A field at a path, its value and what it is; of a struct that is not there the value is null. */
export function valueAt(fields: readonly Field[], values: readonly Value[], { at }: Path): { of: Kind; value: Value } {
  let within = fields;
  let among: readonly Value[] | null = values;
  let of: Kind | undefined;
  let value: Value = null;
  for (const n of at) {
    of = within[n]?.of;
    value = among?.[n] ?? null;
    if (of?.kind === 'struct') {
      within = of.fields;
      among = value as readonly Value[] | null;
    }
  }
  if (of === undefined) throw new Error('the path of a field leads nowhere');
  return { of, value };
}

function holds(fields: readonly Field[], values: readonly Value[], condition: Condition): boolean {
  const { of, value } = valueAt(fields, values, condition.path);
  if ('present' in condition) return isPresent(value) === condition.present;
  if ('bits' in condition) {
    return value !== null && (BigInt(value as number | bigint) & condition.bits) === condition.bits;
  }
  const { to } = condition;
  return isEqual(fields, values, of, value, to) === condition.equal;
}

function isEqual(
  fields: readonly Field[],
  values: readonly Value[],
  of: Kind,
  value: Value,
  to: Extract<Condition, { readonly equal: boolean }>['to'],
): boolean {
  if (value === null) return false;
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if ('path' in to) {
    const other = valueAt(fields, values, to.path).value;
    if (isNumber && (typeof other === 'number' || typeof other === 'bigint')) return BigInt(value) === BigInt(other);
    return value === other;
  }
  if (!isNumber) return String(value) === to.value;
  if (of.kind === 'int' && enumName(of, value) === to.value) return true;
  return /^-?(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(to.value)
    ? BigInt(value) === (to.value.startsWith('-') ? -BigInt(to.value.slice(1)) : BigInt(to.value))
    : valueText(of, value) === to.value;
}

/** The text of a record with these values. */
export function renderMessage(type: RecordType, values: readonly Value[]): string {
  const { fields } = type;
  const message: Message | undefined = type.messages.find(({ when }) =>
    when.every((condition) => holds(fields, values, condition)),
  );
  return message === undefined ? plainMessage(type, values) : bounded(partsText(fields, values, message.parts));
}

function partsText(fields: readonly Field[], values: readonly Value[], parts: readonly MessagePart[]): string {
  let text = '';
  for (const part of parts) {
    // A file can name a long field many times.
    if (text.length > SCHEMA_LIMITS.message) break;
    if ('text' in part) text += part.text;
    else if ('path' in part) {
      const { of, value } = valueAt(fields, values, part.path);
      text += valueText(of, value);
    } else if (part.optional.every((each) => !('path' in each) || isThere(fields, values, each.path))) {
      text += partsText(fields, values, part.optional);
    }
  }
  return text;
}

/** Absent and empty are not there; zero is. */
function isThere(fields: readonly Field[], values: readonly Value[], path: Path): boolean {
  const { value } = valueAt(fields, values, path);
  return value !== null && value !== '' && (typeof value !== 'object' || value.length > 0);
}
