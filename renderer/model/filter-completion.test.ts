/** What the filter box offers at the cursor, and what becomes of the text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knowTypes } from '../../electron/contract/filter/known-names.ts';
import { readFilter } from '../../electron/contract/filter/parse.ts';
import { statusNames } from './decoding.ts';
import { completed, completionsAt, type Occurring, occurringIn } from './filter-completion.ts';

const KNOWN: Occurring = {
  cpus: [0, 1, 10, 11],
  sources: ['sim:lab', 'my log, old.txt'],
  processes: ['nicd.exe', 'System', 'a (b).exe'],
  eventNames: (field) => (field === 'provider' ? ['Nic-Driver', 'Disk'] : []),
  statuses: statusNames,
};

const labels = (text: string, at = text.length, asked = false) =>
  completionsAt(text, at, KNOWN, asked)?.items.map(({ label }) => label) ?? null;

describe('the filter box offers', () => {
  it.each<[string, string[] | null]>([
    ['', null],
    ['c', null],
    ['cp', ['cpu:']],
    ['foo (-pr', ['process:', 'provider:']],
    ['IRP', null],
    ['cpu:', ['0', '1', '10', '11']],
    ['cpu:1', ['1', '10', '11']],
    ['cpu:0,1', ['1', '10', '11']],
    ['cpu:10', null],
    ['-level>=w', ['warning']],
    ['level:', ['error', 'warning', 'info', 'trace', 'other']],
    ['source:lab', ['sim:lab']],
    ['source:d', ['driver', 'dbgprint', 'my log, old.txt']],
    ['process:', ['a (b).exe', 'nicd.exe', 'System']],
    ['provider:', ['Disk', 'Nic-Driver']],
    ['function:', null],
    ['origin:x', null],
    ['status:STATUS_IO_TIM', ['STATUS_IO_TIMEOUT']],
    ['-status:5,io_tim', ['STATUS_IO_TIMEOUT']],
    ['status:STATUS_IO_TIMEOUT', null],
    ['status:0xC00', null],
    ['status:no_such_thing', null],
    ['sta', ['status:']],
    ['time>', null],
    ['cpu:3 "lev', null],
    ['/lev', null],
    ['foo', null],
  ])('after %j: %j', (text, items) => {
    expect(labels(text)).toEqual(items);
  });

  it('fields of records whose names have what is typed, and their values beside their type', () => {
    const field = (name: string, values: string[] = []) => ({ name, description: '', values, ordered: true });
    const fields = [field('local_port'), field('remote_port'), field('protocol', ['TCP', 'UDP'])];
    knowTypes([{ type: 65286, name: 'network', description: '', added: false, fields }]);
    expect(labels('port')).toEqual(['network.local_port:', 'network.remote_port:']);
    expect(labels('pro')).toEqual(['process:', 'provider:', 'network.protocol:']);
    expect(labels('or')).toEqual(['origin:']);
    expect(labels('type:network protocol:')).toEqual(['TCP', 'UDP']);
    expect(labels('protocol:')).toBeNull();
    knowTypes([]);
  });

  it('all names where somebody asks for them, and nothing within a word', () => {
    expect(labels('', 0, true)).toHaveLength(19);
    expect(labels('level:error', 3)).toBeNull();
    expect(labels('(level:)', 7)).toHaveLength(5);
  });

  it('values that are read as themselves, whatever they are called', () => {
    const text = '-process:a (';
    expect(labels('-process:a')).toEqual(['a (b).exe', 'System'].slice(0, 1));
    const found = completionsAt('-process:a', 10, KNOWN);
    if (found === null) throw new Error('nothing is offered');
    const taken = completed('-process:a', found, found.items[0] as never);
    expect(taken).toEqual({ text: '-process:"a (b).exe"', at: 20 });
    expect(readFilter(taken.text)).toMatchObject({ as: 'terms', tree: { item: { patterns: ['a (b).exe'] } } });
    expect(labels(text)).toBeNull();
  });

  it('something that fits into the text, wherever the cursor is', () => {
    const pieces = fc.constantFrom('cpu:', 'le', 'source:s', ' ', '(', ')', '"', '-', ',', '/', 'process:', 'a');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), fc.nat({ max: 40 }), fc.boolean(), (parts, place, asked) => {
        const text = parts.join('');
        const at = Math.min(place, text.length);
        const found = completionsAt(text, at, KNOWN, asked);
        if (found === null) return;
        expect(0 <= found.from && found.from <= at && found.to === at).toBe(true);
        for (const item of found.items) {
          const after = completed(text, found, item);
          expect(after.text.slice(after.at)).toBe(text.slice(at));
        }
      }),
    );
  });

  it('some dozens of status codes at most, with their numbers', () => {
    const found = completionsAt('status:', 7, KNOWN);
    expect(found?.items).toHaveLength(50);
    const offered = completionsAt('status:access_d', 15, KNOWN)?.items ?? [];
    const denied = { insert: 'STATUS_ACCESS_DENIED', label: 'STATUS_ACCESS_DENIED', note: '0xC0000022' };
    expect(offered[0]).toEqual(denied);
    expect(offered).toContainEqual({ insert: 'ERROR_ACCESS_DENIED', label: 'ERROR_ACCESS_DENIED', note: '5' });
  });

  it('nothing that does not occur', () => {
    const { cpus, sources, processes, eventNames } = occurringIn(null, [], new Map(), () => []);
    expect({ cpus, sources, processes }).toEqual({ cpus: [], sources: [], processes: [] });
    expect(eventNames('provider')).toEqual([]);
  });

  it('each name of events once', () => {
    const names = { provider: 'Nic', event: 'Send', function: null, source_file: null };
    const numbered = new Map([1, 2].map((number) => [number, { ...names, event: `${number}` }]));
    const { eventNames } = occurringIn(null, [], numbered, () => []);
    expect([eventNames('provider'), eventNames('event'), eventNames('function')]).toEqual([['Nic'], ['1', '2'], []]);
  });
});
