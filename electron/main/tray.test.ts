/** What the icon in the tray says, and where there is a tray. */
import { expect, it } from 'vitest';
import { trayLook, trayPixels } from './tray-look.ts';
import { NO_TRAY, trayHindrance } from './tray-there.ts';

const session = { capturing: false, live: false, records: 0, lost: 0 };

it('counts what all sessions have, and says whether anything is captured', () => {
  const idle = trayLook([{ ...session, records: 1 }]);
  expect(idle).toMatchObject({ state: 'idle', tooltip: 'RingView: not capturing\n1 record, 0 lost' });
  const busy = trayLook([
    { ...session, capturing: true, live: true, records: 1_234_567 },
    { ...session, records: 3, lost: 0 },
  ]);
  expect(busy).toMatchObject({ state: 'capturing', tooltip: 'RingView: capturing\n1,234,570 records, 0 lost' });
  const losing = trayLook([{ ...session, capturing: true, live: true, records: 5, lost: 1200 }]);
  expect(losing).toMatchObject({ state: 'losing', tooltip: 'RingView: capturing\n5 records, 1,200 lost' });
  // What Windows shows of a tooltip.
  const most = trayLook([{ capturing: false, live: true, records: 2 ** 52, lost: 2 ** 52 }]);
  expect(most.tooltip.length).toBeLessThan(128);
});

it('offers to stop what is captured, and to start what can be', () => {
  const toggle = (...sessions: Parameters<typeof trayLook>[0]) =>
    trayLook(sessions).items.map(({ id, label, enabled }) => `${id} ${label} ${enabled}`)[1];
  expect(toggle({ ...session, capturing: true, live: true })).toBe('toggle Stop capturing true');
  expect(toggle(session, { ...session, live: true })).toBe('toggle Start capturing true');
  expect(toggle(session)).toBe('toggle Start capturing false');
  expect(trayLook([]).items.map(({ id }) => id)).toEqual(['show', 'toggle', 'quit']);
});

it('draws a ring, and a dot in it that differs by state', () => {
  const centre = (state: 'idle' | 'capturing' | 'losing', size: number) => {
    const pixels = trayPixels(state, size);
    expect(pixels).toHaveLength(size * size * 4);
    // Its edge is there, its corners are not.
    expect([pixels[3], pixels[(Math.floor(size / 2) * size + 1) * 4 + 3]]).toEqual([0, 255]);
    return [...pixels.slice((Math.floor(size / 2) * size + Math.floor(size / 2)) * 4).slice(0, 4)];
  };
  for (const size of [16, 32]) {
    const seen = (['idle', 'capturing', 'losing'] as const).map((state) => centre(state, size).join());
    expect(new Set(seen).size).toBe(3);
    expect(seen[0]).toBe('0,0,0,0');
  }
});

it('is there on Windows, and on Linux where somebody answers for it', async () => {
  const asked: string[] = [];
  const answering = (answer: string | null) => async (program: string, args: readonly string[]) => {
    asked.push(`${program} ${args.at(-1)}`);
    return answer;
  };
  expect(await trayHindrance('win32', answering(null))).toBeNull();
  expect(asked).toEqual([]);
  expect(await trayHindrance('linux', answering('   boolean true\n'))).toBeNull();
  expect(await trayHindrance('linux', answering('   boolean false\n'))).toBe(NO_TRAY);
  expect(await trayHindrance('linux', answering(null))).toBe(NO_TRAY);
  expect(asked[0]).toBe('dbus-send string:org.kde.StatusNotifierWatcher');
});
