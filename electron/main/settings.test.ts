import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEMORY_CAP } from '../contract/history.ts';
import { DEFAULT_SETTINGS, parseSettings, SettingsFile, withRecentSource } from './settings.ts';

describe('parseSettings', () => {
  it('keeps what makes sense', () => {
    const settings = {
      window: { x: -5, y: 10, width: 900, height: 600, maximized: true },
      theme: 'dark',
      source: 'sim:lab',
      recentSources: ['sim:lab', 'sim:b'],
      history: { memoryCapBytes: 256 * 1024 ** 2, policy: { keep: 'rows', rows: 5000 } },
    };
    expect(parseSettings(JSON.stringify(settings))).toEqual(settings);
  });

  it('takes defaults for what does not', () => {
    expect(parseSettings('{"window":{"width":-1,"height":"x"},"theme":"pink","source":7}')).toEqual(DEFAULT_SETTINGS);
  });

  it('remembers the sources used lately, newest first and once each', () => {
    const change = withRecentSource({ ...DEFAULT_SETTINGS, source: 'a', recentSources: ['a', 'b'] }, 'b', 'beside');
    expect(change).toEqual({ recentSources: ['b', 'a'] });
    expect(withRecentSource(DEFAULT_SETTINGS, 'c', 'alone')).toEqual({ source: 'c', recentSources: ['c'] });
  });

  it('keeps all history rather than follow a figure that makes no sense', () => {
    const history = (policy: unknown) => parseSettings(JSON.stringify({ history: { policy } })).history.policy;
    expect(history({ keep: 'bytes', bytes: 1e9 })).toEqual({ keep: 'bytes', bytes: 1e9 });
    for (const value of [{ keep: 'rows', rows: 1 }, { keep: 'rows' }, { keep: 'bytes', bytes: -5 }, 'rows', null])
      expect(history(value)).toEqual({ keep: 'all' });
    expect(history({ keep: 'shown' })).toEqual({ keep: 'shown' });
    const cap = (memoryCapBytes: unknown) =>
      parseSettings(JSON.stringify({ history: { memoryCapBytes } })).history.memoryCapBytes;
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
