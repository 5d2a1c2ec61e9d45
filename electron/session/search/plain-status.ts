/**
 * Whether a message has one of some status codes, form by form and place by place, as native/decode/status-forms.ts tells
 * them: the plain twin of match-status.ts.
 */
import { ENDS_OF_WORDS, FIRST_DISTINCT, LINKS, MOST_SIGNS, WHOLE_WORDS } from '../../../native/decode/status-forms.ts';
import type { StatusQuery } from '../../../native/decode/status-query.ts';

/** A text in lower case that stands for a code, and what must be before and behind it. */
interface Form {
  readonly text: string;
  readonly before: 'word' | 'decimal' | 'status word';
  readonly behind: 'word' | 'decimal';
}

/** Whether a message has one of the codes, in one of the forms. */
export function holdsStatus({ codes, names }: StatusQuery, message: string): boolean {
  const text = message.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const forms = [
    ...names.map((name): Form => ({ text: name.toLowerCase(), before: 'word', behind: 'word' })),
    ...codes.flatMap((code) => (code >= FIRST_DISTINCT ? distinctForms(code) : smallForms(code))),
  ];
  return forms.some((form) => placesOf(text, form.text).some((at) => stands(text, at, form)));
}

const zeros = (most: number): string[] => Array.from({ length: most + 1 }, (_, count) => '0'.repeat(count));

function distinctForms(code: number): Form[] {
  const hex = code.toString(16);
  const marked = [...zeros(8), 'ffffffff'].map((before) => `0x${before}${hex}`);
  const negative = code - 2 ** 32;
  return [
    ...[...marked, `ffffffff${hex}`].map((text): Form => ({ text, before: 'word', behind: 'word' })),
    { text: hex, before: 'status word', behind: 'word' },
    { text: `${code}`, before: 'decimal', behind: 'decimal' },
    ...(code >= 2 ** 31 ? [{ text: `${negative}`, before: 'word', behind: 'decimal' } as const] : []),
  ];
}

function smallForms(code: number): Form[] {
  const hex = code.toString(16);
  return [
    ...zeros(15).map((before): Form => ({ text: `0x${before}${hex}`, before: 'status word', behind: 'word' })),
    { text: hex.padStart(8, '0'), before: 'status word', behind: 'word' },
    { text: `${code}`, before: 'status word', behind: 'decimal' },
  ];
}

function placesOf(text: string, sought: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) places.push(at);
  return places;
}

function stands(text: string, at: number, form: Form): boolean {
  const end = at + form.text.length;
  const [previous = '', next = ''] = [text[at - 1], text[end]];
  if (isOfWord(next)) return false;
  if (form.behind === 'decimal' && isPoint(next) && isDigit(text[end + 1])) return false;
  if (form.before === 'status word') return isBehindStatusWord(text.slice(0, at));
  if (isOfWord(previous)) return false;
  return form.before === 'word' || (previous !== '-' && !(isPoint(previous) && isDigit(text[at - 2])));
}

const isOfWord = (character: string): boolean => character !== '' && /[0-9a-z_`]/.test(character);
const isPoint = (character: string): boolean => character === '.' || character === ',';
const isDigit = (character: string | undefined): boolean => character !== undefined && /[0-9]/.test(character);

const SIGNS = ' \t"\'=:([<#';

function isBehindStatusWord(before: string): boolean {
  let end = before.length;
  while (end > 0 && SIGNS.includes(before[end - 1] as string)) end--;
  const signs = before.length - end;
  if (signs < 1 || signs > MOST_SIGNS) return false;
  const said = before.slice(0, end);
  const linked = LINKS.filter((link) => said.endsWith(link)).map((link) => said.slice(0, -link.length));
  return [said, ...linked].some((words) => {
    if (ENDS_OF_WORDS.some((word) => words.endsWith(word))) return true;
    return WHOLE_WORDS.some((word) => words.endsWith(word) && !isOfWord(words[words.length - word.length - 1] ?? ''));
  });
}
