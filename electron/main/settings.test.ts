import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEMORY_CAP } from '../contract/retention.ts';
import { DEFAULT_SETTINGS, parseSettings, withQuestions, withRecentSource, withSymbols } from './settings.ts';

describe('parseSettings', () => {
  it('keeps what makes sense', () => {
    const settings = {
      window: { x: -5, y: 10, width: 900, height: 600, maximized: true },
      secondWindow: { x: 50, y: 10, width: 800, height: 500, maximized: false },
      theme: 'dark',
      times: { kind: 'clock', digits: '100ns', delta: 'cpu' },
      alwaysOnTop: true,
      askBeforeClosing: false,
      tray: true,
      closeToTray: true,
      ...{ fontSize: 15.5, fontFamily: 'Fira Code', processColours: true },
      source: 'sim:lab',
      recentSources: ['sim:lab', 'sim:b'],
      recentFiles: [],
      symbols: [import.meta.dirname],
      schemas: [import.meta.filename],
      retention: { memoryCapBytes: 256 * 1024 ** 2, policy: { keep: 'rows', rows: 5000 } },
      library: { record: false, mostBytes: 5 * 1024 ** 3, mostDays: 7 },
      questions: ['from log', 'select 1'],
      filters: [{ name: 'errors', filter: { hiddenCpus: [], hiddenLevels: [1, 2], hiddenSources: [], text: null } }],
      highlights: [
        { of: 'rows', text: 'level:error', caseSensitive: false, colour: 'red', on: true },
        { of: 'words', text: 'a+', caseSensitive: true, colour: 'teal', on: false, regex: true },
      ],
      watches: [{ text: 'level:error', caseSensitive: false, action: 'sound', command: '', once: true, on: false }],
      saveFolder: import.meta.dirname,
      commands: { allowed: true, list: [{ name: 'tell', program: process.execPath, arguments: ['-v'] }] },
    };
    expect(parseSettings(JSON.stringify(settings))).toEqual(settings);
    const broken = { of: 'rows', text: 'cpu:x', caseSensitive: false, colour: 'red', on: true };
    const highlights = [broken, ...settings.highlights, { ...broken, text: 'x', colour: 'url(x)' }, null];
    expect(parseSettings(JSON.stringify({ ...settings, highlights }))).toEqual(settings);
  });

  it('keeps paths of files that were opened, and nothing that is no whole path', () => {
    const paths = ['/logs/a.log', 'b.log', 7, '/x\0y', `/${'x'.repeat(5000)}`, '/logs/b.ringview'];
    expect(parseSettings(JSON.stringify({ recentFiles: paths })).recentFiles).toEqual(
      process.platform === 'win32' ? [] : ['/logs/a.log', '/logs/b.ringview'],
    );
    expect(parseSettings('{"recentFiles":"/logs"}').recentFiles).toEqual([]);
  });

  it('keeps what events were explained by, the newest first, each once, and not without end', () => {
    const symbols = Array.from({ length: 16 }, (_, place) => `/s/${place}`);
    const changed = withSymbols({ ...DEFAULT_SETTINGS, symbols }, ['/new', '/s/3']).symbols ?? [];
    expect(changed.slice(0, 4)).toEqual(['/new', '/s/3', '/s/0', '/s/1']);
    expect(changed).toHaveLength(16);
    expect(parseSettings('{"symbols":["relative",7]}').symbols).toEqual([]);
  });

  it('takes the usual letters where others make no sense', () => {
    for (const fontSize of [8.5, 28.5, 12.3, '13', null])
      expect(parseSettings(JSON.stringify({ fontSize })).fontSize).toBe(12.5);
    for (const fontFamily of ['a, b', 'a"; x: y', ' Fira', 'url(x)', 'x'.repeat(65), 7])
      expect(parseSettings(JSON.stringify({ fontFamily })).fontFamily).toBe('');
    for (const fontFamily of ['Cascadia Mono', 'Iosevka-Term_2.0', '\uff2d\uff33 \u30b4\u30b7\u30c3\u30af'])
      expect(parseSettings(JSON.stringify({ fontFamily })).fontFamily).toBe(fontFamily);
  });

  it('takes defaults for what does not', () => {
    expect(parseSettings('{"window":{"width":-1,"height":"x"},"theme":"pink","source":7}')).toEqual(DEFAULT_SETTINGS);
  });

  it('remembers the sources used lately, newest first and once each', () => {
    const change = withRecentSource({ ...DEFAULT_SETTINGS, source: 'a', recentSources: ['a', 'b'] }, 'b', 'beside');
    expect(change).toEqual({ recentSources: ['b', 'a'] });
    expect(withRecentSource(DEFAULT_SETTINGS, 'c', 'alone')).toEqual({ source: 'c', recentSources: ['c'] });
  });

  it('remembers what was asked in SQL, what another window asked behind it, and nothing that is no question', () => {
    const there = { ...DEFAULT_SETTINGS, questions: ['b', 'a'] };
    expect(withQuestions(there, ['b', 'a'])).toBeNull();
    expect(withQuestions(there, ['b'])).toBeNull();
    expect(withQuestions(there, [])).toBeNull();
    expect(withQuestions(there, ['a', 'b'])).toEqual({ questions: ['a', 'b'] });
    expect(withQuestions(there, ['c'])).toEqual({ questions: ['c', 'b', 'a'] });
    const many = Array.from({ length: 60 }, (_, at) => `select ${at}`);
    expect(withQuestions(there, many)?.questions).toEqual(many.slice(0, 50));
    expect(parseSettings(JSON.stringify({ questions: ['a', 7, '', 'x'.repeat(5000)] })).questions).toEqual(['a']);
    expect(parseSettings('{"questions":"a"}').questions).toEqual([]);
  });

  it('keeps all history rather than follow a figure that makes no sense', () => {
    const history = (policy: unknown) => parseSettings(JSON.stringify({ retention: { policy } })).retention.policy;
    expect(history({ keep: 'bytes', bytes: 1e9 })).toEqual({ keep: 'bytes', bytes: 1e9 });
    for (const value of [{ keep: 'rows', rows: 1 }, { keep: 'rows' }, { keep: 'bytes', bytes: -5 }, 'rows', null])
      expect(history(value)).toEqual({ keep: 'all' });
    // An earlier version dropped what the filter of the time hid: a filter that nobody sees must not do that.
    expect(history({ keep: 'shown' })).toEqual({ keep: 'all' });
    const cap = (memoryCapBytes: unknown) =>
      parseSettings(JSON.stringify({ retention: { memoryCapBytes } })).retention.memoryCapBytes;
    expect(cap(2 ** 28)).toBe(2 ** 28);
    for (const value of [0, -1, 1024, 1e300, '1 GB', null]) expect(cap(value)).toBe(DEFAULT_MEMORY_CAP);
  });

  it('accepts any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const { window } = parseSettings(text);
        expect(window.width).toBeGreaterThanOrEqual(200);
        expect(window.height).toBeLessThanOrEqual(20_000);
      }),
    );
  });
});
