import { execFileSync } from 'node:child_process';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEMORY_CAP } from '../contract/retention.ts';
import { DEFAULT_SETTINGS, parseSettings, SettingsFile, withQuestions, withRecentSource } from './settings.ts';

describe('parseSettings', () => {
  it('keeps what makes sense', () => {
    const settings = {
      window: { x: -5, y: 10, width: 900, height: 600, maximized: true },
      theme: 'dark',
      source: 'sim:lab',
      recentSources: ['sim:lab', 'sim:b'],
      recentFiles: [],
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

describe('SettingsFile', () => {
  it('remembers changes for the next run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringview-settings-'));
    const complaints: string[] = [];
    new SettingsFile(folder, (line) => complaints.push(line)).update({ source: 'sim:lab' });
    expect(new SettingsFile(folder, (line) => complaints.push(line)).value.source).toBe('sim:lab');
    expect(complaints).toEqual([]);
  });

  it('says so and goes on when the file is damaged', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringview-settings-'));
    writeFileSync(join(folder, 'settings.json'), '{"window":');
    const complaints: string[] = [];
    const file = new SettingsFile(folder, (line) => complaints.push(line));
    expect(file.value).toEqual(DEFAULT_SETTINGS);
    expect(complaints).toHaveLength(1);
    file.update({ theme: 'dark' });
    expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')).theme).toBe('dark');
  });

  it('says so when it cannot write', () => {
    const complaints: string[] = [];
    const file = new SettingsFile('/nonexistent/folder', (line) => complaints.push(line));
    file.update({ theme: 'dark' });
    expect(file.value.theme).toBe('dark');
    expect(complaints[0]).toMatch(/not saved/);
  });
});

describe('settings that others write too', () => {
  const folderOf = () => mkdtempSync(join(tmpdir(), 'ringview-settings-'));
  const open = (folder: string) => new SettingsFile(folder, (line) => expect(line).toBe(''));
  const written = (folder: string) => JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'));

  it('are merged field by field: two instances on one folder do not undo each other', () => {
    const folder = folderOf();
    const [one, two] = [open(folder), open(folder)];
    one.update({ theme: 'dark' });
    two.update({ window: { width: 900, height: 700, maximized: false } });
    one.update((now) => withRecentSource(now, 'sim:one', 'beside'));
    two.update((now) => withRecentSource(now, 'sim:two', 'beside'));
    const { theme, window, recentSources } = open(folder).value;
    expect({ theme, width: window.width, recentSources }).toEqual({
      theme: 'dark',
      width: 900,
      recentSources: ['sim:two', 'sim:one'],
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('keep the fields of a newer version, also within what this one knows', () => {
    const folder = folderOf();
    const newer = { theme: 'sepia', shortcuts: { find: 'F3' }, retention: { policy: { keep: 'all' }, compress: true } };
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(newer));
    const file = open(folder);
    expect(file.value.theme).toBe('system');
    file.update({ retention: { memoryCapBytes: 2 ** 28, policy: { keep: 'rows', rows: 5000 } } });
    expect(written(folder)).toEqual({
      ...newer,
      retention: { memoryCapBytes: 2 ** 28, policy: { keep: 'rows', rows: 5000 }, compress: true },
    });
  });

  it('keep the link and the mode of their file, and take away what a crash left beside it', () => {
    const folder = folderOf();
    const elsewhere = join(folderOf(), 'mine.json');
    writeFileSync(elsewhere, '{}', { mode: 0o600 });
    writeFileSync(`${elsewhere}.0123456789abcdef.tmp`, 'half');
    writeFileSync(`${elsewhere}.new`, 'a person keeps this');
    symlinkSync(elsewhere, join(folder, 'settings.json'));
    open(folder).update({ theme: 'dark' });
    expect(JSON.parse(readFileSync(elsewhere, 'utf8')).theme).toBe('dark');
    expect(statSync(elsewhere).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(elsewhere, '..')).sort()).toEqual(['mine.json', 'mine.json.new']);
  });

  it('are made where a link leads that leads nowhere yet', () => {
    const folder = folderOf();
    const elsewhere = join(folderOf(), 'mine.json');
    symlinkSync(elsewhere, join(folder, 'settings.json'));
    open(folder).update({ theme: 'dark' });
    expect(readlinkSync(join(folder, 'settings.json'))).toBe(elsewhere);
    expect(JSON.parse(readFileSync(elsewhere, 'utf8')).theme).toBe('dark');
  });

  it.runIf(process.getuid?.() === 0)('keep their owner when root changes them', () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'settings.json'), '{}');
    chownSync(join(folder, 'settings.json'), 1234, 4321);
    open(folder).update({ theme: 'dark' });
    expect(statSync(join(folder, 'settings.json'))).toMatchObject({ uid: 1234, gid: 4321 });
  });
});

describe('a settings file that is none', () => {
  const make: Record<string, (path: string) => void> = {
    'a pipe nobody writes to': (path) => void execFileSync('mkfifo', [path]),
    'a device without end': (path) => symlinkSync('/dev/zero', path),
    'a folder': (path) => mkdirSync(path),
    'a file of more than it may have': (path) => writeFileSync(path, Buffer.alloc(2 * 1024 ** 2, ' ')),
    'a link to itself': (path) => symlinkSync(path, path),
  };
  it.each(Object.keys(make))('does not hold up the start, and is said once: %s', (what) => {
    const folder = mkdtempSync(join(tmpdir(), 'ringview-settings-'));
    make[what]?.(join(folder, 'settings.json'));
    const said: string[] = [];
    const file = new SettingsFile(folder, (line) => said.push(line));
    expect(file.value).toEqual(DEFAULT_SETTINGS);
    expect(said).toHaveLength(1);
    file.update({ theme: 'dark' });
    expect(file.value.theme).toBe('dark');
  });
});
