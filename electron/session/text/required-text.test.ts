import { describe, expect, it } from 'vitest';
import { requiredText, withoutLeadingRepeat } from './required-text.ts';

describe('requiredText', () => {
  it.each<[string, readonly string[] | null]>([
    ['timeout', ['timeout']],
    ['^usb', ['usb']],
    ['\\bTimeout\\b', ['Timeout']],
    ['fail(ed|ure)', ['failed', 'failure']],
    ['status=0x[0-9a-f]+', ['status=0x']],
    ['[^ ]+ failed', [' failed']],
    ['.*error.*', ['error']],
    ['colou?r', ['colour', 'color']],
    ['[Ee]rror', ['Error', 'error']],
    ['error|warning', ['error', 'warning']],
    ['(?<what>read|write) (?!ok)failed', ['read failed', 'write failed']],
    ['(?:abc)+d', ['abc']],
    ['a\\.b', ['a.b']],
    ['ab(cd)?', ['abcd', 'ab']],
    ['ab(?:x\\d)*cd', ['ab']],
    ['a|bcd', null],
    ['error|', null],
    ['(error)?', null],
    ['(?:error){0,3}', null],
    ['\\d+', null],
    ['(?=error)', null],
    ['(?i:error)', null],
    ['[a-z]rro', ['rro']],
    ['\\u{65}rror', ['rror']],
    ['(a)\\1bc', ['bc']],
    ['é ok', [' ok']],
  ])('of %s', (pattern, texts) => {
    expect(requiredText(pattern, false)).toEqual(texts);
  });

  const sixteen = [...'abcdefghijklmnop'];

  it.each<[string, string, readonly string[] | null]>([
    ['the longest, of two as long the first', 'abc.def.gh', ['abc']],
    ['a longer one behind', 'ab.cdef', ['cdef']],
    ['one text rather than two as long', '(?:cd|ef).ab', ['ab']],
    ['two longer texts rather than one', 'ab.(?:cde|fgh)', ['cde', 'fgh']],
    ['each text once', '(?:ab|ab|[aa]b)', ['ab']],
    ['what is certain beside a choice that is not', 'x(?:ab|.)yz', ['yz']],
    ['nothing where one choice is not known', 'abc|.', null],
    ['no single characters', 'a.b', null],
    ['as many texts as are worth looking for', `[${sixteen.join('')}]x`, sixteen.map((letter) => `${letter}x`)],
    ['no more than that', `[${sixteen.join('')}q]xy`, ['xy']],
    ['as many together', '[abcd][efgh]', [...'abcd'].flatMap((one) => [...'efgh'].map((other) => one + other))],
    ['no more together', '[abcde][fghi]xy', ['fxy', 'gxy', 'hxy', 'ixy']],
    ['as many choices', sixteen.map((letter) => `${letter}x`).join('|'), sixteen.map((letter) => `${letter}x`)],
    ['no more choices', [...sixteen, 'q'].map((letter) => `${letter}x`).join('|'), null],
  ])('takes %s', (_what, pattern, texts) => {
    expect(requiredText(pattern, false)).toEqual(texts);
  });

  it.each<[string, readonly string[] | null]>([
    ['ab{0}cd', ['cd']],
    ['ab{2}cd', ['cd']],
    ['(?:abc){2}', ['abc']],
    ['(?:abc){10,}', ['abc']],
    ['(?:abc){1,3}', ['abc']],
    ['(?:abc){0}', null],
    ['(?:abc){00,3}', null],
    ['(?:abc){0,}d', null],
    ['(?:abc)*', null],
    ['(?:abc)+?', ['abc']],
    ['ab*?cd', ['cd']],
    ['ab??cd', ['abcd', 'acd']],
    ['(?:a|)?bc', ['bc']],
    ['.?bc', ['bc']],
    ['(?:abc.)?', null],
  ])('of what is repeated: %s', (pattern, texts) => {
    expect(requiredText(pattern, false)).toEqual(texts);
  });

  it.each<[string, readonly string[] | null]>([
    ['(?<!x)error', ['error']],
    ['(?<=x)error', ['error']],
    ['error(?!x)', ['error']],
    ['(?<name>error)', ['error']],
    ['ab^cd', ['abcd']],
    ['ab$', ['ab']],
    ['\\Berror', ['error']],
    ['a\\/b', ['a/b']],
    ['\\^\\$', ['^$']],
    ...[
      '\\p{L}',
      '\\P{L}',
      '\\W',
      '\\n',
      '\\0',
      '\\cA',
      '\\x41',
      '\\u0041',
      '\\u{41}',
      '(?<name>x)\\k<name>',
      '(x)\\1',
    ].map((part): [string, readonly string[]] => [`${part}error`, ['error']]),
    ...['[]', '[^a]', '[a-c]', '[\\d]', '[\u00e9]', '[a\\]b]', '[\u{1f600}]'].map(
      (part): [string, readonly string[]] => [`${part}error`, ['error']],
    ),
    ['[\n]ab', ['\nab']],
    ['[\x7f]ab', ['\x7fab']],
    ['\x7fab', ['\x7fab']],
    ['\x80ab', ['ab']],
  ])('of what has a meaning of its own: %j', (pattern, texts) => {
    expect(requiredText(pattern, false)).toEqual(texts);
  });

  it.each([
    '*error',
    '+error',
    '?error',
    '{error',
    'error}',
    'error]',
    '(error',
    'error)',
    '[error',
    '\\qerror',
    'error\\',
    '(?error)',
  ])('gives up on what is no expression, or none it knows: %s', (pattern) => {
    expect(requiredText(pattern, false)).toBeNull();
  });

  it('is in lower case where case is ignored', () => {
    expect(requiredText('[Ee]RROR', true)).toEqual(['error']);
  });

  it('gives up on what is nested too deep', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}error${')'.repeat(depth)}`;
    expect(requiredText(nested(5000), false)).toBeNull();
    expect([requiredText(nested(49), false), requiredText(nested(50), false)]).toEqual([['error'], null]);
    // Groups beside each other are not nested.
    expect(requiredText('(ab)'.repeat(60), false)).toEqual(['ab'.repeat(60)]);
  });
});

describe('withoutLeadingRepeat', () => {
  it('drops what matches anything in front', () => {
    expect(withoutLeadingRepeat('.*.*?error.*')).toBe('error.*');
    expect(withoutLeadingRepeat('^.*error')).toBe('^.*error');
    expect(withoutLeadingRepeat('.*')).toBe('');
  });
});
