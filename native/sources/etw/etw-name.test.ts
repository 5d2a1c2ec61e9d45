import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEtwName } from './etw-name.ts';
import { providersOfPdbs } from './etw-open.ts';

const ALL = 0xffffffffffffffffn;
const GUID = '22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716';

function read(rest: string): unknown {
  const name = parseEtwName(rest);
  return name.ok ? name.value : name.failure.message;
}

describe('the name of a live trace', () => {
  it('names providers with keywords and level', () => {
    const all = { keywords: ALL, flagNames: [], level: 255 };
    expect(read('Microsoft-Windows-Kernel-Process')).toEqual({
      of: 'providers',
      providers: [{ provider: 'Microsoft-Windows-Kernel-Process', ...all }],
    });
    expect(read(`{${GUID.toUpperCase()}}:0x10:5+Other Provider::warning+x:*+y:7`)).toEqual({
      of: 'providers',
      providers: [
        { provider: GUID, keywords: 0x10n, flagNames: [], level: 5 },
        { provider: 'Other Provider', ...all, level: 3 },
        { provider: 'x', ...all },
        { provider: 'y', ...all, keywords: 7n },
      ],
    });
  });

  it('names the system logger, a session, or PDBs', () => {
    expect(read('kernel')).toEqual({ of: 'kernel', flags: 0x40000, names: ['dbgprint'] });
    expect(read('kernel:DbgPrint+process')).toMatchObject({ flags: 0x40001, names: ['dbgprint', 'process'] });
    expect(read('session:NT Kernel Logger')).toEqual({ of: 'session', session: 'NT Kernel Logger' });
    expect(read('')).toEqual({ of: 'pdb', choice: { keywords: ALL, flagNames: [], level: 255 } });
    expect(read('pdb:IO|PNP:error')).toEqual({
      of: 'pdb',
      choice: { keywords: 0n, flagNames: ['IO', 'PNP'], level: 2 },
    });
  });

  it.each([
    ['a:IO', "'IO' are no keywords"],
    ['a:0x10:0', "'0' is no level"],
    ['a:0x10:256', "'256' is no level"],
    ['a:0x10:5:6', "'6' stands behind a level"],
    ['a:0x11112222333344445', "'0x11112222333344445' are no keywords"],
    ['a+', "'' is no provider"],
    ['C:\\driver.pdb', "'\\driver.pdb' are no keywords"],
    ['..\\driver', "'..\\driver' is no provider"],
    ['driver.pdb', "'driver.pdb' is no provider"],
    ['kernel:everything', "'everything' is nothing that the system logger writes"],
    ['kernel:toString', "'tostring' is nothing that the system logger writes"],
    ['session:', "'' is no name of a session"],
    ['session:a/b', "'a/b' is no name of a session"],
    [Array(65).fill('a').join('+'), 'a session takes 64 providers at most'],
  ])('refuses %s with a sentence', (rest, sentence) => {
    expect(read(rest)).toContain(sentence);
  });

  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z:+|0-9.{}-]*$/)), (rest) => {
        const name = parseEtwName(rest);
        if (!name.ok) expect(name.failure.code).toBe('bad-argument');
      }),
    );
  });
});

describe('what a PDB says is switched on', () => {
  const controls = [
    { guid: GUID, name: 'A', flags: ['IO', 'PNP', 'POWER'] },
    { guid: GUID.replace('22', '33'), name: 'B', flags: ['OTHER'] },
  ];
  const choice = { keywords: ALL, flagNames: [], level: 255 };

  it('is all of it, or the flags that were named of those that have them', () => {
    expect(providersOfPdbs(choice, controls)).toMatchObject({ value: [{ keywords: ALL }, { keywords: ALL }] });
    const named = providersOfPdbs({ ...choice, keywords: 0n, flagNames: ['power', 'IO'] }, controls);
    expect(named).toEqual({ ok: true, value: [{ guid: GUID, keywords: 5n, level: 255 }] });
  });

  it('is refused where there is no PDB of that kind, or none with such a flag', () => {
    expect(providersOfPdbs(choice, [])).toMatchObject({ failure: { code: 'bad-argument' } });
    const none = providersOfPdbs({ ...choice, keywords: 0n, flagNames: ['NOPE'] }, controls);
    expect(none).toMatchObject({
      failure: { message: 'No PDB has the flags NOPE', action: 'Use IO, PNP, POWER, OTHER' },
    });
  });
});
