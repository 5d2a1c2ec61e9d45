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

  it('is in lower case where case is ignored', () => {
    expect(requiredText('[Ee]RROR', true)).toEqual(['error']);
  });

  it('gives up on what is nested too deep', () => {
    expect(requiredText(`${'('.repeat(5000)}error${')'.repeat(5000)}`, false)).toBeNull();
  });
});

describe('withoutLeadingRepeat', () => {
  it('drops what matches anything in front', () => {
    expect(withoutLeadingRepeat('.*.*?error.*')).toBe('error.*');
    expect(withoutLeadingRepeat('^.*error')).toBe('^.*error');
    expect(withoutLeadingRepeat('.*')).toBe('');
  });
});
