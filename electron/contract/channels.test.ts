import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRequest, REQUEST_CHANNELS, type RequestChannel } from './channels.ts';
import { MAX_PATTERN_TEXT, patternFailure } from './limits.ts';
import { SHOW_ALL } from './rows.ts';

/** A request with the session or view that calls of its room are about. */
function sent(channel: RequestChannel, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (channel.startsWith('view.')) return { view: 7, ...value };
  return channel.startsWith('session.') ? { session: 3, ...value } : value;
}

/** What the check makes of it, without these numbers; the code of its failure. */
function requestOf(channel: RequestChannel, value: unknown): unknown {
  const checked = checkRequest(channel, sent(channel, value));
  if (!checked.ok) return checked.failure.code;
  const { view, session, ...others } = (checked.value ?? {}) as Record<string, unknown>;
  if (channel.startsWith('view.')) expect(view).toBe(7);
  if (channel.startsWith('session.')) expect(session).toBe(3);
  return checked.value === null ? null : others;
}

/** A filter of events of a driver. */
const passing = { pidMode: 'all', pids: [], pathMode: 'all', paths: [] };

describe('checkRequest', () => {
  it('passes well-formed requests through unchanged', () => {
    const filter = {
      hiddenCpus: [0, 7],
      hiddenLevels: [3, 4],
      hiddenSources: [1],
      text: { pattern: 'irp', regex: false, caseSensitive: true },
    };
    expect(requestOf('view.setFilter', { filter })).toEqual({ filter });
    const narrow = { ...filter, types: [0], pids: [4], origins: [65535], time: { fromNs: 5, toNs: 9 } };
    expect(requestOf('view.setFilter', { filter: narrow })).toEqual({ filter: narrow });
    expect(requestOf('view.rows', { generation: 1, first: 10, count: 100 })).toEqual({
      generation: 1,
      first: 10,
      count: 100,
    });
    expect(requestOf('view.locate', { target: { index: 5 } })).toEqual({ target: { index: 5 } });
    expect(requestOf('view.locate', { target: { row: 5 } })).toEqual({ target: { row: 5 } });
    expect(requestOf('view.locate', { target: { timeNs: -5 } })).toEqual({ target: { timeNs: -5 } });
    const history = { memoryCapBytes: 2 ** 30, policy: { keep: 'rows', rows: 1000 } };
    expect(requestOf('session.setRetention', { settings: history })).toEqual({ settings: history });
    const range = { generation: 1, first: 2, last: 3 };
    const options = { losses: false, spreadsheetSafe: true };
    expect(requestOf('view.copy', { range, format: 'markdown', options })).toEqual({
      range,
      format: 'markdown',
      options,
    });
    const selection = { scope: 'selection', range, format: 'csv', options };
    expect(requestOf('view.export', selection)).toEqual(selection);
    expect(requestOf('app.bootstrap', undefined)).toBeNull();
    const events = { capture: 'registry', filter: { ...passing, pathMode: 'exclude', paths: ['\\Run'] } };
    expect(requestOf('driver.filter', events)).toEqual(events);
    expect(requestOf('driver.capture', { captures: ['image', 'dbgprint'] })).toEqual({
      captures: ['image', 'dbgprint'],
    });
    expect(requestOf('debugFilter.set', { component: 'DISK', mask: 0xffffffff })).toEqual({
      component: 'DISK',
      mask: 0xffffffff,
    });
    const some = {
      ...{ generation: 1, first: 2, last: 9 },
      parts: [
        { first: 2, last: 2 },
        { first: 5, last: 9 },
      ],
    };
    expect(requestOf('view.toggleBookmarks', { range: some })).toEqual({ range: some });
    expect(requestOf('view.countFinds', { query: filter.text })).toEqual({ query: filter.text });
    expect(requestOf('view.countFinds', { query: null })).toEqual({ query: null });
    expect(requestOf('view.findSpread', { generation: 3, buckets: 200 })).toEqual({
      generation: 3,
      buckets: 200,
    });
  });

  it('drops fields it does not know', () => {
    expect(requestOf('session.start', { source: 'sim:a', extra: '/etc/passwd' })).toEqual({ source: 'sim:a' });
    // The file to install is asked for by the main process alone.
    expect(requestOf('driver.change', { change: 'install', path: 'C:\\evil.sys' })).toEqual({
      change: 'install',
    });
  });

  it.each([
    ['view.rows', { generation: 1, first: -1, count: 1 }],
    ['view.rows', { generation: 1, first: 0, count: 1e9 }],
    ['view.rows', { generation: Number.NaN, first: 0, count: 1 }],
    ['view.setTail', { rows: 1.5 }],
    ['view.setTail', { rows: 1, fields: null }],
    ['view.rows', { generation: 1, first: 0, count: 1, fields: 'tcp.port' }],
    ['view.rows', { generation: 1, first: 0, count: 1, fields: ['port'] }],
    ['view.rows', { generation: 1, first: 0, count: 1, fields: ['tcp.port x'] }],
    ['view.rows', { generation: 1, first: 0, count: 1, fields: [7] }],
    ['view.rows', { generation: 1, first: 0, count: 1, fields: [`tcp.${'x'.repeat(1000)}`] }],
    ['view.rows', { generation: 1, first: 0, count: 1, fields: Array(9).fill('tcp.port') }],
    ['view.countFinds', {}],
    ['view.findSpread', { generation: 1, buckets: 0 }],
    ['view.findSpread', { generation: 1, buckets: 1e9 }],
    ['view.setFilter', { filter: { ...SHOW_ALL, hiddenCpus: [99999] } }],
    ['view.setFilter', { filter: { ...SHOW_ALL, hiddenLevels: [5] } }],
    ['view.setFilter', { filter: { ...SHOW_ALL, hiddenSources: [65536] } }],
    ['view.setFilter', { filter: { ...SHOW_ALL, origins: [65536] } }],
    ['view.setFilter', { filter: { ...SHOW_ALL, text: { pattern: '', regex: false, caseSensitive: false } } }],
    ['view.setFilter', { filter: { ...SHOW_ALL, text: { pattern: 'a', regex: 1, caseSensitive: false } } }],
    ['session.add', {}],
    ['session.remove', { id: -1 }],
    ['view.export', { scope: 'everything', range: null, format: 'csv' }],
    ['view.export', { scope: 'selection', range: { first: 0, last: 1 }, format: 'csv' }],
    ['view.export', { scope: 'all', range: null, format: 'csv' }],
    ['view.export', { scope: 'all', range: null, format: 'csv', options: { losses: 1, spreadsheetSafe: true } }],
    [
      'view.copy',
      {
        range: { generation: 1, first: 2, last: 3 },
        format: 'parquet',
        options: { losses: true, spreadsheetSafe: true },
      },
    ],
    ['view.toggleBookmarks', { range: { generation: 1, first: 2, last: 9, parts: [{ first: 1, last: 2 }] } }],
    ['view.toggleBookmarks', { range: { generation: 1, first: 2, last: 9, parts: [{ first: 8, last: 10 }] } }],
    ['view.toggleBookmarks', { range: { generation: 1, first: 2, last: 9, parts: [{ first: 5, last: 4 }] } }],
    [
      'view.toggleBookmarks',
      {
        range: {
          ...{ generation: 1, first: 2, last: 9 },
          parts: [
            { first: 4, last: 5 },
            { first: 5, last: 6 },
          ],
        },
      },
    ],
    [
      'view.toggleBookmarks',
      {
        range: {
          generation: 1,
          first: 0,
          last: 999,
          parts: Array.from({ length: 257 }, (_, n) => ({ first: n, last: n })),
        },
      },
    ],
    ['view.locateSpans', { spans: [{ first: 1 }] }],
    ['library.open', { id: '../up' }],
    ['library.setSettings', { settings: { record: true, mostBytes: 1, mostDays: 30 } }],
    ['view.density', { buckets: 1e9 }],
    ['view.locate', { target: { timeNs: 0.5 } }],
    ['session.setRetention', { settings: { memoryCapBytes: 1024, policy: { keep: 'all' } } }],
    ['session.setRetention', { settings: { memoryCapBytes: 2 ** 30, policy: { keep: 'rows', rows: 1 } } }],
    ['session.setRetention', { settings: { memoryCapBytes: 2 ** 30, policy: { keep: 'some' } } }],
    ['session.start', { source: 'x'.repeat(5000) }],
    ['app.setTheme', { theme: 'pink' }],
    ['view.setPaused', { paused: 1 }],
    ['session.stop', { session: -1 }],
    ['workspace.openView', { like: 'mine' }],
    ['session.setCaptureFilter', { filter: undefined }],
    ['driver.change', { change: 'format' }],
    ['driver.change', 'install'],
    ['debugFilter.set', { component: 'DEFAULT', mask: 2 ** 32 }],
    ['debugFilter.set', { component: 'DEFAULT', mask: -1 }],
    ['debugFilter.set', { component: 7, mask: 1 }],
    ['driver.capture', { captures: ['files'] }],
    ['driver.filter', { capture: 'dbgprint', filter: passing }],
    ['driver.filter', { capture: 'registry' }],
    ['driver.filter', { capture: 'registry', filter: { ...passing, pidMode: 'include' } }],
    ['driver.filter', { capture: 'registry', filter: { ...passing, pidMode: 'some' } }],
    ['driver.filter', { capture: 'registry', filter: { ...passing, pidMode: 'include', pids: [-1] } }],
    ['driver.filter', { capture: 'registry', filter: { ...passing, pathMode: 'include', paths: [7] } }],
    ['driver.filter', { capture: 'registry', filter: { ...passing, pathMode: 'include', paths: ['x'.repeat(127)] } }],
    ['driver.filter', { capture: 'handles', filter: { ...passing, pathMode: 'include', paths: ['x'] } }],
    ['driver.capture', { captures: 'image' }],
    ['driver.mask', { name: 'two words', levels: [], types: [] }],
    ['driver.mask', { name: '', levels: [], types: [] }],
    ['driver.mask', { name: 'x'.repeat(24), levels: [], types: [] }],
    ['driver.mask', { name: 'nic', levels: [32], types: [] }],
    ['driver.mask', { name: 'nic', levels: [], types: [-1] }],
    ['driver.mask', { name: 'nic', levels: [] }],
    ['driver.stacks', { name: 'two words', levels: [] }],
    ['driver.stacks', { name: 'nic', levels: [32] }],
    ['driver.stacks', { name: 'nic' }],
    ['app.bootstrap', {}],
  ] as const)('rejects %s %j', (channel, value) => {
    expect(requestOf(channel, value)).toBe('bad-argument');
  });

  it('answers any value with a request or a failure, and throws nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REQUEST_CHANNELS), fc.anything(), (channel, value) => {
        const checked = checkRequest(channel, value);
        if (!checked.ok) expect(checked.failure.message).not.toBe('');
      }),
    );
  });
});

