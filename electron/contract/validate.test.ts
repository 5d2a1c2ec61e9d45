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
    expect(validateRequest('view.locate', { timeNs: -5 })).toEqual({ timeNs: -5 });
    const history = { memoryCapBytes: 2 ** 30, policy: { keep: 'rows', rows: 1000 } };
    expect(validateRequest('history.set', history)).toEqual(history);
    const range = { generation: 1, first: 2, last: 3 };
    expect(validateRequest('view.copy', range)).toEqual(range);
    const selection = { scope: 'selection', range, format: 'csv', path: null };
    expect(validateRequest('export.start', selection)).toEqual(selection);
    expect(validateRequest('capture.stop', undefined)).toBeNull();
    expect(validateRequest('driver.capture', { captures: ['image', 'dbgprint'] })).toEqual({
      captures: ['image', 'dbgprint'],
    });
    expect(validateRequest('debugFilter.set', { component: 'DISK', mask: 0xffffffff })).toEqual({
      component: 'DISK',
      mask: 0xffffffff,
    });
    expect(validateRequest('view.countFinds', { query: filter.text })).toEqual({ query: filter.text });
    expect(validateRequest('view.countFinds', { query: null })).toEqual({ query: null });
    expect(validateRequest('view.findSpread', { generation: 3, buckets: 200 })).toEqual({
      generation: 3,
      buckets: 200,
    });
  });

  it('drops fields it does not know', () => {
    expect(validateRequest('capture.start', { source: 'sim:a', extra: '/etc/passwd' })).toEqual({ source: 'sim:a' });
    // The file to install is asked for by the main process alone.
    expect(validateRequest('driver.change', { change: 'install', path: 'C:\\evil.sys' })).toEqual({
      change: 'install',
    });
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
    ['export.start', { scope: 'everything', range: null, format: 'csv', path: null }],
    ['export.start', { scope: 'selection', range: { first: 0, last: 1 }, format: 'csv', path: null }],
    ['view.density', { buckets: 1e9 }],
    ['view.locate', { timeNs: 0.5 }],
    ['history.set', { memoryCapBytes: 1024, policy: { keep: 'all' } }],
    ['history.set', { memoryCapBytes: 2 ** 30, policy: { keep: 'rows', rows: 1 } }],
    ['history.set', { memoryCapBytes: 2 ** 30, policy: { keep: 'some' } }],
    ['capture.start', { source: 'x'.repeat(5000) }],
    ['app.setTheme', 'pink'],
    ['driver.change', { change: 'format' }],
    ['driver.change', 'install'],
    ['debugFilter.set', { component: 'DEFAULT', mask: 2 ** 32 }],
    ['debugFilter.set', { component: 'DEFAULT', mask: -1 }],
    ['debugFilter.set', { component: 7, mask: 1 }],
    ['driver.capture', { captures: ['registry'] }],
    ['driver.capture', { captures: 'image' }],
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
