/**
 * Reads the text of the filter box. Which words are terms is decided by lex.ts; a text without any is looked for as it
 * stands, blanks and all, as it always was. In a filter of terms, plain words side by side are one text too, so that
 * adding a term to a text does not change what it means; behind a `-` or `not`, only the first of them is meant.
 *
 *     filter = some ("or" some)*        some = part ("and"? part)*
 *     part   = ("-" | "not") part | "(" filter ")" | name relation value ("," value)* | "text" | /expression/i | words
 */
import { type Failure, fail, ok, type Result } from '../../../native/core/result.ts';
import { MAX_FILTER_DEPTH, MAX_FILTER_TERMS, MAX_FILTER_VALUES, patternFailure } from '../limits.ts';
import { textExpression } from '../text-pattern.ts';
import { readClockValue } from './clock.ts';
import { holdTerms, type RawValue, type Span, type Token, tokensOf } from './lex.ts';
import {
  FIELD_NAMES,
  type FilterTree,
  group,
  hexValue,
  mergedRanges,
  type NameField,
  NUMBER_FIELDS,
  type NumberField,
  negated,
  queryOf,
  type Relation,
  STATUS_PATTERN,
} from './tree.ts';
import { readValue } from './values.ts';

/** Why a text is no filter, and where in it. */
export interface FilterFault extends Span {
  readonly failure: Failure;
}

/** What a text is: nothing, one text to look for as it stands, a filter of terms, or a filter with a mistake. */
export type FilterReading =
  | { readonly as: 'nothing' }
  | { readonly as: 'text' }
  | { readonly as: 'terms'; readonly tree: FilterTree }
  | { readonly as: 'fault'; readonly fault: FilterFault };

/** What to do about most mistakes. */
const QUOTE = 'Correct it, or put it in quotes to look for the text';

class Fault extends Error {
  readonly fault: FilterFault;

  constructor({ from, to }: Span, message: string, action: string) {
    super(message);
    this.fault = { from, to, failure: { code: 'bad-pattern', message, action } };
  }
}