describe('a list with holes', () => {
  it('is refused: a hole is no number, and no handler may see one', () => {
    // biome-ignore lint/suspicious/noSparseArray: it is what is tried
    const holes = [, 1, , 2] as unknown[];
    expect(requestOf('view.setFilter', { filter: { ...SHOW_ALL, hiddenCpus: holes } })).toBe('bad-argument');
    expect(requestOf('driver.capture', { captures: new Array(2) })).toBe('bad-argument');
  });
});

describe('what a page may name', () => {
  it('is a source by the name it can have, without blanks around it', () => {
    for (const name of [
      'sim:demo',
      'sim:a.b_c-9',
      'driver:',
      'driver:RingViewSample',
      'driver:Volumetric.Log',
      'driver:ComTrace',
      'dbwin:',
      'dbwin:global',
      'etw:kernel',
      'etw:kernel:dbgprint+process',
      'etw:session:NT Kernel Logger',
      'etw:Microsoft-Windows-Kernel-Process:0x10:5+{22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716}::verbose',
      'channel:System',
      'channel:Microsoft-Windows-Kernel-PnP/Configuration',
    ])
      expect(requestOf('session.start', { source: ` ${name} ` })).toEqual({ source: name });
  });

  it.each([
    '/etc/passwd',
    'C:\\Windows\\win.ini',
    'file:/etc/passwd',
    'file:///etc/passwd',
    'sim:',
    'sim:../../etc/passwd',
    'sim:a/b',
    'sim:a b',
    'sim:a;reboot',
    'sim:$(reboot)',
    'sim:a\0b',
    'sim:a\nb',
    `sim:${'a'.repeat(49)}`,
    'driver:..',
    'driver:.',
    'driver:\\\\.\\PhysicalDrive0',
    'driver:C:',
    'driver:pipe\\x',
    'driver:a/b',
    'driver:Nul.',
    'driver:nul.x',
    'driver:PhysicalDrive0',
    'driver:COM1',
    'driver:HarddiskVolume3',
    'driver:GLOBALROOT',
    'dbwin:local',
    'etw:driver.pdb',
    'etw:C:\\driver.pdb',
    'etw:../x',
    'etw:a+driver.PDB:1',
    'etw:session:\\\\host\\x',
    'etw:kernel:../x',
    'etw:a:0x10:5:6',
    'etw:{22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716',
    'channel:../System',
    'channel:C:\\x.evtx',
    'channel:/etc/passwd',
    'channel:a/b/c',
    'etl:C:\\log.etl',
    'constructor:',
    '__proto__:',
  ])('is no path, device of another kind or word of a shell: %j', (source) => {
    for (const channel of ['session.start', 'session.add'] as const)
      expect(requestOf(channel, { source })).toBe('bad-argument');
  });

  it('is no file to write to: an export has no field for one', () => {
    const options = { losses: true, spreadsheetSafe: true };
    const wanted = { scope: 'all', range: null, format: 'csv', options };
    expect(requestOf('view.export', { ...wanted, path: '/etc/profile', filePath: '/etc/profile' })).toEqual(wanted);
  });

  it.each(['..\\Run', 'DEFAULT\0', 'a b', '', 'x'.repeat(65), 'HKLM\\Software'])(
    'is no key of the registry: %j',
    (component) => expect(requestOf('debugFilter.set', { component, mask: 1 })).toBe('bad-argument'),
  );
});

describe('a text that is too long', () => {
  const query = (length: number) => ({ pattern: 'x'.repeat(length), regex: false, caseSensitive: false });

  it('is refused with how long it may be, and the longest one is not', () => {
    const filter = (length: number) =>
      checkRequest('view.setFilter', { view: 1, filter: { ...SHOW_ALL, text: query(length) } });
    expect(filter(MAX_PATTERN_TEXT).ok).toBe(true);
    const refused = filter(MAX_PATTERN_TEXT + 1);
    expect(refused).toEqual({ ok: false, failure: patternFailure('x'.repeat(4097)) });
    expect(refused.ok ? '' : refused.failure.message).toContain('4,096');
    expect(checkRequest('view.countFinds', { view: 1, query: query(10_000_000) }).ok).toBe(false);
    expect(checkRequest('session.start', { session: 1, source: `sim:${'x'.repeat(10_000_000)}` }).ok).toBe(false);
  });
});
