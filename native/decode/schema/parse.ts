/**
 * Reads the file of a schema and checks it. The file is not trusted: what it may have is bounded, and the first thing that
 * is wrong is said in one sentence with its line and its place.
 */
import { type Failure, ok, type Result } from '../../core/result.ts';
import { readFields } from './fields.ts';
import { FileReader, MISSING, SchemaFault } from './file-reader.ts';
import { readMessages } from './message-text.ts';
import { type Field, fixedBytesOf, type Packet, type RecordType, SCHEMA_LIMITS, type Schema } from './model.ts';
import { pathTo } from './paths.ts';
import { lineOf, type Placed, readPlacedJson } from './placed-json.ts';

/** The version of the format that is read here. */
export const SCHEMA_VERSION = 1;
/** Type 0 is text. */
const MOST_TYPE = 0xffff;

/** The schema in a text. Failure: bad-argument, with line and place of the first thing that is wrong. */
export function parseSchema(text: string): Result<Schema> {
  const json = readPlacedJson(text, {
    length: SCHEMA_LIMITS.fileLength,
    depth: SCHEMA_LIMITS.jsonDepth,
    values: SCHEMA_LIMITS.fileValues,
  });
  if (!json.ok) return json;
  try {
    return ok(readSchema(json.value));
  } catch (error) {
    if (error instanceof SchemaFault) return { ok: false, failure: failureOf(error, text) };
    throw error;
  }
}

function failureOf({ at, place, message }: SchemaFault, text: string): Failure {
  const where = place === '' ? '' : ` ${place}:`;
  return {
    code: 'bad-argument',
    message: `line ${lineOf(text, at)}:${where} ${message}`,
    action: 'Correct the schema',
  };
}

function readSchema(root: Placed): Schema {
  const file = new FileReader(root);
  const top = file.object(root, '', [
    'ringview_schema',
    'name',
    'description',
    'endian',
    'enums',
    'flags',
    'structs',
    'types',
  ]);
  const version = top.integer('ringview_schema', 1, Number.MAX_SAFE_INTEGER);
  if (version !== SCHEMA_VERSION) {
    throw top.fault('ringview_schema', `version ${version} is not known here, only ${SCHEMA_VERSION}`);
  }
  const name = top.text('name', 'schema');
  const description = top.text('description', '');
  file.declare(top);
  const listed = top.entries('types');
  if (listed.length === 0) throw top.fault('types', 'there is no type');
  if (listed.length > SCHEMA_LIMITS.typesAFile) {
    throw top.fault('types', `there are more than ${SCHEMA_LIMITS.typesAFile} types`);
  }
  const types: RecordType[] = [];
  for (const { key, keyAt, value } of listed) {
    const place = `types.${key}`;
    const type = /^(?:0x[0-9a-fA-F]{1,4}|[1-9]\d{0,4})$/.test(key) ? Number(key) : 0;
    if (type < 1 || type > MOST_TYPE) {
      throw new SchemaFault(keyAt, place, `'${key}' is no type number from 1 to 65535, such as 16 or 0x10`);
    }
    if (types.some((other) => other.type === type)) {
      throw new SchemaFault(keyAt, place, `the type ${type} stands here for the second time`);
    }
    const read = readType(file, type, value, place);
    if (types.some((other) => other.name.toLowerCase() === read.name.toLowerCase())) {
      throw new SchemaFault(value.at, `${place}.name`, `another type is called '${read.name}', too`);
    }
    types.push(read);
  }
  return { name, description, types };
}

function readType(file: FileReader, type: number, value: Placed, place: string): RecordType {
  const reader = file.object(value, place, [
    'name',
    'description',
    'message',
    'header_bytes',
    'first_header_bytes',
    'fields',
    'tail',
    'packet',
  ]);
  const name = reader.name('name');
  file.beginType();
  const head = readFields(file, reader.items('fields'), `${place}.fields`, []);
  const hasHeader = reader.has('header_bytes');
  if (!hasHeader && (reader.has('tail') || reader.has('first_header_bytes'))) {
    throw reader.fault('', "'tail' and 'first_header_bytes' need 'header_bytes', the field that states them");
  }
  let header: RecordType['header'] = null;
  let fields: readonly Field[] = head;
  if (hasHeader) {
    const stated = reader.text('header_bytes', '');
    const at = head.findIndex((field) => field.name === stated);
    const of = head[at]?.of;
    if (of?.kind !== 'int' || of.signed || of.bits === 64) {
      throw reader.fault('header_bytes', `'${stated.slice(0, 64)}' is no unsigned number among the fields`);
    }
    const whole = fixedBytesOf(head);
    if (whole === null) throw reader.fault('fields', 'fields whose length varies belong into the tail of a header');
    const least = fixedBytesOf(head.slice(0, at + 1)) as number;
    const first = reader.integer('first_header_bytes', least, whole, whole);
    header = { fields: head.length, at, first };
    fields = reader.has('tail') ? readFields(file, reader.items('tail'), `${place}.tail`, head) : head;
  }
  if (fields.every((field) => field.name === '')) throw reader.fault('fields', 'the type has no field');
  return {
    type,
    name,
    description: reader.text('description', ''),
    messages: readMessages(reader, fields),
    fields,
    header,
    packet: reader.has('packet') ? readPacket(file, reader.get('packet'), `${place}.packet`, fields) : null,
  };
}

/** `"ethernet"`, or `{"link": "ip", "offset": 24}`, or `{"link": "ip", "field": "frame"}`. */
function readPacket(file: FileReader, value: Placed, place: string, fields: readonly Field[]): Packet {
  if (value.is === 'string') return { link: linkOf(value.value, value.at, place), from: { offset: 0 } };
  const reader = file.object(value, place, ['link', 'offset', 'field']);
  const link = linkOf(reader.text('link', MISSING), value.at, place);
  if (!reader.has('field')) return { link, from: { offset: reader.integer('offset', 0, 0xffff, 0) } };
  const path = pathTo(fields, reader.text('field', ''));
  if (path === null || path.of.kind !== 'bytes') throw reader.fault('field', 'it is no field of bytes');
  return { link, from: { path: path.path } };
}

function linkOf(text: string, at: number, place: string): Packet['link'] {
  if (text === 'ethernet' || text === 'ip') return text;
  throw new SchemaFault(at, place, `a packet is "ethernet" or "ip", not '${text.slice(0, 32)}'`);
}
