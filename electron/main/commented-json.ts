/**
 * JSON that a person may comment: line and block comments, and a comma after the last member. Read with the place of every
 * value, so that what is wrong can be named by its line, and so that a value can be changed where it stands
 * (edit-commented.ts).
 */

export interface Member {
  readonly name: string;
  readonly start: number;
  readonly value: Node;
  /** Where the comma after it is; null if there is none. */
  readonly comma: number | null;
}

export interface Item {
  readonly value: Node;
  readonly comma: number | null;
}

interface Span {
  /** From the first character to behind the last, UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
}

export type Node = Span &
  (
    | { readonly kind: 'object'; readonly members: readonly Member[] }
    | { readonly kind: 'array'; readonly items: readonly Item[] }
    | { readonly kind: 'plain'; readonly value: string | number | boolean | null }
  );

export type ObjectNode = Extract<Node, { kind: 'object' }>;
export type ArrayNode = Extract<Node, { kind: 'array' }>;

/** Why a text cannot be read on: what was expected, and where. */
export interface Break {
  readonly at: number;
  readonly expected: string;
}

export interface Reading {
  /** What was read; where the text breaks, all that was whole before it. Null for a text without a value. */
  readonly root: Node | null;
  readonly broken: Break | null;
}

/** Deeper nesting is no file of settings, and would exhaust the stack. */
const MOST_DEPTH = 100;

class Broken extends Error {
  readonly where: Break;

  constructor(at: number, expected: string) {
    super(expected);
    this.where = { at, expected };
  }
}

/** The place behind white space and comments that begin at `at`. Throws where a comment has no end. */
function behindTrivia(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (/\s|\uFEFF/.test(text.charAt(at))) at++;
    else if (text.startsWith('//', at)) {
      const end = text.slice(at).search(/[\r\n]/);
      at = end < 0 ? text.length : at + end;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) throw new Broken(at, 'the end of this comment, */');
      at = end + 2;
    } else return at;
  }
}

const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})|\x7f|[\x80-\x9f])*"/uy;
const WORD = /-?[\w.+-]+/y;

class Reader {
  private readonly text: string;
  private at = 0;
  broken: Break | null = null;

  constructor(text: string) {
    this.text = text;
  }

  all(): Node | null {
    try {
      this.skip();
      if (this.at === this.text.length) return null;
      const root = this.value(0);
      if (this.broken === null) {
        this.skip();
        if (this.at < this.text.length) this.breakAt(this.at, 'nothing more');
      }
      return root;
    } catch (error) {
      this.note(error);
      return null;
    }
  }

  private skip(): void {
    this.at = behindTrivia(this.text, this.at);
  }

  private breakAt(at: number, expected: string): void {
    this.broken ??= { at, expected };
  }

  private note(error: unknown): void {
    if (!(error instanceof Broken)) throw error;
    this.breakAt(error.where.at, error.where.expected);
  }

  private value(depth: number): Node {
    const { text, at } = this;
    if (depth > MOST_DEPTH) throw new Broken(at, 'less nesting');
    if (text[at] === '{') return this.object(depth);
    if (text[at] === '[') return this.array(depth);
    if (text[at] === '"') return { kind: 'plain', start: at, value: this.string(), end: this.at };
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0] ?? '';
    const value = plainOf(word);
    if (value === undefined) throw new Broken(at, 'a value');
    this.at += word.length;
    return { kind: 'plain', start: at, value, end: this.at };
  }

  private string(): string {
    STRING.lastIndex = this.at;
    const found = STRING.exec(this.text)?.[0];
    if (found === undefined)
      throw new Broken(this.at, 'a text in quotes that ends in its line (a \\ in it is written \\\\)');
    this.at += found.length;
    return JSON.parse(found) as string;
  }

  /** Where the text breaks within it, it has the members before that. */
  private object(depth: number): ObjectNode {
    const start = this.at++;
    const members: Member[] = [];
    this.members(
      '}',
      (comma) => {
        const member = members.pop();
        if (member !== undefined) members.push({ ...member, comma });
      },
      () => {
        const nameAt = this.at;
        if (this.text[nameAt] !== '"') throw new Broken(nameAt, 'a name in quotes, or }');
        const name = this.string();
        this.skip();
        if (this.text[this.at] !== ':') throw new Broken(this.at, `a colon after "${name}"`);
        this.at++;
        this.skip();
        members.push({ name, start: nameAt, value: this.value(depth + 1), comma: null });
      },
    );
    return { kind: 'object', start, members, end: this.at };
  }

  private array(depth: number): ArrayNode {
    const start = this.at++;
    const items: Item[] = [];
    this.members(
      ']',
      (comma) => {
        const item = items.pop();
        if (item !== undefined) items.push({ ...item, comma });
      },
      () => {
        items.push({ value: this.value(depth + 1), comma: null });
      },
    );
    return { kind: 'array', start, items, end: this.at };
  }

  private members(close: string, onComma: (at: number) => void, one: () => void): void {
    try {
      for (let first = true; ; first = false) {
        this.skip();
        if (!first && this.text[this.at] === ',') {
          onComma(this.at++);
          this.skip();
        } else if (!first && this.text[this.at] !== close) throw new Broken(this.at, `a comma, or ${close}`);
        if (this.text[this.at] === close) {
          this.at++;
          return;
        }
        one();
        if (this.broken !== null) return;
      }
    } catch (error) {
      this.note(error);
    }
  }
}

function plainOf(word: string): number | boolean | null | undefined {
  if (word === 'null') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word) ? Number(word) : undefined;
}

/** Reads a text as far as it can be read. Never throws. */
export function readCommented(text: string): Reading {
  const reader = new Reader(text);
  const root = reader.all();
  return { root, broken: reader.broken };
}

/** The value of a node, as JSON.parse would make it: of two members of one name, the last counts. */
export function plainValue(node: Node): unknown {
  if (node.kind === 'plain') return node.value;
  if (node.kind === 'array') return node.items.map(({ value }) => plainValue(value));
  return Object.fromEntries(node.members.map(({ name, value }) => [name, plainValue(value)]));
}

export const memberOf = (node: Node | null | undefined, name: string): Member | undefined =>
  node?.kind === 'object' ? node.members.findLast((each) => each.name === name) : undefined;

/** The line of a place, from 1. */
export const lineAt = (text: string, at: number): number => text.slice(0, at).split(/\r\n|\r|\n/).length;

/** The place behind the blanks and comments that follow in the same line, and end in it. */
export function endOfRemark(text: string, from: number): number {
  const rest = /^(?:[ \t]*\/\*(?:(?!\*\/)[^\r\n])*\*\/)*(?:[ \t]*\/\/[^\r\n]*)?/.exec(text.slice(from));
  return from + (rest?.[0].length ?? 0);
}
