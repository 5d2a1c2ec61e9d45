/** Reads the fields of a schema: what each is, and which earlier one counts or chooses it. */
import { canCount, type FileReader, integerOf, type ObjectReader, SchemaFault } from './file-reader.ts';
import {
  type Count,
  type Extent,
  type Field,
  fixedBytes,
  type Kind,
  MOST_FIXED_BYTES,
  type Ref,
  SCHEMA_LIMITS,
} from './model.ts';
import type { Placed } from './placed-json.ts';

/** Fields that are known where one is read: those before it, of each struct from the outside in. */
type Scopes = readonly (readonly Field[])[];

const INTEGER = /^([ui])(8|16|32|64)$/;
const UNITS = { ns: 1, '100ns': 100, us: 1e3, ms: 1e6, s: 1e9 } as const;

/** Keys that a field of each type may have besides `name`, `type` and `description`. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  integer: ['endian', 'show', 'enum', 'only', 'flags', 'none'],
  bool: ['bytes'],
  ntstatus: ['endian'],
  win32: ['endian'],
  hresult: ['endian'],
  pointer: ['bytes'],
  filetime: [],
  duration: ['bits', 'unit', 'endian'],
  guid: [],
  mac: [],
  ipv4: [],
  ipv6: [],
  ip: ['family'],
  utf8: ['bytes', 'until'],
  utf16: ['bytes', 'chars', 'until', 'endian'],
  bytes: ['bytes', 'until'],
  array: ['of', 'count', 'until'],
  struct: ['struct', 'fields'],
  pad: ['bytes'],
  align: ['bytes'],
};
const TYPES = `u8 to u64, i8 to i64, ${Object.keys(KEYS)
  .filter((each) => each !== 'integer')
  .join(', ')}`;

/** The fields of a list behind those that are `before` it in the same struct, which they follow in the result. */
export function readFields(
  file: FileReader,
  items: readonly Placed[],
  place: string,
  before: readonly Field[],
  outer: Scopes = [],
): readonly Field[] {
  const fields = [...before];
  if (items.length > SCHEMA_LIMITS.fieldsAList) {
    const [first] = items as readonly [Placed];
    throw new SchemaFault(first.at, place, `there are more than ${SCHEMA_LIMITS.fieldsAList} fields`);
  }
  for (const [at, item] of items.entries()) {
    const own = `${place}[${at}]`;
    const reader = readerOf(file, item, own, true);
    const type = reader.text('type', '');
    const skipped = type === 'pad' || type === 'align';
    if (skipped && reader.has('name')) throw reader.fault('name', 'what is skipped has no name');
    const name = skipped ? '' : reader.name('name');
    if (name !== '' && fields.some((other) => other.name.toLowerCase() === name.toLowerCase())) {
      throw reader.fault('name', `another field is called '${name}', too`);
    }
    const of = readKind(file, reader, [...outer, fields]);
    const bytes = fixedBytes(of);
    if (bytes !== null && bytes > MOST_FIXED_BYTES) {
      throw reader.fault('', `it takes ${bytes} bytes, a payload has at most ${MOST_FIXED_BYTES}`);
    }
    fields.push({ name, description: reader.text('description', ''), of });
  }
  return fields;
}

function readerOf(file: FileReader, item: Placed, place: string, named: boolean): ObjectReader {
  file.countField(item.at, place);
  if (item.is !== 'object') throw new SchemaFault(item.at, place, 'a field was expected, an object');
  const type = item.entries.get('type')?.value;
  const word = type?.is === 'string' ? type.value : '';
  const keys = INTEGER.test(word) ? KEYS.integer : Object.hasOwn(KEYS, word) ? KEYS[word] : undefined;
  if (keys === undefined || word === 'integer') {
    const said = type === undefined ? "'type' is missing" : `the type '${word.slice(0, 32)}' is not known`;
    throw new SchemaFault(type?.at ?? item.at, place, `${said}: ${TYPES}`);
  }
  return file.object(item, place, ['type', ...(named ? ['name', 'description'] : []), ...keys]);
}

function readKind(file: FileReader, reader: ObjectReader, scopes: Scopes): Kind {
  const type = reader.text('type', '');
  const big = (): boolean => reader.choice('endian', ['little', 'big'], file.bigEndian ? 'big' : 'little') === 'big';
  const [, sign, bits] = INTEGER.exec(type) ?? [];
  if (bits !== undefined) return integer(file, reader, Number(bits) as 8, sign === 'i', big());
  switch (type) {
    case 'bool':
      return { kind: 'bool', bytes: reader.integer('bytes', 1, 4, 1) === 1 ? 1 : fourBytes(reader) };
    case 'ntstatus':
    case 'win32':
    case 'hresult':
      return { kind: 'status', of: type, big: big() };
    case 'pointer':
      return { kind: 'pointer', bytes: reader.integer('bytes', 4, 8, 8) === 8 ? 8 : fourBytes(reader) };
    case 'filetime':
      return { kind: 'filetime' };
    case 'duration': {
      const unit = reader.choice('unit', Object.keys(UNITS) as (keyof typeof UNITS)[], 'ns');
      const width = reader.integer('bits', 32, 64, 64);
      if (width !== 32 && width !== 64) throw reader.fault('bits', '32 or 64 was expected');
      return { kind: 'duration', bits: width, big: big(), unitNs: UNITS[unit] };
    }
    case 'guid':
    case 'mac':
    case 'ipv4':
    case 'ipv6':
      return { kind: type };
    case 'ip':
      return { kind: 'ip', family: refTo(reader, 'family', scopes) };
    case 'utf8':
      return { kind: 'text', encoding: 'utf8', big: false, extent: extentOf(reader, scopes) };
    case 'utf16':
      return { kind: 'text', encoding: 'utf16', big: big(), extent: extentOf(reader, scopes) };
    case 'bytes': {
      const extent = extentOf(reader, scopes);
      if (extent.by === 'nul') throw reader.fault('until', 'bytes do not end at a NUL');
      return { kind: 'bytes', extent };
    }
    case 'array':
      return arrayOf(file, reader, scopes);
    case 'struct':
      return { kind: 'struct', fields: structFields(file, reader, scopes) };
    case 'pad':
      return { kind: 'pad', bytes: reader.integer('bytes', 1, MOST_FIXED_BYTES) };
    default: {
      const bytes = reader.integer('bytes', 2, 4096);
      if ((bytes & (bytes - 1)) !== 0) throw reader.fault('bytes', 'a power of two was expected');
      return { kind: 'align', bytes };
    }
  }
}

