/**
 * Finds texts that every match of a regular expression must contain, so that rows without them need not be tried. It
 * knows the syntax of the flag `u`. Wherever it is not sure, it gives null rather than guess.
 */

/** What a part of an expression matches. */
interface Part {
  /**
   * All the texts that it matches, if they are few; zero-width parts match the empty text. Null: too many, or unknown.
   */
  readonly exact: readonly string[] | null;
  /** Texts of which every match contains at least one; null if nothing is known. */
  readonly within: readonly string[] | null;
}

const MOST_TEXTS = 16;
const DEEPEST = 50;
/** The shortest text worth searching for: a single character occurs in nearly every row. */
const SHORTEST = 2;

const ANYTHING: Part = { exact: null, within: null };
const NOTHING: Part = { exact: [''], within: null };

/** Thrown where the expression has syntax that this parser does not know. */
class Unknown extends Error {}

/**
 * ASCII texts of at least two characters, of which every match of the expression contains one; null if there are none
 * worth searching for. With `fold` the expression ignores case. The texts are then in lower case and stand for either
 * case, and their `s` and `k` also stand for U+017F and U+212A, which case folding treats as equal.
 */
export function requiredText(pattern: string, fold: boolean): readonly string[] | null {
  try {
    const part = new Reader(pattern, fold).whole();
    const texts = better(part.within, part.exact);
    return texts !== null && shortest(texts) >= SHORTEST ? texts : null;
  } catch (error) {
    if (error instanceof Unknown) return null;
    throw error;
  }
}

/**
 * The same expression without a leading `.*`. Whether it matches is unaffected, but the engine no longer starts again
 * at every character of a row that does not match.
 */
export function withoutLeadingRepeat(pattern: string): string {
  return pattern.replace(/^(?:\.\*\??)+/, '');
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length));
}

/** Chooses the texts that are probably rarer: the longer ones, or the fewer ones if they are equally long. */
function better(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  if (one === null || other === null) return one ?? other;
  const worth = (texts: readonly string[]) => shortest(texts) * MOST_TEXTS - texts.length;
  return worth(other) > worth(one) ? other : one;
}

class Reader {
  private readonly pattern: string;
  private readonly fold: boolean;
  private at = 0;
  private depth = 0;

  constructor(pattern: string, fold: boolean) {
    this.pattern = pattern;
    this.fold = fold;
  }

  whole(): Part {
    const part = this.alternatives();
    if (this.at < this.pattern.length) throw new Unknown();
    return part;
  }

  private alternatives(): Part {
    if (++this.depth > DEEPEST) throw new Unknown();
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    this.depth--;
    if (parts.length === 1) return parts[0] as Part;
    return {
      exact: union(parts.map((part) => part.exact)),
      within: union(parts.map((part) => better(part.within, part.exact))),
    };
  }

  private sequence(): Part {
    let within: readonly string[] | null = null;
    let exact = true;
    // Texts, one of which must stand directly before the current place.
    let run: readonly string[] = [''];
    while (this.at < this.pattern.length && this.peek() !== '|' && this.peek() !== ')') {
      const part = this.term();
      if (part.exact !== null && part.exact.length * run.length <= MOST_TEXTS) {
        const tails = part.exact;
        run = [...new Set(run.flatMap((head) => tails.map((tail) => head + tail)))];
        continue;
      }
      exact = false;
      within = better(better(within, run), part.within);
      run = part.exact ?? [''];
    }
    return { exact: exact ? run : null, within: better(within, run) };
  }

  private term(): Part {
    const part = this.atom();
    const least = this.quantifier();
    if (least === null) return part;
    const optional = least === '?' && part.exact !== null && !part.exact.includes('');
    if (optional) return { exact: [...(part.exact as readonly string[]), ''], within: null };
    return least === '1' ? { exact: null, within: better(part.within, part.exact) } : ANYTHING;
  }

  /**
   * Reads a quantifier: `1` for at least once, `0` for possibly never, `?` for once or never; null if there is none.
   */
  private quantifier(): '0' | '1' | '?' | null {
    const [text, least] = this.match(/(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/y) ?? [];
    if (text === undefined) return null;
    if (least !== undefined) return /^0+$/.test(least) ? '0' : '1';
    if (text[0] === '?') return '?';
    return text[0] === '+' ? '1' : '0';
  }

  private atom(): Part {
    const character = this.pattern[this.at++] as string;
    switch (character) {
      case '\\':
        return this.escape();
      case '[':
        return this.characterClass();
      case '(':
        return this.group();
      case '.':
        return ANYTHING;
      case '^':
      case '$':
        return NOTHING;
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
        throw new Unknown();
      default:
        return this.literal(character);
    }
  }

  private group(): Part {
    const [opening] = this.match(/\?(?:<?[=!]|:|<[^>]*>)/y) ?? [];
    if (opening === undefined && this.peek() === '?') throw new Unknown();
    const part = this.alternatives();
    if (!this.take(')')) throw new Unknown();
    return opening !== undefined && /[=!]$/.test(opening) ? NOTHING : part;
  }

  private escape(): Part {
    if (this.match(/[bB]/y) !== null) return NOTHING;
    const escaped = this.match(/[\^$\\.*+?()[\]{}|/]/y);
    if (escaped !== null) return this.literal(escaped[0] as string);
    const known =
      /[dDwWsStnvfr]|[pP]\{[^}]*\}|k<[^>]*>|[0-9]+|c[A-Za-z]|x[0-9A-Fa-f]{2}|u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}/y;
    if (this.match(known) === null) throw new Unknown();
    return ANYTHING;
  }

  /** A class of few characters counts as alternatives; of a larger one nothing is known. */
  private characterClass(): Part {
    const [text] = this.match(/(?:[^\]\\]|\\.)*\]/suy) ?? [];
    if (text === undefined) throw new Unknown();
    const members = text.slice(0, -1);
    if (members.length === 0 || members.length > MOST_TEXTS || !/^[^^\\\-\u0080-\uffff]*$/.test(members))
      return ANYTHING;
    return { exact: union([...members].map((member) => this.literal(member).exact)), within: null };
  }

  private literal(character: string): Part {
    if (character.charCodeAt(0) > 127) return ANYTHING;
    return { exact: [this.fold ? character.toLowerCase() : character], within: null };
  }

  private peek(): string | undefined {
    return this.pattern[this.at];
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }

  /** Matches a sticky expression at the current place, and moves past the match. */
  private match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    const found = expression.exec(this.pattern);
    if (found !== null) this.at = expression.lastIndex;
    return found;
  }
}

/** All of the texts; null if one of the sets is unknown or there are too many. */
function union(sets: readonly (readonly string[] | null)[]): readonly string[] | null {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === null) return null;
    for (const text of set) all.add(text);
  }
  return all.size <= MOST_TEXTS ? [...all] : null;
}
