/**
 * The words of a filter text, and the one rule of which word is what:
 *
 * - A term is a known name (FIELD_NAMES, or one that a schema gives, known-names.ts; beside `type:NAME` those of that type, type-scope.ts), one of
 *   `: < <= > >=` without a blank before it, and a value without a blank before it. Any other word with a colon is text.
 * - A text in double quotes is one if the quotes are the ends of a word; a quote in it is written twice.
 * - An expression is between slashes that are the ends of a word, `i` may follow; a slash in it is written `\/`.
 * - `-` before a letter, a digit, a quote, a slash or a bracket at the begin of a word hides what it stands before.
 * - A bracket that begins a word opens a group, and the one that matches it ends the group.
 * - `and`, `or`, `not` as words of their own.
 *
 * Everything else is plain. Reading it takes a time in proportion to the length of the text, whatever it is.
 */
import { knownNames } from './known-names.ts';
import { FIELD_NAMES, type Relation } from './tree.ts';
import { NO_SCOPE, scopeOf, type TypeScope, widestScope } from './type-scope.ts';

export type { Relation };

/** A place in the text: characters `from..to-1`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface RawValue extends Span {
  readonly text: string;
}

export type Token = Span &
  (
    | { readonly kind: 'open' | 'close' | 'minus' | 'and' | 'or' | 'not' | 'word' }
    | { readonly kind: 'quoted'; readonly text: string }
    | { readonly kind: 'regex'; readonly source: string; readonly ignoreCase: boolean }
    | {
        readonly kind: 'term';
        /** In small letters; of a field beside its type, the name in full. */
        readonly name: string;
        readonly relation: Relation;
        /** Empty where nothing follows the relation. */
        readonly values: readonly RawValue[];
      }
    /** A quote that opens a word and is not closed at the end of one. */
    | { readonly kind: 'unclosed' }
  );

