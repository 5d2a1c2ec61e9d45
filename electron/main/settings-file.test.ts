/** The file of settings: written by the program, by a person and by other instances, and never over what is theirs. */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import { problemText } from '../contract/settings.ts';
import { DEFAULT_SETTINGS, parseSettings, withRecentSource } from './settings.ts';
import { SettingsFile } from './settings-file.ts';

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
    expect(file.value.theme).toBe('dark');
    // What a person has begun to write is theirs.
    expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toBe('{"window":');
    expect(complaints[1]).toMatch(/not saved: Error: line 1: a value was expected/);
    file.reload();
    expect(file.value.theme).toBe('dark');
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
    const file = new SettingsFile(folder, () => {});
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
    expect(parseSettings(readFileSync(elsewhere, 'utf8')).theme).toBe('dark');
    expect(statSync(elsewhere).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(elsewhere, '..')).sort()).toEqual(['mine.json', 'mine.json.new']);
  });

  it('are made where a link leads that leads nowhere yet', () => {
    const folder = folderOf();
    const elsewhere = join(folderOf(), 'mine.json');
    symlinkSync(elsewhere, join(folder, 'settings.json'));
    open(folder).update({ theme: 'dark' });
    expect(readlinkSync(join(folder, 'settings.json'))).toBe(elsewhere);
    expect(parseSettings(readFileSync(elsewhere, 'utf8')).theme).toBe('dark');
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

describe('settings with comments', () => {
  const folderOf = () => mkdtempSync(join(tmpdir(), 'ringview-settings-'));

  it('are made with a comment for each, and read as they were', () => {
    const folder = folderOf();
    const said: string[] = [];
    const file = new SettingsFile(folder, (line) => said.push(line));
    expect(file.make()).toBe(true);
    const text = readFileSync(file.path, 'utf8');
    const lines = text.split('\n');
    for (const name of Object.keys(DEFAULT_SETTINGS)) {
      const at = lines.findIndex((line) => line.startsWith(`  "${name}": `));
      expect(lines[at - 1], name).toMatch(/^ {2}\/\/ \S/);
    }
    expect(parseSettings(text)).toEqual(DEFAULT_SETTINGS);
    expect(new SettingsFile(folder, (line) => said.push(line)).problems).toEqual([]);
    expect(said).toEqual([]);
    // There is one: it stays.
    writeFileSync(file.path, `${text}// mine`);
    expect(file.make()).toBe(true);
    expect(readFileSync(file.path, 'utf8')).toBe(`${text}// mine`);
  });

  const OWN = `// mine
{
  /* the colours
     I like */
  "theme": "sepia", // as paper
  "library": { "record": true, "mostDays": "soon", /* long */ "mostBytes": 10737418240 },
  "shortcuts": {"find": "F3"}, // of a newer version
  "highlights": [
    // errors
    {"of": "rows", "text": "level:error", "caseSensitive": false, "colour": "red", "on": true},
    // still to be mended
    {"of": "rows", "text": "cpu:x", "caseSensitive": false, "colour": "red", "on": true},
  ],
  "alwaysOnTop": 1,
}
`;

  it('are told by name and line where they are wrong, and all others count', () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'settings.json'), OWN);
    const said: string[] = [];
    const file = new SettingsFile(folder, (line) => said.push(line));
    expect(file.problems.map(problemText)).toEqual([
      'line 5: theme is "sepia"; allowed: "system", "light", "dark"',
      'line 6: library.mostDays is "soon"; allowed: a whole number from 1 to 36500',
      expect.stringMatching(
        /^line 12: highlights\[1\] is \{"of": "rows", .*…; allowed: a highlight as the app writes it$/,
      ),
      'line 14: alwaysOnTop is 1; allowed: true or false',
    ]);
    expect(said).toHaveLength(1);
    expect(file.value).toMatchObject({ theme: 'system', alwaysOnTop: false, library: { record: true, mostDays: 30 } });
    expect(file.value.highlights).toHaveLength(1);
    // What was told is not told again.
    file.reload();
    expect(said).toHaveLength(1);
  });

  it('keep what a person wrote, wrong or right, when the program changes others', () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'settings.json'), OWN);
    const file = new SettingsFile(folder, () => {});
    file.update(({ library }) => ({ library: { ...library, record: false } }));
    let text = OWN.replace('"record": true', '"record": false');
    expect(readFileSync(file.path, 'utf8')).toBe(text);
    file.update({ theme: 'dark', askBeforeClosing: false });
    text = text.replace('"sepia"', '"dark"').replace('1,\n}', '1,\n  "askBeforeClosing": false\n}');
    expect(readFileSync(file.path, 'utf8')).toBe(text);
    const more = { of: 'rows', text: 'noise', caseSensitive: false, colour: 'blue', on: true } as const;
    file.update(({ highlights }) => ({ highlights: [...highlights, more] }));
    const after = readFileSync(file.path, 'utf8');
    expect(new SettingsFile(folder, () => {}).value.highlights.map((each) => each.text)).toEqual([
      'level:error',
      'noise',
    ]);
    for (const kept of ['// errors', '// still to be mended', '"cpu:x"', '// as paper', '// of a newer version'])
      expect(after).toContain(kept);
    file.update({ highlights: [] });
    expect(readFileSync(file.path, 'utf8')).toContain('"cpu:x"');
  });

  it('are read again after a person has corrected them', () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'settings.json'), '{"theme": "dark",\n"alwaysOnTop" true}');
    const said: string[] = [];
    const file = new SettingsFile(folder, (line) => said.push(line));
    expect(said[0]).toContain('line 2: a colon after "alwaysOnTop" was expected');
    expect(file.value.theme).toBe('dark');
    writeFileSync(file.path, '{"theme": "light",\n"alwaysOnTop": true}');
    file.reload();
    expect(file.problems).toEqual([]);
    expect(file.value).toMatchObject({ theme: 'light', alwaysOnTop: true });
  });
});

describe('two programs on one file', () => {
  it('lose nothing of each other when they write at the same moment', async () => {
    // Beside the packages, so that the program finds them.
    const cache = join(import.meta.dirname, '../../node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    const outDir = mkdtempSync(join(cache, 'settings-test-'));
    const folder = mkdtempSync(join(tmpdir(), 'ringview-settings-'));
    const rounds = 15;
    try {
      await build({
        configFile: false,
        logLevel: 'silent',
        ssr: { noExternal: true },
        build: {
          ssr: join(import.meta.dirname, 'test-child.ts'),
          ...{ outDir, target: 'node20', minify: false },
          rolldownOptions: { external: ['koffi'], output: { entryFileNames: 'writer.mjs' } },
        },
      });
      const writers = ['a', 'b'].map((name) => fork(join(outDir, 'writer.mjs'), [folder, name], { execArgv: [] }));
      for (let round = 0; round < rounds; round++) {
        const done = writers.map((writer) => once(writer, 'message'));
        for (const writer of writers) writer.send(round);
        expect((await Promise.all(done)).map(([said]) => said)).toEqual([[], []]);
      }
      for (const writer of writers) writer.disconnect();
      const { questions } = parseSettings(readFileSync(join(folder, 'settings.json'), 'utf8'));
      const all = Array.from({ length: rounds }, (_, round) => [`a ${round}`, `b ${round}`]).flat();
      expect(questions.toSorted()).toEqual(all.toSorted());
      expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toContain('// Colours:');
    } finally {
      for (const each of [outDir, folder]) rmSync(each, { recursive: true, force: true });
    }
  });
});
