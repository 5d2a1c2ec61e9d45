/** What the icon in the tray says of the program: a picture, a tooltip, and the menu. */

/** What is known of an open session. */
export interface TraySession {
  readonly capturing: boolean;
  /** Whether it has live sources that can be started again. */
  readonly live: boolean;
  readonly records: number;
  readonly lost: number;
}

export type TrayState = 'capturing' | 'losing' | 'idle';

export interface TrayItem {
  readonly id: 'show' | 'toggle' | 'quit';
  readonly label: string;
  readonly enabled: boolean;
}

export interface TrayLook {
  readonly state: TrayState;
  /** Windows shows 127 characters at most. */
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

const count = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;

export function trayLook(sessions: readonly TraySession[]): TrayLook {
  const capturing = sessions.some((each) => each.capturing);
  const records = sessions.reduce((sum, each) => sum + each.records, 0);
  const lost = sessions.reduce((sum, each) => sum + each.lost, 0);
  const toggles = capturing || sessions.some(({ live }) => live);
  return {
    state: !capturing ? 'idle' : lost > 0 ? 'losing' : 'capturing',
    tooltip: `RingView: ${capturing ? 'capturing' : 'not capturing'}\n${count(records, 'record')}, ${lost.toLocaleString('en')} lost`,
    items: [
      { id: 'show', label: 'Show RingView', enabled: true },
      { id: 'toggle', label: capturing ? 'Stop capturing' : 'Start capturing', enabled: toggles },
      { id: 'quit', label: 'Quit', enabled: true },
    ],
  };
}

/** Colours of the ring, and of the dot in it; blue, green, red, alpha. The dot is seen on light and on dark bars. */
const RING = [0x8a, 0x8a, 0x8a, 0xff] as const;
const DOTS: Readonly<Record<TrayState, readonly [number, number, number, number] | null>> = {
  capturing: [0x4b, 0xa8, 0x3f, 0xff],
  losing: [0x3b, 0x3b, 0xe0, 0xff],
  idle: null,
};

/** The picture of a state, `size` pixels square: a ring, and in it a dot while something is captured, red once records were lost. */
export function trayPixels(state: TrayState, size: number): Uint8Array {
  const pixels = new Uint8Array(size * size * 4);
  const middle = (size - 1) / 2;
  const outer = size / 2 - 0.5;
  const inner = outer - size / 8;
  const dot = DOTS[state];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const away = Math.hypot(x - middle, y - middle);
      const colour = away <= outer && away > inner ? RING : dot !== null && away <= inner - size / 8 ? dot : null;
      if (colour !== null) pixels.set(colour, (y * size + x) * 4);
    }
  }
  return pixels;
}
