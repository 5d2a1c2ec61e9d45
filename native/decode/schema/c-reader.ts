/**
 * A schema out of a C header: structs of fixed-width integers, `char` arrays, arrays and structs of these, as compilers lay
 * them out. `#define LAB_TYPE_REQUEST 16` gives the struct `lab_request` its number; comments become descriptions; where the
 * comment of a field names a group, `LAB_ACTION_*`, the numbers defined by these names become its enum or its flags. What follows
 * a struct, a header does not say: whoever knows adds it.
 */
import { fail, ok, type Result } from '../../core/result.ts';
import { type CToken, cTokens } from './c-lexer.ts';
import { SCHEMA_LIMITS } from './model.ts';

interface Define {
  readonly name: string;
  readonly value: bigint;
  readonly line: number;
}

interface Member {
  readonly name: string;
  readonly of: CType;
  readonly comment: string;
  readonly offset: number;
}

type CType =
  | { readonly is: 'int'; readonly bits: number; readonly signed: boolean; readonly char: boolean }
  | { readonly is: 'array'; readonly of: CType; readonly count: number }
  | { readonly is: 'struct'; readonly struct: Struct };

interface Struct {
  readonly name: string;
  readonly comment: string;
  readonly line: number;
  readonly members: readonly Member[];
  readonly bytes: number;
  readonly align: number;
}

type Group = readonly { readonly name: string; readonly value: bigint }[];

class HeaderFault extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const INTEGER = /^(u?)int(8|16|32|64)_t$/;
const MOST_ELEMENTS = 65_536;

/** The text of a schema. Failure: bad-argument, with the line of what no schema can be made of. */
export function schemaTextOf(header: string, name: string): Result<string> {
  if (header.length > SCHEMA_LIMITS.fileLength) {
    return fail('bad-argument', `The header has more than ${SCHEMA_LIMITS.fileLength} characters`, 'Divide it');
  }
  try {
    return ok(new HeaderReader([...cTokens(header)]).schema(name));
  } catch (error) {
    if (!(error instanceof HeaderFault)) throw error;
    return fail(
      'bad-argument',
      `line ${error.line}: ${error.message}`,
      'Leave it out of the header, or write the schema by hand',
    );
  }
}

class HeaderReader {
  private readonly tokens: readonly CToken[];
  private readonly defines: Define[] = [];
  private readonly structs: Struct[] = [];
  /** Lines that have a definition or a comment: an empty one between two ends a run. */
  private readonly filled = new Set<number>();
  private readonly groups = new Map<string, Group>();
  private at = 0;
  private pack: number | null = null;
  private lastComment: (CToken & { is: 'comment' }) | null = null;

  constructor(tokens: readonly CToken[]) {
    this.tokens = tokens;
  }

  schema(name: string): string {
    this.read();
    const numbers = this.numbersOfTypes();
    const used = new Set(this.structs.flatMap(({ members }) => members.flatMap(({ of }) => structsIn(of))));
    const types = this.structs.filter((struct) => numbers.has(struct));
    if (types.length === 0) {
      throw new HeaderFault(
        1,
        "no struct has a number, which '#define LAB_TYPE_REQUEST 16' gives to the struct lab_request",
      );
    }
    const structs = this.structs.filter((struct) => used.has(struct) && !numbers.has(struct));
    const file = {
      ringview_schema: 1,
      name,
      ...(structs.length === 0
        ? {}
        : { structs: Object.fromEntries(structs.map((struct) => [struct.name, this.fieldsOf(struct)])) }),
      types: Object.fromEntries(
        types.map((struct) => {
          const number = numbers.get(struct) as { readonly value: number; readonly name: string };
          const about = struct.comment.slice(0, SCHEMA_LIMITS.text);
          return [
            `0x${number.value.toString(16)}`,
            { name: number.name, ...(about === '' ? {} : { description: about }), fields: this.fieldsOf(struct) },
          ];
        }),
      ),
    };
    return `${JSON.stringify(file, null, 2)}\n`;
  }

  private isOneRun(from: number, to: number): boolean {
    for (let line = from + 1; line < to; line++) if (!this.filled.has(line)) return false;
    return true;
  }

  private read(): void {
    for (const token of this.tokens) {
      if (token.is === 'define') this.filled.add(token.line);
      else if (token.is === 'comment') for (let line = token.line; line <= token.endLine; line++) this.filled.add(line);
    }
    for (let token = this.tokens[this.at]; token !== undefined; token = this.tokens[this.at]) {
      this.at++;
      if (token.is === 'comment') this.lastComment = token;
      else if (token.is === 'define') this.defines.push(token);
      else if (token.is === 'pack') this.pack = token.bytes;
      else if (token.is === 'name' && token.text === 'struct') this.struct(token.line);
    }
  }

