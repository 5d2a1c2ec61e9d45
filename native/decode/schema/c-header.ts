/**
 * A header for drivers, out of a schema: numbers of types, enums and flags as #define, and a struct for the part of each type
 * that always lies at the same place, with asserts of its size and of every offset. What varies follows the struct, and a
 * comment says how. C11, and what MSVC takes.
 */
import { fail, ok, type Result } from '../../core/result.ts';
import { type Field, fixedBytes, type Kind, type NameTable, type RecordType, type Schema } from './model.ts';

export interface HeaderOptions {
  /** What all names begin with, `lab` for `lab_request` and `LAB_TYPE_REQUEST`. */
  readonly prefix: string;
}

const PREFIX = /^[a-z_][a-z0-9_]*$/;
/** Words that a C field cannot be called; one that is gets a `_` behind it. */
const RESERVED = new Set(
  'auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while'.split(
    ' ',
  ),
);

/** The header of a schema. Failure: bad-argument, for a prefix that is none. */
export function headerOf(schema: Schema, { prefix }: HeaderOptions): Result<string> {
  if (!PREFIX.test(prefix)) {
    return fail('bad-argument', `'${prefix}' is no prefix of C names`, 'Use small letters, figures and _');
  }
  return ok(new HeaderWriter(schema, prefix).text());
}

/** A field as C has it: where it lies, and how it is declared. */
interface Member {
  readonly name: string;
  readonly type: string;
  /** Elements in brackets; empty for one. */
  readonly dimensions: string;
  readonly offset: number;
  readonly bytes: number;
  readonly comment: string;
}

class HeaderWriter {
  private readonly schema: Schema;
  private readonly prefix: string;
  private readonly lines: string[] = [];
  private readonly defined = new Set<NameTable>();
  private readonly macros = new Map<string, string>();
  private readonly structs = new Set<string>();

  constructor(schema: Schema, prefix: string) {
    this.schema = schema;
    this.prefix = prefix;
  }

  text(): string {
    const { schema, prefix, lines } = this;
    const guard = `${prefix}_h`.toUpperCase();
    const about = schema.description === '' ? '' : ` ${schema.description}`;
    lines.push(`/* ${commented(schema.name)}: typed records, made of a schema.${commented(about)} */`);
    lines.push(`#ifndef ${guard}`, `#define ${guard}`, '', '#include <stddef.h>', '#include <stdint.h>', '');
    for (const type of schema.types) {
      this.define(`${prefix}_type_${type.name}`, `0x${type.type.toString(16).padStart(4, '0')}u`);
    }
    for (const type of schema.types) this.type(type);
    lines.push('', '#endif', '');
    return lines.join('\n');
  }

  private define(name: string, value: string, comment = ''): void {
    const wanted = name.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
    let macro = wanted;
    for (let number = 2; this.macros.has(macro); number++) {
      if (this.macros.get(macro) === value) return;
      macro = `${wanted}_${number}`;
    }
    this.macros.set(macro, value);
    this.lines.push(`#define ${macro} ${value}${comment === '' ? '' : ` /* ${commented(comment)} */`}`);
  }

  private type(type: RecordType): void {
    const head = type.header === null ? type.fields : type.fields.slice(0, type.header.fields);
    const last = head.findIndex(({ of }) => fixedBytes(of) === null);
    const fixed = last < 0 ? head : head.slice(0, last);
    const rest = type.fields.slice(fixed.length);
    const what = type.description === '' ? type.name : `${type.name}: ${type.description}`;
    const follows = rest
      .filter(({ name }) => name !== '')
      .map((field) => `${field.name} (${kindWords(field.of)})`)
      .join(', ');
    const more = follows === '' ? '' : ` Then follow, one behind the other: ${follows}.`;
    if (fixed.every(({ name }) => name === '')) {
      this.lines.push('', `/* ${commented(what)}.${commented(more)} */`);
      return;
    }
    this.struct(type.name, fixed, `${what.replace(/\.$/, '')}.${more}`);
  }

  /** Declares a struct with those in it before it, and returns its name. */
  private struct(name: string, fields: readonly Field[], comment: string): string {
    const own = this.freeName(`${this.prefix}_${name}`);
    const members: Member[] = [];
    let offset = 0;
    for (const field of fields) {
      const bytes = fixedBytes(field.of) as number;
      let label = field.name === '' ? `padding_${offset}` : cName(field.name);
      while (members.some((member) => member.name === label)) label += '_';
      const { type, dimensions } = this.declared(field.of, `${name}_${label}`);
      const described = [field.description, hint(field.of)].filter((words) => words !== '').join('; ');
      members.push({ name: label, type, dimensions, offset, bytes, comment: described });
      offset += bytes;
    }
    const { lines } = this;
    for (const field of fields) this.names(field.of, field.name);
    // Where the fields do not lie as a compiler would lay them, it is told to leave no holes.
    const packed = isPacked(fields);
    lines.push('', `/* ${commented(comment)} */`);
    if (packed) lines.push('#pragma pack(push, 1)');
    lines.push(`typedef struct ${own} {`);
    for (const { type, name: label, dimensions, comment: words } of members) {
      lines.push(`    ${type} ${label}${dimensions};${words === '' ? '' : ` /* ${commented(words)} */`}`);
    }
    lines.push(`} ${own};`);
    if (packed) lines.push('#pragma pack(pop)');
    lines.push(`_Static_assert(sizeof(${own}) == ${offset}, "size of ${own}");`);
    for (const member of members) {
      lines.push(
        `_Static_assert(offsetof(${own}, ${member.name}) == ${member.offset}, "offset of ${own}.${member.name}");`,
      );
    }
    return own;
  }

