/** The icon in the tray, while a person wants one: what it says is tray-look.ts's. */
import { Menu, nativeImage, Tray } from 'electron';
import { type TrayItem, type TrayLook, type TraySession, type TrayState, trayLook, trayPixels } from './tray-look.ts';

/** The icon is looked at so often, milliseconds. */
const LOOK_MS = 1000;
const SIZES = [
  { scaleFactor: 1, size: 16 },
  { scaleFactor: 2, size: 32 },
];

export interface TrayDependencies {
  readonly sessions: () => readonly TraySession[];
  readonly act: (what: TrayItem['id']) => void;
}

export class TrayIcon {
  private readonly deps: TrayDependencies;
  private tray: Tray | null = null;
  private timer: NodeJS.Timeout | null = null;
  private last: TrayLook | null = null;

  constructor(deps: TrayDependencies) {
    this.deps = deps;
  }

  get shown(): boolean {
    return this.tray !== null;
  }

  /** Shows it, or takes it away. */
  set(on: boolean): void {
    if (on === this.shown) return;
    if (!on) {
      if (this.timer !== null) clearInterval(this.timer);
      this.tray?.destroy();
      this.tray = null;
      return;
    }
    this.tray = new Tray(imageOf('idle'));
    this.tray.on('click', () => this.deps.act('show'));
    this.last = null;
    this.look();
    this.timer = setInterval(() => this.look(), LOOK_MS);
    // The icon alone keeps no program alive.
    this.timer.unref();
  }

  private look(): void {
    const { tray, last } = this;
    if (tray === null) return;
    const now = trayLook(this.deps.sessions());
    if (now.state !== last?.state) tray.setImage(imageOf(now.state));
    if (now.tooltip !== last?.tooltip) tray.setToolTip(now.tooltip);
    // On Linux the menu is set anew for a change to be seen.
    if (JSON.stringify(now.items) !== JSON.stringify(last?.items)) {
      const items = now.items.map(({ id, ...item }) => ({ ...item, id, click: () => this.deps.act(id) }));
      tray.setContextMenu(Menu.buildFromTemplate(items));
    }
    this.last = now;
  }
}

function imageOf(state: TrayState): Electron.NativeImage {
  const image = nativeImage.createEmpty();
  for (const { scaleFactor, size } of SIZES) {
    const bitmap = nativeImage.createFromBitmap(Buffer.from(trayPixels(state, size)), { width: size, height: size });
    image.addRepresentation({ scaleFactor, width: size, height: size, buffer: bitmap.toPNG() });
  }
  return image;
}