  private next(): CToken {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new HeaderFault(this.tokens.at(-1)?.line ?? 1, 'the header ends within a struct');
    return token;
  }

  private takeSign(text: string): boolean {
    const token = this.tokens[this.at];
    if (token?.is !== 'sign' || token.text !== text) return false;
    this.at++;
    return true;
  }

  private takeName(): string | null {
    const token = this.tokens[this.at];
    if (token?.is !== 'name') return null;
    this.at++;
    return token.text;
  }

  /** `struct NAME { ... } NAME;`; anything else that begins with the word is passed over. */
  private struct(line: number): void {
    const before = this.lastComment;
    const comment = before !== null && line - before.endLine <= 1 ? before.text : '';
    const tag = this.takeName();
    if (!this.takeSign('{')) return;
    const members: Member[] = [];
    let [bytes, align] = [0, 1];
    while (!this.takeSign('}')) {
      const token = this.next();
      if (token.is === 'comment' || token.is === 'define') {
        if (token.is === 'define') this.defines.push(token);
        continue;
      }
      const read = this.member(token);
      const own = this.pack === null ? alignOf(read.of) : Math.min(this.pack, alignOf(read.of));
      const offset = Math.ceil(bytes / own) * own;
      align = Math.max(align, own);
      bytes = offset + bytesOf(read.of);
      members.push({ ...read, offset });
      if (members.length > SCHEMA_LIMITS.fieldsAList || bytes > MOST_ELEMENTS) {
        throw new HeaderFault(token.line, 'the struct is larger than a record can be');
      }
    }
    const name = this.takeName() ?? tag;
    if (name === null || members.length === 0) return;
    this.structs.push({ name, comment, line, members, bytes: Math.ceil(bytes / align) * align, align });
  }

  /** `uint32_t name[4];` and the comment behind it on its line. */
  private member(first: CToken): Omit<Member, 'offset'> {
    let of = this.typeOf(first);
    const name = this.takeName();
    if (name === null) throw new HeaderFault(first.line, 'the name of a field was expected');
    const counts: number[] = [];
    while (this.takeSign('[')) {
      counts.push(this.count(first.line));
      if (!this.takeSign(']')) throw new HeaderFault(first.line, `']' was expected behind ${name}`);
    }
    for (const count of counts.reverse()) of = { is: 'array', of, count };
    if (bytesOf(of) > MOST_ELEMENTS) throw new HeaderFault(first.line, `${name} is larger than a record can be`);
    if (!this.takeSign(';')) throw new HeaderFault(first.line, `';' was expected behind ${name}`);
    const behind = this.tokens[this.at];
    const comment = behind?.is === 'comment' && behind.line === first.line ? behind.text : '';
    return { name, of, comment };
  }

  private typeOf(token: CToken): CType {
    const word = token.is === 'name' ? token.text : '';
    const [, unsigned, bits] = INTEGER.exec(word) ?? [];
    if (bits !== undefined) return { is: 'int', bits: Number(bits), signed: unsigned === '', char: false };
    if (word === 'char') return { is: 'int', bits: 8, signed: false, char: true };
    const name = word === 'struct' ? (this.takeName() ?? '') : word;
    const struct = this.structs.find((each) => each.name === name);
    if (struct !== undefined) return { is: 'struct', struct };
    const said = name === '' ? 'a field was expected' : `'${name.slice(0, 64)}' has no fixed width`;
    throw new HeaderFault(
      token.line,
      `${said}: uint8_t to uint64_t, int8_t to int64_t, char, and structs above it are known`,
    );
  }

  private count(line: number): number {
    const token = this.next();
    const value =
      token.is === 'number'
        ? token.value
        : token.is === 'name'
          ? this.defines.find(({ name }) => name === token.text)?.value
          : undefined;
    if (value === undefined || value < 1n || value > BigInt(MOST_ELEMENTS)) {
      throw new HeaderFault(line, `a count from 1 to ${MOST_ELEMENTS} was expected`);
    }
    return Number(value);
  }

