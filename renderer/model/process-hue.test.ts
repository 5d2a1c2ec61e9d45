import { expect, it } from 'vitest';
import { PROCESS_HUES, ProcessHues } from './process-hue.ts';

const names = Array.from({ length: PROCESS_HUES }, (_, at) => `lab${at}.exe`);

it('gives a process the same hue wherever it is first, in whatever letters', () => {
  const [one, other] = [new ProcessHues(), new ProcessHues()];
  expect(one.of('nic.exe')).toBe(other.of('nic.exe'));
  expect(one.of('NIC.exe')).toBe(one.of('nic.exe'));
  expect(one.of('4')).toBe(new ProcessHues().of('4'));
});

it('keeps the first ones so far from each other that they are told apart', () => {
  for (const some of [
    names.slice(0, 4),
    ['nicsvc.exe', 'labtool.exe', 'storagetest.exe', 'MsMpEng.exe'],
    ['4', '8', '12', '16'],
  ]) {
    const hues = new ProcessHues();
    const given = some.map((name) => hues.of(name));
    const apart = given.flatMap((a, at) =>
      given.slice(at + 1).map((b) => Math.min(Math.abs(a - b), 360 - Math.abs(a - b))),
    );
    expect([some[0], Math.min(...apart) >= 45]).toEqual([some[0], true]);
  }
});

it('gives as many processes as there are places hues of their own, then shares them', () => {
  const hues = new ProcessHues();
  const given = names.map((name) => hues.of(name));
  expect(new Set(given).size).toBe(PROCESS_HUES);
  for (const hue of given) expect(hue >= 0 && hue < 360).toBe(true);
  const more = hues.of('one more.exe');
  expect(given).toContain(more);
  expect(hues.of('one more.exe')).toBe(more);
  expect(names.map((name) => hues.of(name))).toEqual(given);
});
