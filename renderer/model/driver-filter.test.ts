import { expect, it } from 'vitest';
import { draftOf, readDraft } from './driver-filter.ts';

it('what was set is what is shown, and set again', () => {
  const filter = { pidMode: 'exclude', pids: [4, 8], pathMode: 'include', paths: ['\\a\\', 'b c'] } as const;
  const draft = draftOf(filter);
  expect(draft).toEqual({ pids: '4, 8', pidsOut: true, paths: '\\a\\; b c', pathsOut: false });
  expect(readDraft(draft)).toEqual({ ok: true, value: filter });
  expect(draftOf(null)).toEqual({ pids: '', pidsOut: false, paths: '', pathsOut: false });
  expect(readDraft(draftOf(null))).toMatchObject({ value: { pidMode: 'all', pathMode: 'all' } });
});

it('what the driver would not take is told', () => {
  const draft = draftOf(null);
  expect(readDraft({ ...draft, pids: 'lsass' })).toMatchObject({ failure: { message: 'Processes are numbers' } });
  expect(readDraft({ ...draft, pids: '4294967296' })).toMatchObject({ ok: false });
  expect(readDraft({ ...draft, paths: 'a;b;c;d;e' })).toMatchObject({ failure: { action: 'Name up to 4' } });
});