  /** By the longest NAME of `..._TYPE_NAME` with which the name of a struct ends. */
  private numbersOfTypes(): Map<Struct, { readonly value: number; readonly name: string }> {
    const numbers = new Map<Struct, { readonly value: number; readonly name: string }>();
    const named = this.defines
      .map(({ name, value }) => ({ name: /_TYPE_(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '', value: Number(value) }))
      .filter(({ name, value }) => name !== '' && value >= 1 && value <= 0xffff)
      .sort((a, b) => b.name.length - a.name.length);
    for (const struct of this.structs) {
      const plain = struct.name.toLowerCase().replace(/_t$/, '');
      const found = named.find(({ name }) => plain === name || plain.endsWith(`_${name}`));
      if (found !== undefined && ![...numbers.values()].some(({ value }) => value === found.value))
        numbers.set(struct, found);
    }
    return numbers;
  }

  private fieldsOf(struct: Struct): object[] {
    const fields: object[] = [];
    let offset = 0;
    for (const member of struct.members) {
      if (member.offset > offset) fields.push({ type: 'pad', bytes: member.offset - offset });
      offset = member.offset + bytesOf(member.of);
      const groups = [...member.comment.matchAll(/\b([A-Z][A-Z0-9_]*_)\*/g)].map(([, prefix = '']) => prefix);
      const about = member.comment.slice(0, SCHEMA_LIMITS.text);
      fields.push({
        name: member.name,
        ...fieldType(member.of),
        ...(member.of.is === 'int' && !member.of.char ? this.namesOf(member, groups) : {}),
        ...(about === '' ? {} : { description: about }),
      });
    }
    if (struct.bytes > offset) fields.push({ type: 'pad', bytes: struct.bytes - offset });
    return fields;
  }

  /** The numbers that the comment of a field names: of the first group that there is. */
  private namesOf(member: Member, groups: readonly string[]): object {
    for (const prefix of groups) {
      const group = this.group(prefix);
      if (group.length === 0) continue;
      const areBits = group.every(({ value }) => value > 0n && (value & (value - 1n)) === 0n);
      const kind = areBits && /flags?/i.test(member.name) ? 'flags' : 'enum';
      return { [kind]: Object.fromEntries(group.map(({ name, value }) => [`${value}`, name])) };
    }
    return {};
  }

  /**
   * Numbers whose names begin so, out of the longest run of lines with such; of them none that other fields name by more of
   * the name, `LAB_HANDLE_OF_*` beside `LAB_HANDLE_*`.
   */
  private group(prefix: string): Group {
    const known = this.groups.get(prefix);
    if (known !== undefined) return known;
    const found = this.findGroup(prefix);
    this.groups.set(prefix, found);
    return found;
  }

  private findGroup(prefix: string): Group {
    const longer = this.structs
      .flatMap(({ members }) => members.flatMap(({ comment }) => [...comment.matchAll(/\b([A-Z][A-Z0-9_]*_)\*/g)]))
      .map(([, other = '']) => other)
      .filter((other) => other !== prefix && other.startsWith(prefix));
    const runs: Define[][] = [];
    for (const define of this.defines) {
      if (!define.name.startsWith(prefix) || longer.some((other) => define.name.startsWith(other))) continue;
      const run = runs.at(-1);
      if (run !== undefined && this.isOneRun((run.at(-1) as Define).line, define.line)) run.push(define);
      else runs.push([define]);
    }
    const longest = runs.sort((a, b) => b.length - a.length)[0] ?? [];
    const seen = new Set<bigint>();
    return longest
      .filter(({ value }) => !seen.has(value) && seen.add(value))
      .map(({ name, value }) => ({ name: name.slice(prefix.length).toLowerCase(), value }));
  }
}

const structsIn = (of: CType): Struct[] =>
  of.is === 'array' ? structsIn(of.of) : of.is === 'struct' ? [of.struct] : [];

function bytesOf(of: CType): number {
  return of.is === 'int' ? of.bits / 8 : of.is === 'array' ? of.count * bytesOf(of.of) : of.struct.bytes;
}

function alignOf(of: CType): number {
  return of.is === 'int' ? of.bits / 8 : of.is === 'array' ? alignOf(of.of) : of.struct.align;
}

function fieldType(of: CType): object {
  if (of.is === 'int') return of.char ? { type: 'utf8', bytes: 1 } : { type: `${of.signed ? 'i' : 'u'}${of.bits}` };
  if (of.is === 'struct') return { type: 'struct', struct: of.struct.name };
  if (of.of.is === 'int' && of.of.char) return { type: 'utf8', bytes: of.count };
  if (of.of.is === 'int' && of.of.bits === 8 && !of.of.signed) return { type: 'bytes', bytes: of.count };
  return { type: 'array', of: fieldType(of.of), count: of.count };
}