const BLANK = /\s/u;
/** Two colons are a scope in a message of C++. */
const NAME = /^([a-z_][a-z0-9_.]*)(:(?!:)|<=|>=|<(?!=)|>(?!=))(?=\S|$)/i;
/** No name and relation is longer: one of a schema is that of a type and those of some structs. */
const LONGEST_NAME = 512;
const OWN_NAMES: ReadonlySet<string> = new Set(FIELD_NAMES);
/** What a `-` can stand before. */
const HIDABLE = /[\p{L}\p{N}_"/(]/u;
const KEYWORD = /^(and|or|not)$/i;

class Lexer {
  private readonly text: string;
  private at = 0;
  private depth = 0;
  private readonly tokens: Token[] = [];
  private readonly scope: TypeScope;

  constructor(text: string, scope: TypeScope) {
    this.text = text;
    this.scope = scope;
  }

  run(): Token[] {
    const { text } = this;
    while (this.at < text.length) {
      if (BLANK.test(text[this.at] as string)) this.at++;
      else this.tokens.push(this.next());
    }
    return this.tokens;
  }

  private next(): Token {
    const { text, at: from } = this;
    const character = text[from];
    if (character === '(') {
      this.depth++;
      return this.single('open');
    }
    if (character === ')' && this.depth > 0) {
      this.depth--;
      return this.single('close');
    }
    if (character === '-' && HIDABLE.test(String.fromCodePoint(text.codePointAt(from + 1) ?? 0)))
      return this.single('minus');
    if (character === '"') return this.quoted();
    if (character === '/') return this.regex() ?? this.word();
    return this.term() ?? this.word();
  }

  private single(kind: 'open' | 'close' | 'minus'): Token {
    this.at++;
    return { kind, from: this.at - 1, to: this.at };
  }

  /** Whether a word may end at a place. */
  private isEnd(at: number): boolean {
    const next = this.text[at];
    return next === undefined || BLANK.test(next) || (next === ')' && this.depth > 0);
  }

  private quoted(): Token {
    const from = this.at;
    const read = this.readQuoted(from);
    if (read !== null && this.isEnd(read.to)) {
      this.at = read.to;
      return { kind: 'quoted', from, to: read.to, text: read.text };
    }
    this.at = this.text.length;
    return { kind: 'unclosed', from, to: this.text.length };
  }

  /** A text in quotes that begins at a place; null if it does not end. */
  private readQuoted(from: number): RawValue | null {
    const { text } = this;
    let read = '';
    for (let at = from + 1; at < text.length; at++) {
      if (text[at] !== '"') read += text[at];
      else if (text[at + 1] === '"') {
        read += '"';
        at++;
      } else return { from, to: at + 1, text: read };
    }
    return null;
  }

  private regex(): Token | null {
    const { text, at: from } = this;
    let source = '';
    let at = from + 1;
    for (; at < text.length && text[at] !== '/'; at++) {
      if (text[at] === '\\') {
        if (text[at + 1] !== '/') source += '\\';
        at++;
      }
      source += text[at] ?? '';
    }
    const ignoreCase = text[at + 1] === 'i';
    const to = at + (ignoreCase ? 2 : 1);
    if (at >= text.length || source === '' || !this.isEnd(to)) return null;
    this.at = to;
    return { kind: 'regex', from, to, source, ignoreCase };
  }

  private term(): Token | null {
    const { text, at: from } = this;
    const found = NAME.exec(text.slice(from, from + LONGEST_NAME));
    if (found === null) return null;
    const [whole, name, relation] = found as unknown as [string, string, Relation];
    const small = name.toLowerCase();
    const full = OWN_NAMES.has(small) || knownNames().fields.has(small) ? small : this.scope.get(small);
    if (full === undefined) return null;
    this.at = from + whole.length;
    const values: RawValue[] = [];
    while (!this.isEnd(this.at)) {
      values.push(this.value());
      if (text[this.at] !== ',') break;
      this.at++;
      if (this.isEnd(this.at)) values.push({ from: this.at, to: this.at, text: '' });
    }
    return { kind: 'term', from, to: this.at, name: full, relation, values };
  }

  /** One value of a list: in quotes, or up to a comma. */
  private value(): RawValue {
    const { text, at: from } = this;
    if (text[from] === '"') {
      const read = this.readQuoted(from);
      if (read !== null && (this.isEnd(read.to) || text[read.to] === ',')) {
        this.at = read.to;
        return read;
      }
    }
    this.at = this.wordEnd(',');
    return { from, to: this.at, text: text.slice(from, this.at) };
  }

  private word(): Token {
    const from = this.at;
    this.at = this.wordEnd('');
    const word = this.text.slice(from, this.at);
    const kind = KEYWORD.test(word) ? (word.toLowerCase() as 'and' | 'or' | 'not') : 'word';
    return { kind, from, to: this.at };
  }

  /** Where the word ends that is being read: brackets within it are its own as long as they match. */
  private wordEnd(stop: string): number {
    const { text } = this;
    let inner = 0;
    let at = this.at;
    for (; at < text.length; at++) {
      const character = text[at] as string;
      if (BLANK.test(character) || character === stop) break;
      if (character === '(') inner++;
      else if (character === ')' && inner > 0) inner--;
      else if (character === ')' && this.depth > 0) break;
    }
    return at;
  }
}

/** The words of a text, in order. Never fails: what is wrong is for whoever reads them. */
export function tokensOf(text: string): Token[] {
  const tokens = new Lexer(text, NO_SCOPE).run();
  const scope = scopeOf(tokens);
  return scope.size === 0 ? tokens : new Lexer(text, scope).run();
}

/** The words of a text that stands beside terms of any types. */
export const tokensBeside = (text: string): Token[] => new Lexer(text, widestScope()).run();

/**
 * Whether these words are a filter of terms. They are if one of them is a term, a text in quotes or an expression; if the
 * first is a `-` before anything but a figure; or if `or` stands in brackets. Else the text is looked for as it stands.
 */
export function holdTerms(tokens: readonly Token[], text: string): boolean {
  const groups: boolean[] = [];
  for (const [at, { kind, to }] of tokens.entries()) {
    if (kind === 'term' || kind === 'quoted' || kind === 'regex') return true;
    if (kind === 'minus' && at === 0 && !/\p{N}/u.test(text[to] ?? '')) return true;
    if (kind === 'open') groups.push(false);
    else if (kind === 'or' && groups.length > 0) groups[groups.length - 1] = true;
    else if (kind === 'close' && groups.pop()) return true;
  }
  return false;
}
