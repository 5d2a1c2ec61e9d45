import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REQUEST_CHANNELS } from './channels.ts';
import { SHOW_ALL } from './rows.ts';
import { InvalidRequest, validateRequest } from './validate.ts';

describe('validateRequest', () => {
  it('passes well-formed requests through unchanged', () => {
    const filter = {
      hiddenCpus: [0, 7],
      hiddenLevels: [3, 4],
      hiddenSources: [1],
      text: { pattern: 'irp', regex: false, caseSensitive: true },
    };
    expect(validateRequest('view.setFilter', filter)).toEqual(filter);
    const narrow = { ...filter, types: [0], pids: [4], origins: [65535], time: { fromNs: 5, toNs: 9 } };
    expect(validateRequest('view.setFilter', narrow)).toEqual(narrow);
    expect(validateRequest('view.rows', { generation: 1, first: 10, count: 100 })).toEqual({
      generation: 1,
      first: 10,
      count: 100,
    });
    expect(validateRequest('view.locate', { index: 5 })).toEqual({ index: 5 });
    expect(validateRequest('view.locate', { row: 5 })).toEqual({ row: 5 });
    expect(validateRequest('capture.stop', undefined)).toBeNull();
    expect(validateRequest('view.countFinds', { query: filter.text })).toEqual({ query: filter.text });
    expect(validateRequest('view.countFinds', { query: null })).toEqual({ query: null });
    expect(validateRequest('view.findSpread', { generation: 3, buckets: 200 })).toEqual({
      generation: 3,
      buckets: 200,
    });
  });

  it('drops fields it does not know', () => {
    expect(validateRequest('capture.start', { source: 'sim:a', extra: '/etc/passwd' })).toEqual({ source: 'sim:a' });
  });

  it.each([
    ['view.rows', { generation: 1, first: -1, count: 1 }],
    ['view.rows', { generation: 1, first: 0, count: 1e9 }],
    ['view.rows', { generation: Number.NaN, first: 0, count: 1 }],
    ['view.setTail', 1.5],
    ['view.countFinds', {}],
    ['view.findSpread', { generation: 1, buckets: 0 }],
    ['view.findSpread', { generation: 1, buckets: 1e9 }],
    ['view.setFilter', { ...SHOW_ALL, hiddenCpus: [99999] }],
    ['view.setFilter', { ...SHOW_ALL, hiddenLevels: [5] }],
    ['view.setFilter', { ...SHOW_ALL, hiddenSources: [65536] }],
    ['view.setFilter', { ...SHOW_ALL, origins: [65536] }],
    ['view.setFilter', { ...SHOW_ALL, text: { pattern: '', regex: false, caseSensitive: false } }],
    ['view.setFilter', { ...SHOW_ALL, text: { pattern: 'a', regex: 1, caseSensitive: false } }],
    ['capture.add', {}],
    ['capture.remove', { id: -1 }],
    ['export.start', { scope: 'everything', format: 'csv', path: null }],
    ['capture.start', { source: 'x'.repeat(5000) }],
    ['app.setTheme', 'pink'],
    ['app.bootstrap', {}],
  ] as const)('rejects %s %j', (channel, value) => {
    expect(() => validateRequest(channel, value)).toThrow(InvalidRequest);
  });

  it('answers any value with a request or InvalidRequest, never another error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REQUEST_CHANNELS), fc.anything(), (channel, value) => {
        try {
          validateRequest(channel, value);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequest);
        }
      }),
    );
  });
});
