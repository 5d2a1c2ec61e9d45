import { describe, expect, it } from 'vitest';
import { parseCommand } from './args.ts';

const refused = (...argv: string[]): string => {
  const parsed = parseCommand(argv);
  return parsed.ok ? 'accepted' : `${parsed.failure.code}: ${parsed.failure.message}`;
};
const request = (...argv: string[]): unknown => {
  const parsed = parseCommand(argv);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
};

describe('the command line of sessions', () => {
  it('takes what it says it takes', () => {
    const library = null;
    const sessions = (...argv: string[]) => (request('sessions', ...argv) as { request: unknown }).request;
    expect(sessions()).toEqual({ library, verb: 'list', json: false });
    expect(sessions('--json')).toEqual({ library, verb: 'list', json: true });
    expect(sessions('list', '--json', '--library', 'x')).toEqual({ library: 'x', verb: 'list', json: true });
    expect(sessions('rename', 'a', 'b')).toEqual({ library, verb: 'rename', name: 'a', newName: 'b' });
    expect(sessions('delete', 'a', 'b')).toEqual({ library, verb: 'delete', names: ['a', 'b'] });
    expect(sessions('pack', 'a', '--out', 'a.tar')).toEqual({ library, verb: 'pack', names: ['a'], out: 'a.tar' });
    expect(sessions('prune', '--max-gb', '1.5')).toEqual({ library, verb: 'prune', mostBytes: 1.5e9, mostAgeMs: null });
    expect(sessions('prune', '--max-days', '2')).toMatchObject({ mostBytes: null, mostAgeMs: 172_800_000 });
    expect(request('sessions', '--help')).toEqual({ do: 'help', topic: 'sessions' });
    expect(request('capture', '--source', 'sim:a', '--session', 'boot 1')).toMatchObject({
      do: 'record',
      request: { sources: ['sim:a'], session: 'boot 1', library: null },
    });
  });

  it('answers every mistake with what it is', () => {
    expect(refused('sessions', 'destroy')).toContain("'destroy' is none of list, rename, delete");
    expect(refused('sessions', 'rename', 'a')).toContain('a NAME and a new one');
    expect(refused('sessions', 'delete')).toContain('NAME is missing');
    expect(refused('sessions', 'delete', 'a', '--json')).toContain('no option --json');
    expect(refused('sessions', 'pack', 'a', 'b', '--out', 'c')).toContain('one file');
    expect(refused('sessions', 'prune')).toContain('--max-gb, --max-days or both');
    expect(refused('sessions', 'prune', '--max-gb', '-1')).not.toBe('accepted');
    expect(refused('sessions', '--jason')).toContain('unknown option');
    expect(refused('sessions', 'list', 'a')).toContain('one too many');
    expect(refused('capture', '--source', 'sim:a', '--session', '')).toContain('--session is missing');
    expect(refused('capture', '--source', 'sim:a', '--session', 'x', '--out', 'y')).toContain(
      '--out is for a file instead',
    );
    expect(refused('capture', '--source', 'sim:a', '--library', 'x')).toContain('--library is for --session');
  });
});
