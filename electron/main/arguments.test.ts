import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';

describe('parseArguments', () => {
  it('finds ours among Chromium switches', () => {
    expect(
      parseArguments(['--no-sandbox', '/some/app', '--user-data-dir=/tmp/x', '--source', 'sim:lab', '--theme=dark']),
    ).toEqual({ sources: ['sim:lab'], theme: 'dark' });
  });

  it('takes several sources', () => {
    expect(parseArguments(['--source', 'sim:a', '--source=sim:b']).sources).toEqual(['sim:a', 'sim:b']);
  });

  it('takes nothing from nothing, and from nonsense', () => {
    expect(parseArguments([])).toEqual({ sources: [], theme: null });
    expect(parseArguments(['--source', '--theme=pink'])).toMatchObject({ theme: null });
    expect(parseArguments(['--source='])).toMatchObject({ sources: [] });
  });
});
