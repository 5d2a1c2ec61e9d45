/** What is written in the registry, and that taking it away leaves what was there before. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserText } from '../../native/win32/user-registry.ts';
import { LOG_ENDINGS } from '../contract/log-kinds.ts';
import { associationRemovals, associationTexts, openCommand } from './windows-classes.ts';

/** What is written for a program that can be written. */
function writtenFor(program: readonly string[]): readonly UserText[] {
  const written = associationTexts(program);
  if (!written.ok) throw new Error(written.failure.message);
  return written.value;
}

const PROGRAM = ['C:\\Program Files\\nodejs\\node.exe', 'C:\\ring view\\bin.mjs', 'open'];

describe('what is written in the registry of a user', () => {
  it('runs the program with the file, in quotes', () => {
    expect(openCommand(PROGRAM)).toEqual({
      ok: true,
      value: '"C:\\Program Files\\nodejs\\node.exe" "C:\\ring view\\bin.mjs" "open" "%1"',
    });
    for (const wrong of ['C:\\100%\\bin.mjs', 'C:\\folder\\', 'a"b'])
      expect(openCommand([wrong])).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  });

  it('takes no ending over: none has another default, and each is offered one of our kinds', () => {
    const written = writtenFor(PROGRAM);
    const endings = written.filter(({ key }) => /^Software\\Classes\\\./.test(key));
    expect(endings.every(({ key }) => key.endsWith('\\OpenWithProgids'))).toBe(true);
    // Those that the app asks for where a file is opened.
    expect(endings.map(({ key }) => key.split('\\')[2])).toEqual(LOG_ENDINGS.map((ending) => `.${ending}`));
    expect(LOG_ENDINGS).toEqual(expect.arrayContaining(['log', 'dblog', 'evtx', 'etl', 'dmp', 'vmem', 'tar', 'zip']));
    for (const { name } of endings)
      expect(written).toContainEqual(
        expect.objectContaining({ key: `Software\\Classes\\${name}\\shell\\open\\command`, name: '' }),
      );
    const others = written.filter(({ key }) => !/\\(RingView|\.)/.test(key)).map(({ key, name }) => `${key} ${name}`);
    expect(others).toEqual(['Software\\RegisteredApplications RingView']);
  });

  it('is taken away whole, and nothing else', () => {
    const { values, keys, emptyKeys } = associationRemovals();
    const written = writtenFor(PROGRAM);
    const within = (key: string, folder: string): boolean => `${key}\\`.startsWith(`${folder}\\`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...written.map(({ key }) => key)), fc.constantFrom('', 'Other.Program'))),
        (foreign) => {
          // What is ours alone may hold nothing of others.
          const own = (key: string): boolean => keys.some((each) => within(key, each));
          const before = foreign.filter(([key]) => !own(key)).map(([key, name]) => `${key}|${name}`);
          const registry = new Set([...before, ...written.map(({ key, name }) => `${key}|${name}`)]);
          for (const { key, name } of values) registry.delete(`${key}|${name}`);
          for (const entry of registry) if (own(entry.split('|')[0] as string)) registry.delete(entry);
          expect([...registry].sort()).toEqual([...new Set(before)].sort());
        },
      ),
    );
    // Keys that were made for a value are removed once that is gone, the inner first.
    for (const { key } of values) if (key.includes('\\.')) expect(emptyKeys).toContain(key);
    for (const [at, key] of emptyKeys.entries())
      expect(emptyKeys.slice(at + 1).some((later) => within(later, key) && later !== key)).toBe(false);
  });
});
