/** What shells complete: bash is asked for real; what PowerShell gets is only read, since it is not there to run. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { TOPICS } from './arg-values.ts';
import { parseCommand } from './args.ts';
import { COMPLETED, completionScript } from './completion.ts';
import { HELP } from './help.ts';

/** What bash offers for the last of the words, sorted. */
function offered(...words: string[]): string[] {
  const typed = ['ringview', ...words];
  const script = `${completionScript('bash')}
COMP_WORDS=(${typed.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${typed.length - 1}
_ringview
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['-eu'], { input: script, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

describe('completion in bash', () => {
  it('offers commands, and what begins like what was typed', () => {
    expect(offered('')).toEqual(
      [...TOPICS.filter((topic) => topic !== 'ringview'), 'help', '--help', '--version'].sort(),
    );
    expect(offered('s')).toEqual(['schema', 'sessions', 'simulate', 'stats']);
    expect(offered('help', 'c')).toEqual(['capture', 'ci', 'completion', 'convert']);
  });

  it('offers the options of a command, its words and the values of an option that has few', () => {
    expect(offered('capture', '--log-')).toEqual([
      '--log-append',
      '--log-daily',
      '--log-keep',
      '--log-limit',
      '--log-wrap',
    ]);
    expect(offered('capture', '--source', 'sim:lab', '--stri')).toEqual(['--strict']);
    expect(offered('sessions', 'pr')).toEqual(['prune']);
    expect(offered('convert', 'a.LOG', '--format', 'par')).toEqual(['parquet']);
    expect(offered('simulate', '--mode', '')).toEqual(['drop', 'overwrite']);
  });

  it('leaves everything else to bash, which offers files', () => {
    expect(offered('convert', 'a')).toEqual([]);
    expect(offered('nothing', '--')).toEqual([]);
  });
});

describe('every shell', () => {
  it.each(COMPLETED)('is offered only what $name takes', ({ name, options, values }) => {
    for (const option of options)
      expect(HELP[name] + HELP.capture).toContain(option === '--help' ? 'ringview' : option);
    for (const [option, words] of Object.entries(values)) {
      expect(options).toContain(option);
      const wrong = parseCommand([name, ...(name === 'driver' ? ['configure'] : []), option, 'no such value']);
      expect(wrong.ok).toBe(false);
      for (const word of words) {
        const parsed = parseCommand([name, ...(name === 'driver' ? ['configure'] : []), option, word]);
        if (!parsed.ok) expect(parsed.failure.message).not.toContain(word);
      }
    }
  });

  it('knows no other than those it is written for', () => {
    expect(parseCommand(['completion', 'bash'])).toEqual({ ok: true, value: { do: 'completion', shell: 'bash' } });
    for (const args of [[], ['fish'], ['bash', 'more']]) {
      expect(parseCommand(['completion', ...args])).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    }
  });

  it('gets a table of all commands in PowerShell', () => {
    const script = completionScript('powershell');
    for (const { name, options } of COMPLETED) {
      expect(script).toContain(`'${name}' = @(${options.map((option) => `'${option}'`).join(', ')})`);
    }
    expect(script.split('{').length).toBe(script.split('}').length);
  });
});
