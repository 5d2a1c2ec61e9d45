import { describe, expect, it } from 'vitest';
import { openSource } from './open.ts';
import { parseSourceName, SOURCE_KINDS, sourceTitle } from './registry.ts';
import { checkOptions, optionsOfKind, SOURCE_OPTION_NAMES, SOURCE_OPTIONS } from './source-kind.ts';

describe('the kinds of sources', () => {
  it('are declared once, each with its form, its options and what it offers', () => {
    expect(SOURCE_KINDS.map(({ form }) => form)).toEqual([
      'sim:NAME',
      'driver:[DEVICE]',
      'dbwin:[global]',
      'etw:[WHAT]',
      'channel:NAME',
      'tcp:PORT',
      'udp:PORT',
      'file:PATH',
      '-',
    ]);
    for (const { kind, form, options } of SOURCE_KINDS) {
      expect(form.startsWith(kind)).toBe(true);
      for (const option of options) expect(SOURCE_OPTION_NAMES).toContain(option);
    }
  });

  it('are told from the name of a source, which is shown as a person knows it', () => {
    const parsed = (spec: string) => {
      const name = parseSourceName(spec);
      return name === null ? null : [name.kind.kind, name.rest];
    };
    expect(parsed('sim:demo')).toEqual(['sim', 'demo']);
    expect(parsed('file:C:\\logs\\a.log')).toEqual(['file', 'C:\\logs\\a.log']);
    expect(parsed('-')).toEqual(['-', '']);
    expect(['', 'sim', '-:', 'nothing:x', ':x'].map(parsed)).toEqual([null, null, null, null, null]);
    expect(['sim:demo', 'driver:', 'dbwin:global', 'file:a.log', '-', 'what'].map(sourceTitle)).toEqual([
      'sim:demo',
      'driver:',
      'dbwin:global',
      'a.log',
      'standard input',
      'what',
    ]);
  });

  it('refuse an option that they do not take, and a value that nobody could use', () => {
    const failure = (spec: string, options: object) => {
      const opened = openSource(spec, options);
      return opened.ok ? null : opened.failure;
    };
    expect(failure('sim:nobody', { symbols: ['x'] })).toMatchObject({
      code: 'bad-argument',
      message: 'sim:nobody has no option symbols',
      action: 'Leave it out',
    });
    expect(failure('-', { follow: true })?.action).toBe('Use what it takes: encoding, read-as');
    expect(failure('file:/nowhere', { encoding: 'klingon' })).toMatchObject({ code: 'bad-argument' });
    expect(failure('file:/nowhere', { symbols: [''] })).toMatchObject({ code: 'bad-argument' });
    expect(failure('file:/nowhere', { follow: false, encoding: 'auto' })).toMatchObject({ code: 'source-not-found' });
  });

  it('take of the options for several sources what is theirs', () => {
    const [sim, , , , , , , file, input] = SOURCE_KINDS;
    const given = { encoding: 'gbk', follow: true, symbols: ['tmf'] };
    if (sim === undefined || file === undefined || input === undefined) throw new Error('kinds are missing');
    expect(optionsOfKind(sim, given)).toEqual({});
    expect(optionsOfKind(file, given)).toEqual(given);
    expect(optionsOfKind(input, given)).toEqual({ encoding: 'gbk' });
    for (const kind of SOURCE_KINDS) expect(checkOptions('x', kind, optionsOfKind(kind, given)).ok).toBe(true);
  });

  it('name each option in a way that a command line can take', () => {
    for (const { flag, describes } of Object.values(SOURCE_OPTIONS)) {
      expect(flag).toMatch(/^[a-z-]+$/);
      expect(describes).not.toBe('');
    }
  });
});
