import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, statSync } from 'node:fs';
import { chown, link, lstat, mkdir, mkdtemp, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../native/core/result.ts';
import { ReplacingFile, replaceFile } from './replacing-file.ts';

const posix = process.platform !== 'win32';
const root = process.getuid?.() === 0;

async function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'ringview-files-'));
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function begin(path: string): Promise<ReplacingFile> {
  return got(await ReplacingFile.create(path));
}

function got<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code);

describe('ReplacingFile', () => {
  it('appears under its name only when it is whole', async () => {
    const dir = await folder();
    const path = join(dir, 'log.csv');
    const file = await begin(path);
    got(await file.write(bytes('one\n')));
    expect(await readdir(dir)).not.toContain('log.csv');
    got(await file.write(bytes('two\n')));
    got(await file.commit());
    expect(await readdir(dir)).toEqual(['log.csv']);
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('leaves the old file alone when discarded, and nothing beside it', async () => {
    const dir = await folder();
    const path = join(dir, 'log.csv');
    await writeFile(path, 'old');
    const file = await begin(path);
    got(await file.write(bytes('half of the new')));
    await file.discard();
    await file.discard();
    expect(await readdir(dir)).toEqual(['log.csv']);
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it('never touches a file of the person beside it, whatever that is called', async () => {
    const dir = await folder();
    const path = join(dir, 'log.csv');
    const own = ['log.csv.part', 'log.csv.new', 'log.csv.tmp', 'log.csv~', '.log.csv.part'];
    for (const name of own) await writeFile(join(dir, name), name);
    got(await replaceFile(path, bytes('new')));
    expect((await readdir(dir)).sort()).toEqual([...own, 'log.csv'].sort());
    for (const name of own) expect(await readFile(join(dir, name), 'utf8')).toBe(name);
  });

  it('is written under a name that cannot be foreseen', async () => {
    const dir = await folder();
    const names = new Set<string>();
    for (let n = 0; n < 20; n++) {
      const file = await begin(join(dir, 'log.csv'));
      for (const name of await readdir(dir)) names.add(name);
      await file.discard();
    }
    expect(names.size).toBe(20);
  });

  it('says why a folder cannot be written', async () => {
    const path = join(await folder(), 'missing', 'log.csv');
    expect(await ReplacingFile.create(path)).toEqual({
      ok: false,
      failure: {
        code: 'io-error',
        message: `${path} could not be written`,
        action: 'Check that the path exists',
        system: { code: 'ENOENT', text: 'no such file or directory' },
      },
    });
  });

  it('refuses a folder before anything is written', async () => {
    const dir = await folder();
    expect(codeOf(await ReplacingFile.create(dir))).toBe('bad-argument');
  });

  it.runIf(posix)('refuses what is no file, instead of putting one in its place', async () => {
    const fifo = join(await folder(), 'pipe');
    execFileSync('mkfifo', [fifo]);
    expect(codeOf(await ReplacingFile.create(fifo))).toBe('bad-argument');
    expect(codeOf(await ReplacingFile.create('/dev/null'))).toBe('bad-argument');
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  it.runIf(posix && !root)('refuses a file that is write-protected', async () => {
    const path = join(await folder(), 'log.csv');
    await writeFile(path, 'old', { mode: 0o444 });
    expect(codeOf(await ReplacingFile.create(path))).toBe('permission-denied');
  });
});

describe.runIf(posix)('the file that is replaced', () => {
  it.each([0o600, 0o640, 0o664, 0o755])('keeps its mode %o', async (mode) => {
    const path = join(await folder(), 'log.csv');
    await writeFile(path, 'old');
    chmodSync(path, mode);
    got(await replaceFile(path, bytes('new')));
    expect(statSync(path).mode & 0o777).toBe(mode);
  });

  it('is for its owner alone while it is written', async () => {
    const dir = await folder();
    const path = join(dir, 'log.csv');
    await writeFile(path, 'old', { mode: 0o600 });
    const file = await begin(path);
    const [temporary] = (await readdir(dir)).filter((name) => name !== 'log.csv');
    expect(statSync(join(dir, temporary as string)).mode & 0o777).toBe(0o600);
    await file.discard();
  });

  it('has the mode the umask leaves when it is new, or the one asked for', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'as-usual'), '');
    got(await replaceFile(join(dir, 'new'), bytes('new')));
    expect(statSync(join(dir, 'new')).mode).toBe(statSync(join(dir, 'as-usual')).mode);
    got(await replaceFile(join(dir, 'private'), bytes('new'), { mode: 0o600 }));
    expect(statSync(join(dir, 'private')).mode & 0o777).toBe(0o600);
  });

  it.runIf(root)('keeps its owner', async () => {
    const path = join(await folder(), 'log.csv');
    await writeFile(path, 'old');
    await chown(path, 1234, 4321);
    got(await replaceFile(path, bytes('new')));
    expect(statSync(path)).toMatchObject({ uid: 1234, gid: 4321 });
  });

  it('is what a link leads to: the link stays', async () => {
    const dir = await folder();
    await mkdir(join(dir, 'real'));
    const real = join(dir, 'real', 'log.csv');
    await writeFile(real, 'old');
    await symlink('real/log.csv', join(dir, 'link.csv'));
    await symlink(join(dir, 'link.csv'), join(dir, 'link-to-link.csv'));
    got(await replaceFile(join(dir, 'link-to-link.csv'), bytes('new')));
    expect(await readFile(real, 'utf8')).toBe('new');
    expect(await readlink(join(dir, 'link.csv'))).toBe('real/log.csv');
    expect((await lstat(join(dir, 'link-to-link.csv'))).isSymbolicLink()).toBe(true);
    expect(await readdir(dir)).toEqual(['link-to-link.csv', 'link.csv', 'real']);
  });

  it('is made where a link leads that leads nowhere yet', async () => {
    const dir = await folder();
    await symlink('target.csv', join(dir, 'link.csv'));
    got(await replaceFile(join(dir, 'link.csv'), bytes('new')));
    expect(await readFile(join(dir, 'target.csv'), 'utf8')).toBe('new');
    expect((await lstat(join(dir, 'link.csv'))).isSymbolicLink()).toBe(true);
  });

  it('is not looked for without end where links lead in a circle', async () => {
    const dir = await folder();
    await symlink('b', join(dir, 'a'));
    await symlink('a', join(dir, 'b'));
    expect(codeOf(await ReplacingFile.create(join(dir, 'a')))).toBe('io-error');
  });
});

describe('one writer a path', () => {
  /** Spellings of one new file. */
  async function spellings(dir: string): Promise<string[]> {
    await mkdir(join(dir, 'below'));
    const names = [join(dir, 'log.csv'), `${dir}/below/../log.csv`, `${dir}//log.csv`];
    if (!posix) return names;
    await symlink(dir, join(dir, 'folder-link'));
    await symlink('log.csv', join(dir, 'file-link'));
    return [...names, join(dir, 'folder-link', 'log.csv'), join(dir, 'file-link')];
  }

  it.each(['a new file', 'a file that is there'])('refuses the second in every spelling: %s', async (which) => {
    const dir = await folder();
    const names = await spellings(dir);
    if (which !== 'a new file') await writeFile(join(dir, 'log.csv'), 'old');
    for (const first of names) {
      const file = await begin(first);
      for (const second of names) {
        const refused = await ReplacingFile.create(second);
        expect(codeOf(refused), `${second} while ${first}`).toBe('source-busy');
        if (!refused.ok) expect(refused.failure.message).toContain(second);
      }
      await file.discard();
    }
  });

  it('refuses another name of the same file', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'log.csv'), 'old');
    await link(join(dir, 'log.csv'), join(dir, 'other.csv'));
    const file = await begin(join(dir, 'log.csv'));
    expect(codeOf(await ReplacingFile.create(join(dir, 'other.csv')))).toBe('source-busy');
    got(await file.commit());
    got(await replaceFile(join(dir, 'other.csv'), bytes('another')));
  });

  it('lets one of many that begin at the same moment through', async () => {
    const path = join(await folder(), 'log.csv');
    const all = await Promise.all(Array.from({ length: 50 }, () => ReplacingFile.create(path)));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    for (const one of all) if (one.ok) got(await one.value.commit());
    got(await replaceFile(path, bytes('again')));
  });

  it('lets the next one write after any end', async () => {
    const dir = await folder();
    const path = join(dir, 'log.csv');
    await (await begin(path)).discard();
    got(await (await begin(path)).commit());
    expect(codeOf(await ReplacingFile.create(join(dir, 'no', 'folder')))).toBe('io-error');
    expect(codeOf(await ReplacingFile.create(join(dir, 'no', 'folder')))).toBe('io-error');
    got(await (await begin(path)).commit());
  });
});

