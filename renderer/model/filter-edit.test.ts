/** What a click adds to the filter box: a term that can be read, changed and taken back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knowTypes } from '../../electron/contract/filter/known-names.ts';
import { filterTree } from '../../electron/contract/filter/parse.ts';
import type { FilterTerm } from '../../electron/contract/filter/tree.ts';
import { type BoxPart, beforeBegun, boxOf, lineOf, readBox, samePart, withPart, withTerm } from './filter-edit.ts';

const cpu = (...numbers: number[]): FilterTerm => ({
  kind: 'number',
  field: 'cpu',
  ranges: numbers.map((from) => ({ from, to: from })),
});
const time = (from: number, to: number): FilterTerm => ({ kind: 'number', field: 'time', ranges: [{ from, to }] });
const process = (name: string): FilterTerm => ({ kind: 'name', field: 'process', patterns: [name] });
const like: FilterTerm = { kind: 'like', template: 'read # of "x"' };

const part = (pattern: string, regex = false, caseSensitive = false): BoxPart => {
  const read = readBox({ pattern, regex, caseSensitive });
  if ('fault' in read) throw new Error(read.fault.failure.message);
  return read.part;
};

describe('a click adds to the filter box', () => {
  it.each<[BoxPart, FilterTerm, boolean, string]>([
    [part(''), cpu(3), false, 'cpu:3'],
    [part(''), cpu(3), true, '-cpu:3'],
    [part('IRP 0x12 failed'), cpu(3), false, 'IRP 0x12 failed cpu:3'],
    [part('failed (5) -1'), cpu(3), false, '"failed (5) -1" cpu:3'],
    [part('not found'), cpu(3), true, '"not found" -cpu:3'],
    [part('a/b', true), cpu(3), false, '/a\\/b/i cpu:3'],
    [part('a/b', true, true), cpu(3), false, '/a\\/b/ cpu:3'],
    [part('cpu:1 x'), cpu(3), false, 'cpu:3 x'],
    [part('-cpu:1'), cpu(2), true, '-cpu:1-2'],
    [part('-cpu>=4'), cpu(2), true, '-cpu>=4 -cpu:2'],
    [part('-process:a'), process('b, c'), true, '-process:a,"b, c"'],
    [part('cpu:1 or x'), cpu(3), true, '(cpu:1 or x) -cpu:3'],
    [part('x -like:"a"'), like, true, 'x -like:"a" -like:"read # of ""x"""'],
    [part('-like:"read # of ""x"""'), like, true, '-like:"read # of ""x"""'],
  ])('%j and a term', (before, term, hides, pattern) => {
    expect(withTerm(before, term, hides).pattern).toBe(pattern);
    expect(filterTree(pattern).ok).toBe(true);
  });

  it.each([
    ['time:12s-13s', 'time:1ns-2ns'],
    ['irp time:12s-13s cpu:1', 'irp time:1ns-2ns cpu:1'],
    // By the clock, by more terms than one, and at one end alone.
    ['time>14:03:22.5', 'time:1ns-2ns'],
    ['time>12s irp time<13s', 'time:1ns-2ns irp'],
    ['time:14:03:00-14:10:00 time>12s', 'time:1ns-2ns'],
    // What is hidden stays hidden, and what is one of several is no wish for a time.
    ['-time:12s-13s', '-time:12s-13s time:1ns-2ns'],
    ['error or time:12s', '(error or time:12s) time:1ns-2ns'],
    ['delta>1ms', 'delta>1ms time:1ns-2ns'],
  ])('a time takes the place of those that were asked for before: %s', (before, after) => {
    expect(withTerm(part(before), time(1, 2), false).pattern).toBe(after);
    expect(withTerm(part(after), time(1, 2), false).pattern).toBe(after);
  });

  it('a number that is shown alone takes the place of all bounds on it, and one that is hidden of none', () => {
    expect(withTerm(part('cpu>2 cpu<5'), cpu(7), false).pattern).toBe('cpu:7');
    expect(withTerm(part('-cpu:1 -cpu>=4'), cpu(2), true).pattern).toBe('-cpu:1-2 -cpu>=4');
  });

  it('and what was typed stays as it was typed', () => {
    const fields = [{ name: 'port', description: '', values: [], ordered: true }];
    knowTypes([{ type: 65286, name: 'network', description: '', added: false, fields }]);
    const port: FilterTerm = { kind: 'field', name: 'network.port', relation: ':', values: ['443'] };
    const added = (pattern: string) => withTerm(part(pattern), port, false).pattern;
    expect(added('type:network')).toBe('type:network network.port:443');
    expect(added('TYPE:network  port:80')).toBe('TYPE:network  port:80 network.port:443');
    expect(added('type:network or cpu:0x1')).toBe('(type:network or cpu:0x1) network.port:443');
    // What is typed would be read as one text with the term.
    expect(added('read or write')).toBe('"read or write" network.port:443');
    expect(withTerm(part('type:network'), { kind: 'text', text: 'a b' }, false).pattern).toBe('type:network a b');
    knowTypes([]);
  });

  it('and leaves the case of texts as it was', () => {
    expect(withTerm(part('Abc', false, true), cpu(1), false)).toEqual({
      ...{ pattern: 'Abc cpu:1', regex: false, caseSensitive: true },
    });
    expect(withTerm(part('Abc cpu:2', false, true), cpu(1), true).caseSensitive).toBe(true);
  });
});

describe('the box', () => {
  it('is one text, terms, an expression, or a mistake with its place', () => {
    expect(part('a b')).toEqual({ text: { pattern: 'a b', regex: false, caseSensitive: false } });
    expect(part('cpu:1')).toEqual({ text: null, terms: { text: 'cpu:1', caseSensitive: false } });
    expect(part('cpu:1', true)).toEqual({ text: { pattern: 'cpu:1', regex: true, caseSensitive: false } });
    expect(readBox({ pattern: 'cpu:x', regex: false, caseSensitive: false })).toMatchObject({
      fault: { from: 4, to: 5 },
    });
    expect(readBox({ pattern: 'x'.repeat(5000), regex: true, caseSensitive: false })).toMatchObject({
      fault: { to: 0 },
    });
  });

  it.each([
    ['cpu:3 l', 'cpu:3 level:high', 'cpu:3'],
    ['cpu:3 level', 'cpu:3 level:high', 'cpu:3'],
    ['le', 'level:high', ''],
    ['le cpu:3', 'level:high cpu:3', ' cpu:3'],
    // What is in force is the term as it was before a mistake in it, or has nothing to do with it.
    ['cpu:0-1', 'cpu:0-', null],
    ['cpu:3', 'cpu:3 level:high', null],
    ['cpu:3 x', 'cpu:3 level:high', null],
    ['cpu:3 level', 'cpu:3 level:high cpu:y', null],
  ])('of "%s" in force under "%s" leaves %j where a term was only begun', (inForce, typed, left) => {
    const box = { regex: false, caseSensitive: false };
    const read = readBox({ pattern: typed, ...box });
    if (!('fault' in read)) throw new Error('a mistake was expected');
    const before = beforeBegun({ pattern: inForce, ...box }, { pattern: typed, ...box }, read.fault);
    expect(before).toEqual(left === null ? null : part(left));
  });

  it('says any part so that it is read as it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'a b', 'cpu:1 -x', '(a or b)'),
        fc.boolean(),
        fc.boolean(),
        (pattern, regex, caseSensitive) => {
          const said = part(pattern, regex, caseSensitive);
          const again = readBox(boxOf(said));
          expect('part' in again && samePart(again.part, said)).toBe(true);
        },
      ),
    );
  });

  it('is remembered as a line that means the same without its switch', () => {
    expect(lineOf(part('a b'))).toBe('a b');
    expect(lineOf(part('cpu:1 x'))).toBe('cpu:1 x');
    expect(lineOf(part('a/b+', true))).toBe('/a\\/b+/i');
  });

  it('leaves what the chips hide', () => {
    const spec = {
      hiddenCpus: [1],
      hiddenLevels: [],
      hiddenSources: [],
      text: null,
      terms: { text: 'cpu:1', caseSensitive: false },
    };
    expect(withPart(spec, part('x'))).toEqual({ hiddenCpus: [1], hiddenLevels: [], hiddenSources: [], ...part('x') });
  });
});
