/** The words of a C header, as far as a schema is made of it: numbers that are defined, comments, names and signs. */

export type CToken = { readonly line: number } & (
  | { readonly is: 'comment'; readonly text: string; readonly endLine: number }
  | { readonly is: 'define'; readonly name: string; readonly value: bigint; readonly comment: string }
  | { readonly is: 'pack'; readonly bytes: number | null }
  | { readonly is: 'name'; readonly text: string }
  | { readonly is: 'number'; readonly value: bigint }
  | { readonly is: 'sign'; readonly text: string }
);

const DEFINE =
  /^#[ \t]*define[ \t]+(\w+)[ \t]+\(?(-?)(0[xX][0-9a-fA-F]{1,16}|\d{1,20})[uUlL]{0,3}\)?[ \t]*(?:\/\*(.*?)\*\/|\/\/(.*))?[ \t]*$/;
const PACK = /^#[ \t]*pragma[ \t]+pack[ \t]*\([ \t]*(?:push[ \t]*,[ \t]*)?(\d+|pop)?[ \t]*\)/;
const WORD = /[A-Za-z_]\w*/y;
const NUMBER = /(0[xX][0-9a-fA-F]{1,16}|\d{1,20})[uUlL]{0,3}/y;
const QUOTED = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;

/** One line of a comment. */
const plainComment = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/^[ \t]*\*?[ \t]?/, '').trim())
    .filter((line) => line !== '')
    .join(' ')
    .trim();

/** Never fails: what is not known is left out. Takes a time in proportion to the length of the text. */
export function* cTokens(source: string): Generator<CToken> {
  const text = source.replaceAll('\r\n', '\n');
  let at = 0;
  let line = 1;
  let lineBegins = true;
  while (at < text.length) {
    const character = text[at] as string;
    if (character === '\n') {
      line++;
      at++;
      lineBegins = true;
      continue;
    }
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    if (character === '#' && lineBegins) {
      let end = text.indexOf('\n', at);
      while (end > 0 && text[end - 1] === '\\') end = text.indexOf('\n', end + 1);
      if (end < 0) end = text.length;
      const whole = text.slice(at, end);
      // A comment that goes on below the line is read by itself.
      const opened = whole.lastIndexOf('/*');
      if (opened >= 0 && whole.indexOf('*/', opened) < 0) end = at + opened;
      const directive = text.slice(at, end);
      const [, name, sign, digits, blockComment, lineComment] = DEFINE.exec(directive) ?? [];
      const packed = PACK.exec(directive);
      if (name !== undefined && digits !== undefined) {
        const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
        yield { is: 'define', line, name, value, comment: (blockComment ?? lineComment ?? '').trim() };
      } else if (packed !== null) {
        yield { is: 'pack', line, bytes: packed[1] === undefined || packed[1] === 'pop' ? null : Number(packed[1]) };
      }
      line += directive.split('\n').length - 1;
      at = end;
      continue;
    }
    lineBegins = false;
    if (text.startsWith('/*', at) || text.startsWith('//', at)) {
      const isBlock = text[at + 1] === '*';
      const found = text.indexOf(isBlock ? '*/' : '\n', at + 2);
      const end = found < 0 ? text.length : found;
      const inner = text.slice(at + 2, end);
      const endLine = line + inner.split('\n').length - 1;
      yield { is: 'comment', line, endLine, text: plainComment(inner) };
      line = endLine;
      at = isBlock ? Math.min(text.length, end + 2) : end;
      continue;
    }
    const match = (expression: RegExp): RegExpExecArray | null => {
      expression.lastIndex = at;
      return expression.exec(text);
    };
    const word = match(WORD);
    if (word !== null) {
      yield { is: 'name', line, text: word[0] };
      at += word[0].length;
      continue;
    }
    const number = match(NUMBER);
    if (number !== null) {
      yield { is: 'number', line, value: BigInt(number[1] as string) };
      at += number[0].length;
      continue;
    }
    const quoted = match(QUOTED);
    if (quoted === null) yield { is: 'sign', line, text: character };
    at += quoted?.[0].length ?? 1;
  }
}