class Parser {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;
  private terms = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
  }

  run(): FilterTree {
    const tree = this.either();
    const left = this.tokens[this.at];
    // Nothing but a bracket that was never opened could be left, and that is a word.
    if (left !== undefined) throw new Error(`'${left.kind}' was left over`);
    return tree;
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private either(): FilterTree {
    const items = [this.all()];
    while (this.peek()?.kind === 'or') {
      this.at++;
      items.push(this.all());
    }
    return group('or', items);
  }

  private all(): FilterTree {
    const items = [this.part()];
    for (;;) {
      const next = this.peek();
      if (next === undefined || next.kind === 'or' || next.kind === 'close') return group('and', items);
      if (next.kind === 'and') this.at++;
      items.push(this.part());
    }
  }

  /** `alone`: of words side by side only the first is meant. */
  private part(alone = false): FilterTree {
    const token = this.peek();
    if (token === undefined || token.kind === 'close' || token.kind === 'and' || token.kind === 'or') {
      throw this.missing(token);
    }
    this.at++;
    switch (token.kind) {
      case 'minus':
      case 'not':
        return this.deeper(token, () => negated(this.part(true)));
      case 'open':
        return this.deeper(token, () => this.bracketed(token));
      case 'unclosed':
        throw new Fault(
          token,
          'The quote is not closed',
          'Close it at the end of a word; a quote in a text is written twice',
        );
      case 'word':
        return this.words(token, alone);
      case 'quoted':
        return this.quoted(token);
      case 'regex':
        return this.expression(token);
      case 'term':
        return this.term(token);
    }
  }

  private missing(found: Token | undefined): Fault {
    const end = { from: Math.max(0, this.text.length - 1), to: this.text.length };
    const before = this.tokens[this.at - 1];
    const after = before === undefined ? '' : ` after '${this.text.slice(before.from, before.to)}'`;
    return new Fault(
      found ?? before ?? end,
      `Something to look for is missing${after}`,
      'Add it, or put the word in quotes to look for it',
    );
  }

  private deeper(at: Span, read: () => FilterTree): FilterTree {
    if (++this.depth > MAX_FILTER_DEPTH) {
      throw new Fault(at, `Brackets and 'not' go more than ${MAX_FILTER_DEPTH} deep`, 'Write it with fewer of them');
    }
    const tree = read();
    this.depth--;
    return tree;
  }

  private bracketed(open: Token): FilterTree {
    const tree = this.either();
    if (this.peek()?.kind !== 'close') throw new Fault(open, 'The bracket is not closed', `${QUOTE} with the bracket`);
    this.at++;
    return tree;
  }

  private count(at: Span): void {
    if (++this.terms > MAX_FILTER_TERMS) {
      throw new Fault(at, `The filter has more than the ${MAX_FILTER_TERMS} terms it may have`, 'Leave some out');
    }
  }

  /** Words side by side are one text, with the blanks that stand between them. */
  private words(first: Token, alone: boolean): FilterTree {
    let { to } = first;
    for (let next = this.peek(); !alone && next?.kind === 'word'; next = this.peek()) {
      to = next.to;
      this.at++;
    }
    this.count({ from: first.from, to });
    return { kind: 'text', text: this.text.slice(first.from, to) };
  }

  private quoted(token: Token & { kind: 'quoted' }): FilterTree {
    this.count(token);
    if (token.text === '') throw new Fault(token, 'The text to look for is empty', 'Type it between the quotes');
    return { kind: 'text', text: token.text };
  }

  private expression(token: Token & { kind: 'regex' }): FilterTree {
    this.count(token);
    const { source, ignoreCase } = token;
    const term = { kind: 'regex', source, ignoreCase } as const;
    const compiled = textExpression(queryOf(term, false));
    if (!compiled.ok) throw new Fault(token, compiled.failure.message, QUOTE);
    return term;
  }

  private term(token: Token & { kind: 'term' }): FilterTree {
    this.count(token);
    const { name, relation, values } = token;
    const empty = values.find(({ text }) => text === '');
    if (values.length === 0 || empty !== undefined) {
      throw new Fault(
        empty ?? token,
        `A value is missing after '${this.text.slice(token.from, empty?.from ?? token.to)}'`,
        QUOTE,
      );
    }
    if (values.length > MAX_FILTER_VALUES) {
      throw new Fault(token, `The term has more than the ${MAX_FILTER_VALUES} values it may have`, 'Use ranges');
    }
    const number = NUMBER_FIELDS.find((field) => field === name);
    if (number !== undefined) return this.numbers(token, number);
    if (!(FIELD_NAMES as readonly string[]).includes(name)) return this.field(token);
    if (relation !== ':') {
      throw new Fault(
        token,
        `'${name}' is no number, so it cannot be compared by '${relation}'`,
        `Write ${name}:VALUE`,
      );
    }
    if (name === 'like') return { kind: 'like', template: this.template(token) };
    if (name === 'status') return this.statuses(values);
    if (name === 'hex') return this.hexValues(values);
    return { kind: 'name', field: name as NameField, patterns: [...new Set(values.map(({ text }) => text))] };
  }

  private field({ name, relation, values, from, to }: Token & { kind: 'term' }): FilterTree {
    if (relation !== ':' && values.length > 1) {
      throw new Fault({ from, to }, `'${relation}' compares with one value`, `Write ${name}:VALUE,VALUE for several`);
    }
    return { kind: 'field', name, relation, values: [...new Set(values.map(({ text }) => text))] };
  }

  private statuses(values: readonly RawValue[]): FilterTree {
    for (const value of values) {
      if (STATUS_PATTERN.test(value.text)) continue;
      const expected = 'a name such as STATUS_TIMEOUT or a number such as 0xC00000B5 was expected';
      throw new Fault(value, `'${value.text}' cannot be a value of 'status': ${expected}`, QUOTE);
    }
    return { kind: 'status', patterns: [...new Set(values.map(({ text }) => text))] };
  }

  private hexValues(values: readonly RawValue[]): FilterTree {
    const read = values.map((value) => {
      const hex = hexValue(value.text);
      if (hex !== null) return hex;
      const expected = 'an address or another number of at most 16 hexadecimal digits was expected';
      throw new Fault(value, `'${value.text}' cannot be a value of 'hex': ${expected}`, QUOTE);
    });
    return { kind: 'hex', values: [...new Set(read)] };
  }

  private template({ values, from, to }: Token & { kind: 'term' }): string {
    const [first, second] = values as readonly [RawValue, ...RawValue[]];
    if (second !== undefined) throw new Fault({ from, to }, 'A template is one text', 'Put it in quotes');
    return first.text;
  }

  private numbers({ relation, values, from, to }: Token & { kind: 'term' }, field: NumberField): FilterTree {
    if (relation !== ':' && values.length > 1) {
      throw new Fault({ from, to }, `'${relation}' compares with one value`, `Write ${field}:VALUE,VALUE for several`);
    }
    const byClock = field === 'time' ? values.filter(({ text }) => isClock(text, relation)) : [];
    if (byClock.length === values.length) {
      return { kind: 'clock', relation, values: [...new Set(values.map(({ text }) => text))] };
    }
    const [clock] = byClock;
    if (clock !== undefined) {
      throw new Fault(clock, 'A time by the clock stands beside one since the log began', 'Write two terms with or');
    }
    const ranges = values.map((value) => {
      const read = readValue(field, relation, value.text);
      if ('range' in read) return read.range;
      throw new Fault(value, `'${value.text}' cannot be a value of '${field}': ${read.expected}`, QUOTE);
    });
    return { kind: 'number', field, ranges: mergedRanges(ranges) };
  }
}

/** Whether a value of `time` is one by the clock, of which only `:` takes two ends. */
function isClock(text: string, relation: Relation): boolean {
  const value = readClockValue(text);
  return value !== null && (relation === ':' || value.to === null);
}

/** What a text in the filter box is. Always an answer, in a time in proportion to the length of the text. */
export function readFilter(text: string): FilterReading {
  if (text === '') return { as: 'nothing' };
  const long = patternFailure(text);
  if (long !== null) return { as: 'fault', fault: { from: 0, to: text.length, failure: long } };
  const tokens = tokensOf(text);
  if (!holdTerms(tokens, text)) return { as: 'text' };
  try {
    return { as: 'terms', tree: new Parser(text, tokens).run() };
  } catch (error) {
    if (error instanceof Fault) return { as: 'fault', fault: error.fault };
    throw error;
  }
}

/** The tree of a text, which is one text to look for where it holds no terms. Failure: bad-pattern, which says where. */
export function filterTree(text: string): Result<FilterTree> {
  const reading = readFilter(text);
  if (reading.as === 'terms') return ok(reading.tree);
  if (reading.as === 'text') return ok({ kind: 'text', text });
  if (reading.as === 'nothing') return fail('bad-pattern', 'The filter is empty', 'Type what to look for');
  const { failure, from } = reading.fault;
  return fail(failure.code, `${failure.message} (at character ${from + 1})`, failure.action);
}
