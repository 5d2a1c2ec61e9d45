import { expect, it, vi } from 'vitest';
import { ok } from '../../native/core/result.ts';

vi.mock('electron', () => ({ utilityProcess: {} }));
// Test files share their modules, and those before may have put something else in Electron's place.
vi.resetModules();
const { startSource } = await import('./opener.ts');

it('opens what a person named: a source without the blanks around it, a file with them', async () => {
  const opened: string[] = [];
  const open = (spec: string) => {
    opened.push(spec);
    return ok({ name: spec, producer: '', cpuCount: 0, identity: '', startUnixMs: 0 });
  };
  for (const spec of [' sim:lab ', 'file:/logs/ein Abbild \u00fc \u65e5.DMP '])
    expect((await startSource(spec, {} as never, open)).ok).toBe(true);
  expect(opened).toEqual(['sim:lab', 'file:/logs/ein Abbild \u00fc \u65e5.DMP ']);
});
