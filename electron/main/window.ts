/** The one window: its place, its protections, its background before the page draws. */
import { BrowserWindow, nativeTheme, type Rectangle, screen } from 'electron';
import { INDEX } from './page.ts';
import type { WindowPlace } from './settings.ts';

/** Fluent's neutralBackground1 of both themes, so that the window never opens in the wrong colour. */
const BACKGROUND = { dark: '#292929', light: '#ffffff' };

/** A page that ends more often than this within the time is not loaded again: it would only end once more. */
const MAX_RELOADS = 3;
const RELOAD_WINDOW_MS = 60_000;

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

/** Opens the window, hidden until its page has drawn once. */
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
      // A log that stops updating because its window is behind the debugger would look like silence.
      backgroundThrottling: false,
    },
  });
  if (place.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  void window.loadURL(INDEX);
  return window;
}

/** Loads a page whose process ended again, unless it keeps ending. `now` is in monotonic milliseconds. */
export function reloadWhenGone(window: BrowserWindow, now: () => number, report: (line: string) => void): void {
  let ends: readonly number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    ends = [...ends.filter((at) => now() - at < RELOAD_WINDOW_MS), now()];
    if (ends.length > MAX_RELOADS) {
      report(`the page ended again and again (${reason}); the log is still captured, but not shown`);
      return;
    }
    report(`the page ended (${reason}); it is loaded again, the log is kept`);
    window.webContents.reload();
  });
}
