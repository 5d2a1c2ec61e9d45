import { expect, it } from 'vitest';
import { ok } from '../../../native/core/result.ts';
import { FakeSource, WatchedSession } from '../test-support.ts';
import { ProcessNames } from './process-names.ts';

it('tells each name once, and a number again when its name has changed', () => {
  const names = new ProcessNames();
  expect(names.known).toBe(false);
  names.note(0, new Map());
  expect(names.known).toBe(false);
  const known = new Map([[4, 'a.exe']]);
  names.note(0, known);
  names.note(1, new Map([[4, 'b.exe']]));
  expect(names.newsSince(0)).toEqual([
    { source: 0, pid: 4, name: 'a.exe' },
    { source: 1, pid: 4, name: 'b.exe' },
  ]);
  const before = names.version;
  names.note(0, known);
  expect(names.newsSince(before)).toEqual([]);
  // Its process ended, and the number went to another one, twice before anybody asked.
  for (const name of ['c.exe', 'd.exe']) names.note(0, known.set(4, name));
  expect(names.newsSince(before)).toEqual([{ source: 0, pid: 4, name: 'd.exe' }]);
  expect([names.nameOf(0, 4), names.nameOf(1, 4), names.nameOf(0, 5), names.nameOf(2, 4)]).toEqual([
    'd.exe',
    'b.exe',
    undefined,
    undefined,
  ]);
  expect(names.newsSince(0)).toHaveLength(2);
});

it('keeps what a source knew when it is no longer in use', () => {
  const source = new FakeSource();
  const session = new WatchedSession({ open: () => ok(source), now: () => 0, store: { memoryCapBytes: 1 << 26 } });
  session.start('dbwin:');
  source.processNames = new Map([[8, 'late.exe']]);
  session.stop();
  expect(session.processes.nameOf(0, 8)).toBe('late.exe');
});
