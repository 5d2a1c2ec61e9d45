/**
 * JSON that remembers where each value stands, so that whoever checks a file can say the line of what is wrong. The text
 * is not trusted: its length, its depth and the number of its values are bounded, and a key may not come twice.
 */
import { fail, ok, type Result } from '../../core/result.ts';

export type Placed = { readonly at: number } & (
  | { readonly is: 'object'; readonly entries: ReadonlyMap<string, PlacedEntry> }
  | { readonly is: 'array'; readonly items: readonly Placed[] }
  | { readonly is: 'string'; readonly value: string }
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'boolean'; readonly value: boolean }
  | { readonly is: 'null' }
);

export interface PlacedEntry {
  /** Where the key stands. */
  readonly keyAt: number;
  readonly value: Placed;
}

export interface JsonLimits {
  /** UTF-16 units of the text. */
  readonly length: number;
  readonly depth: number;
  /** Values of all kinds. */
  readonly values: number;
}

/** The line, from 1, of a place in a text. */
export function lineOf(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

class Broken extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const BLANK = /[ \t\r\n]*/y;

class Reader {
  private readonly text: string;
  private readonly limits: JsonLimits;
  private at = 0;
  private values = 0;

  constructor(text: string, limits: JsonLimits) {
    this.text = text;
    this.limits = limits;
  }

  whole(): Placed {
    const value = this.value(0);
    if (this.at < this.text.length) throw this.unexpected('the end');
    return value;
  }

  private value(depth: number): Placed {
    this.skip();
    const { at } = this;
    if (depth > this.limits.depth) throw new Broken(at, `values lie more than ${this.limits.depth} deep`);
    if (++this.values > this.limits.values) throw new Broken(at, `there are more than ${this.limits.values} values`);
    const read = this.one(at, depth);
    this.skip();
    return read;
  }

  private one(at: number, depth: number): Placed {
    switch (this.text[at]) {
      case '{':
        return this.object(at, depth);
      case '[':
        return this.array(at, depth);
      case '"':
        return { is: 'string', at, value: this.string() };
      case 't':
        return this.word('true', { is: 'boolean', at, value: true });
      case 'f':
        return this.word('false', { is: 'boolean', at, value: false });
      case 'n':
        return this.word('null', { is: 'null', at });
      default:
        return { is: 'number', at, value: Number(this.match(NUMBER, 'a value')) };
    }
  }

  private object(at: number, depth: number): Placed {
    const entries = new Map<string, PlacedEntry>();
    this.at++;
    this.skip();
    if (this.take('}')) return { is: 'object', at, entries };
    for (;;) {
      this.skip();
      const keyAt = this.at;
      const key = this.string();
      if (entries.has(key)) throw new Broken(keyAt, `the key "${key.slice(0, 64)}" stands here for the second time`);
      this.skip();
      if (!this.take(':')) throw this.unexpected("':'");
      entries.set(key, { keyAt, value: this.value(depth + 1) });
      if (this.take('}')) return { is: 'object', at, entries };
      if (!this.take(',')) throw this.unexpected("',' or '}'");
    }
  }

  private array(at: number, depth: number): Placed {
    const items: Placed[] = [];
    this.at++;
    this.skip();
    if (this.take(']')) return { is: 'array', at, items };
    for (;;) {
      items.push(this.value(depth + 1));
      if (this.take(']')) return { is: 'array', at, items };
      if (!this.take(',')) throw this.unexpected("',' or ']'");
    }
  }

  private string(): string {
    return JSON.parse(this.match(STRING, 'a text in quotes')) as string;
  }

  private word(word: string, value: Placed): Placed {
    if (!this.text.startsWith(word, this.at)) throw this.unexpected('a value');
    this.at += word.length;
    return value;
  }

  private match(expression: RegExp, expected: string): string {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text);
    if (found === null) throw this.unexpected(expected);
    this.at = expression.lastIndex;
    return found[0];
  }

  private skip(): void {
    BLANK.lastIndex = this.at;
    BLANK.exec(this.text);
    this.at = BLANK.lastIndex;
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private unexpected(expected: string): Broken {
    const found = this.at >= this.text.length ? 'the text ends' : `'${this.text.slice(this.at, this.at + 12)}' stands`;
    return new Broken(this.at, `${expected} was expected where ${found}`);
  }
}

/** Failure: `bad-argument`, with the line. */
export function readPlacedJson(text: string, limits: JsonLimits): Result<Placed> {
  if (text.length > limits.length) {
    return fail(
      'bad-argument',
      `It has ${text.length} characters, more than the ${limits.length} it may have`,
      'Divide it',
    );
  }
  try {
    // A byte order mark is no part of it.
    const begin = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
    return ok(new Reader(begin, limits).whole());
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return fail('bad-argument', `line ${lineOf(text, error.at)}: ${error.message}`, 'Correct the JSON');
  }
}