/** The module as a program of its own imports it; its address. */
async function built(): Promise<string> {
  const outDir = await folder();
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: join(import.meta.dirname, 'replacing-file.ts'),
      outDir,
      target: 'node20',
      rolldownOptions: { external: [/^node:/], output: { format: 'es', entryFileNames: 'replacing-file.mjs' } },
    },
  });
  return pathToFileURL(join(outDir, 'replacing-file.mjs')).href;
}

describe('an end in the middle', () => {
  it('of the program leaves the old file, and nothing beside it', async () => {
    const dir = await folder();
    const path = join(dir, 'log.csv');
    await writeFile(path, 'old');
    const script = `
      import { ReplacingFile } from ${JSON.stringify(await built())};
      globalThis.file = await ReplacingFile.create(${JSON.stringify(path)});
      await globalThis.file.value.write(new Uint8Array(100_000));
      process.stdout.write('writing');
      process.stdin.once('data', () => process.exit(0));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(await readdir(dir)).toHaveLength(2);
    child.stdin.end('end');
    await once(child, 'exit');
    expect(await readdir(dir)).toEqual(['log.csv']);
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it.runIf(root && process.platform === 'linux')('by a full disk leaves nothing', async () => {
    const dir = await folder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir]);
    try {
      const path = join(dir, 'log.csv');
      await writeFile(path, 'old');
      const file = await begin(path);
      const written = await file.write(new Uint8Array(1 << 20));
      expect(codeOf(written)).toBe('disk-full');
      expect(await readdir(dir)).toEqual(['log.csv']);
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(codeOf(await replaceFile(path, bytes('small')))).toBe('ok');
    } finally {
      execFileSync('umount', [dir]);
    }
  });
});
