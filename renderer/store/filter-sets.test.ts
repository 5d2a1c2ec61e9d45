/** Filters under names, over the real service: saved, used in another view, renamed, deleted, written to a file and read. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startFixture } from '../test/app-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-filters-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('saves what is in force under a name, and uses it in any view without the sources of its own', async () => {
  const fixture = await startFixture({ rows: 100, sources: 2 });
  const { filter, filterSets, view } = fixture.app;
  const names = () => filterSets.store.getState().filters?.map(({ name }) => name);
  filter.setPattern('cpu:0-1');
  filter.applyNow();
  filter.toggleSource(0);
  filter.setContext(2);
  await fixture.run();
  const { applied } = filter.store.getState();
  expect(await filterSets.save(' two CPUs ', applied)).toBe(true);
  filter.reset();
  filter.setContext(0);
  await fixture.run();
  expect(await filterSets.save('all', { ...applied, terms: { text: 'x', caseSensitive: false } })).toBe(true);
  expect(names()).toEqual(['all', 'two CPUs']);
  const saved = filterSets.store.getState().filters?.[1]?.filter;
  if (saved === undefined) throw new Error('nothing was saved');
  expect(saved).toEqual({ ...applied, hiddenSources: [] });
  filter.use(saved);
  await fixture.run();
  expect(filter.store.getState()).toMatchObject({ pattern: 'cpu:0-1', applied: saved });
  expect(view.store.getState().contextEntries).toBeGreaterThan(0);
  filter.undo();
  await fixture.run();
  expect(filter.store.getState().pattern).toBe('');

  expect(await filterSets.rename('all', 'two CPUs')).toBe(false);
  expect(filterSets.store.getState().failure?.message).toContain("'two CPUs' already");
  expect(await filterSets.rename('all', 'one text')).toBe(true);
  expect(await filterSets.remove('two CPUs')).toBe(true);
  expect(names()).toEqual(['one text']);
  expect(filterSets.store.getState().failure).toBeNull();
});

it('writes all of them to a file that the person chooses, and adds those of one, by name', async () => {
  const fixture = await startFixture();
  const { filterSets } = fixture.app;
  const { program } = fixture;
  const all = { hiddenCpus: [], hiddenLevels: [3], hiddenSources: [], text: null };
  await filterSets.save('a', all);
  await filterSets.save('b', all);
  await filterSets.exportAll();
  expect(filterSets.store.getState().said).toBe('Saved as b');
  program.filterPath = join(folder, 'filters.json');
  await filterSets.exportAll();
  expect(filterSets.store.getState().said).toBe(`2 filters written to ${program.filterPath}`);
  const before = filterSets.store.getState().filters;
  await filterSets.remove('a');
  await filterSets.save('b', { ...all, hiddenLevels: [0] });
  await filterSets.importFrom();
  expect(filterSets.store.getState()).toMatchObject({ filters: before, said: '2 filters imported' });
  const text = readFileSync(program.filterPath, 'utf8');
  for (const [content, why] of [
    ['{', 'no JSON'],
    ['{"filters":[]}', 'does not say'],
    [text.replace('"hiddenLevels"', '"levels"'), 'filter 1: '],
    [text.replace('"text": null', '"text": null, "terms": {"text": "cpu:", "caseSensitive": false}'), 'filter 1: '],
  ] as const) {
    writeFileSync(program.filterPath, content);
    await filterSets.importFrom();
    expect(filterSets.store.getState().failure?.message).toContain(why);
    expect(filterSets.store.getState().filters).toEqual(before);
  }
});
