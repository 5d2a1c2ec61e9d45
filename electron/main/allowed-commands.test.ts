/** Commands on a match: only those that the settings allow, without a shell, and a row never becomes a part of the line. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { LogRow } from '../contract/rows.ts';
import {
  AllowedCommands,
  type CommandSettings,
  environmentOf,
  NO_COMMANDS,
  namesOf,
  parseCommands,
} from './allowed-commands.ts';
import { parseSettings } from './settings.ts';
import { SettingsFile } from './settings-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const row = (text: string): LogRow => ({
  ...{ row: 7, kind: 0, index: 12, timeNs: 5, deltaNs: null, cpuDeltaNs: null, cpu: 3, level: 1, flags: 0, type: 0 },
  ...{ origin: 0, event: 0, pid: 4, tid: 8, remarks: 0, source: 0, text, textCut: false, length: text.length },
});

/** Node writes what it was started with to a file. */
const tells = (path: string): CommandSettings => ({
  allowed: true,
  list: [
    {
      name: 'tell',
      program: process.execPath,
      arguments: [
        '-e',
        'require("fs").writeFileSync(process.argv[1], JSON.stringify([process.argv.slice(1), process.env.RINGVIEW_MESSAGE, process.env.RINGVIEW_INDEX]))',
        path,
        '$HOME; echo %PATH%',
      ],
    },
  ],
});

describe('a command on a match', () => {
  it('has its own arguments as they are written, and the row in its environment', async () => {
    const path = join(folder, 'told.json');
    const hostile = '"; rm -rf / #$(reboot)`id`\n--config=x\0&&calc.exe';
    const lines: string[] = [];
    const commands = new AllowedCommands(
      () => tells(path),
      (line) => lines.push(line),
    );
    expect(commands.run('tell', row(hostile))).toEqual({ ok: true, value: undefined });
    await vi.waitUntil(() => existsSync(path) && readFileSync(path, 'utf8').endsWith(']'), { timeout: 20_000 });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([
      [path, '$HOME; echo %PATH%'],
      hostile.replace('\0', '\u2400'),
      '12',
    ]);
    expect(lines).toEqual([]);
  });

  it('is none that the settings do not allow', () => {
    const path = join(folder, 'never.json');
    const off = { ...tells(path), allowed: false };
    expect(namesOf(off)).toEqual([]);
    expect(
      new AllowedCommands(
        () => off,
        () => {},
      ).run('tell', row('x')),
    ).toMatchObject({ ok: false });
    for (const name of ['', 'other', process.execPath, '__proto__', 'constructor'])
      expect(
        new AllowedCommands(
          () => tells(path),
          () => {},
        ).run(name, row('x')),
      ).toMatchObject({ ok: false });
    expect(existsSync(path)).toBe(false);
  });

  it('that cannot be started is reported, and does not count as running', async () => {
    const lines: string[] = [];
    const settings: CommandSettings = {
      allowed: true,
      list: [{ name: 'gone', program: join(folder, 'no such program'), arguments: [] }],
    };
    const commands = new AllowedCommands(
      () => settings,
      (line) => lines.push(line),
    );
    for (let n = 1; n <= 6; n++) {
      commands.run('gone', row('x'));
      await vi.waitUntil(() => lines.length === n, { timeout: 20_000 });
    }
    expect(lines[5]).toContain("'gone' did not run");
  });

  it('of which too many run already waits for none', () => {
    const settings: CommandSettings = {
      allowed: true,
      list: [{ name: 'long', program: process.execPath, arguments: ['-e', 'setTimeout(() => {}, 500)'] }],
    };
    const commands = new AllowedCommands(
      () => settings,
      () => {},
    );
    const started = Array.from({ length: 6 }, () => commands.run('long', row('x')).ok);
    expect(started).toEqual([true, true, true, true, false, false]);
  });

  it('has at most so much of a message', () => {
    expect(environmentOf(row('x'.repeat(100_000))).RINGVIEW_MESSAGE).toHaveLength(8192);
  });
});

describe('what the settings say of commands', () => {
  it('allows nothing where it makes no sense', () => {
    const good = { name: 'a', program: process.execPath, arguments: ['-v'] };
    expect(parseCommands({ allowed: true, list: [good] })).toEqual({ allowed: true, list: [good] });
    for (const value of [null, [], 'x', { allowed: 'true', list: 7 }, {}])
      expect(parseCommands(value)).toEqual(NO_COMMANDS);
    for (const bad of [
      { ...good, program: 'calc.exe' },
      { ...good, program: `${process.execPath}\0` },
      { ...good, arguments: '-v' },
      { ...good, arguments: [7] },
      { ...good, arguments: ['a\0b'] },
      { ...good, name: '' },
      null,
    ])
      expect(parseCommands({ allowed: true, list: [bad] }).list).toEqual([]);
  });

  it('is never written by what a page can cause to be remembered', () => {
    const file = new SettingsFile(folder, () => {});
    const watches = [
      { text: 'x', caseSensitive: false, action: 'run', command: 'a', once: false, on: true, program: '/bin/sh' },
    ] as const;
    file.update({ watches, highlights: [] });
    const written = parseSettings(readFileSync(join(folder, 'settings.json'), 'utf8'));
    expect(written.commands).toEqual({ allowed: false, list: [] });
    expect(new SettingsFile(folder, () => {}).value.watches).toEqual([
      { text: 'x', caseSensitive: false, action: 'run', command: 'a', once: false, on: true },
    ]);
  });
});
