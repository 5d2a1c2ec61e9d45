import { expect, it } from 'vitest';
import { isLeftBehind, ownerOf, sessionName } from './session-name.ts';

it('a session of this program says whose it is', () => {
  expect(ownerOf(sessionName(4711, 3))).toBe(4711);
  for (const other of ['NT Kernel Logger', 'RingView', 'RingView-x-1', 'XRingView-1-1', 'RingView-1-1 ', ''])
    expect(ownerOf(other)).toBeNull();
});

it('is left behind if its process is gone, or is another program now; a session of others never is', () => {
  const own = new Set(['ringview.exe', 'node.exe']);
  const left = (name: string, running: readonly (readonly [number, string])[]) =>
    isLeftBehind(name, new Map(running), own);
  expect(left('RingView-7-1', [])).toBe(true);
  expect(left('RingView-7-1', [[7, 'notepad.exe']])).toBe(true);
  expect(left('RingView-7-1', [[7, 'Node.exe']])).toBe(false);
  expect(left('RingView-7-1', [[8, 'ringview.exe']])).toBe(true);
  expect(left('NT Kernel Logger', [])).toBe(false);
});
