/** A window: its place, its protections, its background before the page draws. */
import { BrowserWindow, nativeTheme, type Rectangle, screen } from 'electron';
import { INDEX } from '../contract/address.ts';
import type { WindowPlace } from './settings.ts';

/** Fluent's neutralBackground1 of both themes, so that the window never opens in the wrong colour. */
const BACKGROUND = { dark: '#292929', light: '#ffffff' };

export function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

/** A remembered place may lie on a screen that is gone; then only its size counts. */
function visiblePlace(place: WindowPlace): Partial<Rectangle> {
  const { x, y, width, height } = place;
  if (x === undefined || y === undefined) return { width, height };
  const { workArea } = screen.getDisplayMatching({ x, y, width, height });
  const visible =
    x < workArea.x + workArea.width - 80 &&
    x + width > workArea.x + 80 &&
    y >= workArea.y - 10 &&
    y < workArea.y + workArea.height - 40;
  return visible ? { x, y, width, height } : { width, height };
}

export function placeOf(window: BrowserWindow): WindowPlace {
  return { ...window.getNormalBounds(), maximized: window.isMaximized() };
}

/** Opens the window, hidden until its page has drawn once; `showPage` begins that. */
export function openWindow(preload: string, place: WindowPlace): BrowserWindow {
  const window = new BrowserWindow({
    ...visiblePlace(place),
    minWidth: 640,
    minHeight: 400,
    show: false,
    title: 'RingView',
    autoHideMenuBar: true,
    backgroundColor: backgroundColor(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      // No page handles a drop. For a file the engine asks for another window, which is refused, and the file is opened
      // (hardening.ts).
      navigateOnDragDrop: true,
      // A page that was taken over could cover everything with questions.
      disableDialogs: true,
      // A log that stops updating because its window is behind the debugger would look like silence.
      backgroundThrottling: false,
    },
  });
  if (place.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  return window;
}

/** Loads the page for the first time; what becomes of it is keep-page.ts's. */
export function showPage(window: BrowserWindow): void {
  window.loadURL(INDEX).catch(() => undefined);
}