function fourBytes(reader: ObjectReader): 4 {
  if (reader.integer('bytes', 1, 8) !== 4) throw reader.fault('bytes', 'it takes 4 bytes, or as many as without it');
  return 4;
}

function integer(file: FileReader, reader: ObjectReader, bits: 8, signed: boolean, big: boolean): Kind {
  const names = file.tableOf(reader, 'enum');
  const flags = file.tableOf(reader, 'flags');
  if (names !== null && flags !== null) throw reader.fault('flags', 'a number has the names of an enum or of flags');
  if (flags?.values.some(({ value }) => value <= 0n)) throw reader.fault('flags', 'a flag has a bit that is set');
  const only = reader.flag('only');
  if (only && names === null) throw reader.fault('only', "'only' is about the numbers of an 'enum'");
  const hex = reader.choice('show', ['decimal', 'hex'], 'decimal') === 'hex';
  return { kind: 'int', bits, signed, big, hex, enum: names, only, flags, none: noneOf(reader) };
}

/** `"none": 255`, or as a text where a number of JSON cannot say it. */
function noneOf(reader: ObjectReader): bigint | null {
  if (!reader.has('none')) return null;
  const value = reader.get('none');
  const none = value.is === 'string' ? integerOf(value.value) : BigInt(reader.integer('none', -(2 ** 53), 2 ** 53));
  if (none === null) throw reader.fault('none', 'a whole number was expected');
  return none;
}

function structFields(file: FileReader, reader: ObjectReader, scopes: Scopes): readonly Field[] {
  checkDepth(reader, scopes);
  if (reader.has('struct') === reader.has('fields')) throw reader.fault('', "either 'struct' or 'fields' was expected");
  if (reader.has('fields')) return readFields(file, reader.items('fields'), reader.inner('fields'), [], scopes);
  return file.within(reader, 'struct', (value, place) => {
    if (value.is !== 'array') throw new SchemaFault(value.at, place, 'a list of fields was expected');
    return readFields(file, value.items, place, [], scopes);
  });
}

function checkDepth(reader: ObjectReader, scopes: Scopes): void {
  if (scopes.length > SCHEMA_LIMITS.depth) {
    throw reader.fault('', `structs and arrays lie more than ${SCHEMA_LIMITS.depth} deep`);
  }
}

/** Elements see what lies before the array, as if they were fields of a struct of their own. */
function arrayOf(file: FileReader, reader: ObjectReader, scopes: Scopes): Kind {
  checkDepth(reader, scopes);
  const place = reader.inner('of');
  const of = readKind(file, readerOf(file, reader.get('of'), place, false), [...scopes, []]);
  if (of.kind === 'pad' || of.kind === 'align') throw reader.fault('of', 'an element has a value');
  if (reader.has('until')) {
    if (reader.has('count')) throw reader.fault('until', "either 'count' or 'until' was expected");
    reader.choice('until', ['end'], 'end');
    return { kind: 'array', of, count: 'rest' };
  }
  return { kind: 'array', of, count: countOf(reader, 'count', scopes) };
}

function extentOf(reader: ObjectReader, scopes: Scopes): Extent {
  const given = ['bytes', 'chars', 'until'].filter((key) => reader.has(key));
  const [key] = given;
  if (key === undefined || given.length > 1) {
    throw reader.fault('', "where it ends is missing: one of 'bytes', 'chars' (of utf16) and 'until' was expected");
  }
  if (key === 'until') return { by: reader.choice('until', ['nul', 'end'], 'end') === 'nul' ? 'nul' : 'rest' };
  return { by: 'count', count: countOf(reader, key, scopes), unit: key === 'chars' ? 2 : 1 };
}

function countOf(reader: ObjectReader, key: string, scopes: Scopes): Count {
  const value = reader.get(key);
  if (value.is === 'number') return { fixed: reader.integer(key, 1, MOST_FIXED_BYTES) };
  return { ref: refTo(reader, key, scopes) };
}

/** An earlier field by its name: the innermost one. */
function refTo(reader: ObjectReader, key: string, scopes: Scopes): Ref {
  const name = reader.text(key, '');
  if (name === '') throw reader.fault(key, 'a number, or the name of an earlier field, was expected');
  for (let up = 0; up < scopes.length; up++) {
    const scope = scopes[scopes.length - 1 - up] as readonly Field[];
    const at = scope.findIndex((field) => field.name === name);
    const found = scope[at];
    if (found === undefined) continue;
    if (!canCount(found.of)) throw reader.fault(key, `the field '${name}' is no number that counts`);
    return { name, up, at };
  }
  throw reader.fault(key, `no earlier field is called '${name.slice(0, SCHEMA_LIMITS.name)}'`);
}