  private freeName(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.structs.has(name); number++) name = `${wanted}_${number}`;
    this.structs.add(name);
    return name;
  }

  private declared(of: Kind, name: string): { readonly type: string; readonly dimensions: string } {
    const bytes = fixedBytes(of) as number;
    const plain = (type: string) => ({ type, dimensions: '' });
    const array = (type: string, count: number) => ({ type, dimensions: `[${count}]` });
    switch (of.kind) {
      case 'int':
        return plain(`${of.signed ? 'int' : 'uint'}${of.bits}_t`);
      case 'bool':
      case 'status':
      case 'pointer':
      case 'filetime':
      case 'duration':
        return plain(`uint${bytes * 8}_t`);
      case 'text':
        return of.encoding === 'utf16' && bytes % 2 === 0 ? array('uint16_t', bytes / 2) : array('char', bytes);
      case 'array': {
        const each = this.declared(of.of, name);
        const count = (of.count as { readonly fixed: number }).fixed;
        return { type: each.type, dimensions: `[${count}]${each.dimensions}` };
      }
      case 'struct':
        return plain(this.struct(name, of.fields, name.replaceAll('_', ' ')));
      default:
        return array('uint8_t', bytes);
    }
  }

  private names(of: Kind, field: string): void {
    if (of.kind === 'array') this.names(of.of, field);
    const table = of.kind === 'int' ? (of.enum ?? of.flags) : null;
    if (table === null || this.defined.has(table)) return;
    this.defined.add(table);
    this.lines.push('', `/* ${commented(field)} */`);
    const hex = of.kind === 'int' && of.flags !== null;
    for (const { value, name } of table.values) {
      const number = hex ? `0x${value.toString(16)}u` : value < 0n ? `(${value})` : `${value}u`;
      this.define(`${this.prefix}_${table.name ?? field}_${name}`, value > 0xffffffffn ? `${number}ll` : number);
    }
  }
}

/** What a compiler aligns a value to: a struct as its widest field, or, where it is packed, to nothing. */
function alignOf(of: Kind): number {
  if (of.kind === 'array') return alignOf(of.of);
  const bytes = fixedBytes(of) ?? 1;
  if (of.kind === 'text') return of.encoding === 'utf16' && bytes % 2 === 0 ? 2 : 1;
  if (of.kind !== 'struct') return SCALARS.has(of.kind) ? bytes : 1;
  const widest = Math.max(1, ...of.fields.map((field) => alignOf(field.of)));
  return isPacked(of.fields) ? 1 : widest;
}

const SCALARS: ReadonlySet<Kind['kind']> = new Set(['int', 'bool', 'status', 'pointer', 'filetime', 'duration']);

/** Whether fields one behind the other do not lie as a compiler would lay them. */
function isPacked(fields: readonly Field[]): boolean {
  let [offset, widest, holes] = [0, 1, false];
  for (const { of } of fields) {
    const align = alignOf(of);
    widest = Math.max(widest, align);
    holes ||= offset % align !== 0;
    offset += fixedBytes(of) as number;
  }
  return holes || offset % widest !== 0;
}

const cName = (name: string): string => (RESERVED.has(name) ? `${name}_` : name);

/** A text in a comment cannot end it, nor seem to begin another one. */
const commented = (text: string): string =>
  text
    .replace(/\*\//g, '* /')
    .replace(/\/\*/g, '/ *')
    .replace(/[\r\n]+/g, ' ')
    .replace(/\?\?/g, '? ?');

/** What the type of a C field does not say. */
function hint(of: Kind): string {
  switch (of.kind) {
    case 'int':
      return of.big && of.bits > 8 ? 'big-endian' : '';
    case 'status':
      return { ntstatus: 'NTSTATUS', hresult: 'HRESULT', win32: 'Win32 code' }[of.of];
    case 'filetime':
      return 'FILETIME';
    case 'duration':
      return of.unitNs === 1 ? 'nanoseconds' : `in units of ${of.unitNs} ns`;
    case 'pointer':
      return 'address';
    case 'guid':
      return 'GUID';
    case 'mac':
      return 'MAC address';
    case 'ipv4':
    case 'ipv6':
      return 'address in network byte order';
    case 'ip':
      return `address in network byte order, by ${of.family.name}`;
    default:
      return '';
  }
}

/** What follows a struct, in a few words. */
function kindWords(of: Kind): string {
  if (of.kind === 'text' || of.kind === 'bytes') {
    const what = of.kind === 'bytes' ? 'bytes' : of.encoding === 'utf8' ? 'UTF-8' : 'UTF-16';
    if (of.extent.by === 'nul') return `${what} up to a NUL`;
    if (of.extent.by === 'rest') return `${what} up to the end`;
    const { count, unit } = of.extent;
    const units = unit === 2 ? 'units' : 'bytes';
    return 'fixed' in count ? `${count.fixed} ${units} of ${what}` : `${what}, ${count.ref.name} ${units}`;
  }
  if (of.kind !== 'array') return of.kind;
  if (of.count === 'rest') return `${kindWords(of.of)}s up to the end`;
  return 'fixed' in of.count
    ? `${of.count.fixed} of ${kindWords(of.of)}`
    : `${of.count.ref.name} of ${kindWords(of.of)}`;
}
