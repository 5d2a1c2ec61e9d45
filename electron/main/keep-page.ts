/**
 * Watches over what the window shows: hands every end of the page, every stray address and every page that does not
 * answer to who decides on it (page-life.ts), from timers, so that Chromium is never called from within its own events.
 */
import { app, type BrowserWindow, dialog } from 'electron';
import { INDEX, isIndex, TROUBLE } from '../contract/address.ts';
import { PageLife } from './page-life.ts';

/** Chromium's code for a load that another took the place of. */
const ABORTED = -3;
const TITLE = 'RingView: the page ended, capture goes on';

export interface PageWatch {
  /** What the page without script says. */
  readonly reason: () => string;
  /** The page has made its first call. */
  readonly runs: () => void;
}

/** `onGone`: the page that was there cannot be sent to any more. Called from within events. */
export function keepPage(
  window: BrowserWindow,
  now: () => number,
  onGone: () => void,
  report: (line: string) => void,
): PageWatch {
  const contents = window.webContents;
  let reason = '';
  const load = (address: string): void => {
    if (window.isDestroyed()) return;
    window.setTitle(TITLE);
    // Why it failed comes as an event.
    window.loadURL(address).catch(() => undefined);
  };
  const life = new PageLife({
    now,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    loadPage: () => load(INDEX),
    showTrouble: (why) => {
      reason = why;
      load(TROUBLE);
    },
    report,
  });
  const ended = (why: string): void => {
    onGone();
    life.ended(why);
  };
  contents.on('render-process-gone', (_event, { reason: why }) => ended(why));
  contents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
    if (isMainFrame && code !== ABORTED) ended(description);
  });
  contents.on('did-navigate', (_event, url, status) => {
    onGone();
    if (url === TROUBLE) return;
    if (!isIndex(url)) ended('it left for another address');
    else if (status >= 400) ended('its files cannot be read');
  });
  contents.on('did-navigate-in-page', (_event, url, isMainFrame) => {
    if (isMainFrame && !isIndex(url)) ended('it took another address');
  });
  window.on('closed', () => life.close());
  askWhenSilent(window, report);
  return { reason: () => reason, runs: () => life.runs() };
}

/** A page that does not answer is told of, and can be given up: its window could only be closed, and the log with it. */
function askWhenSilent(window: BrowserWindow, report: (line: string) => void): void {
  let asking: AbortController | null = null;
  window.on('unresponsive', () => {
    if (asking !== null) return;
    asking = new AbortController();
    const { signal } = asking;
    report('the page does not answer; the log is still captured');
    setImmediate(async () => {
      if (window.isDestroyed()) return;
      const { response } = await dialog.showMessageBox(window, {
        type: 'warning',
        message: 'The page does not answer',
        detail: 'The log is still captured. Loading the page again keeps filter, selection and place.',
        buttons: ['Wait', 'Load the page again'],
        cancelId: 0,
        signal,
      });
      asking = null;
      if (response === 1 && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
    });
  });
  window.on('responsive', () => asking?.abort());
}

/**
 * Chromium ends the whole program once its graphics process has ended some six times in a few minutes. It falls back to
 * drawing by software before that; from then on there is nothing to fall back to, and the limit is lifted: a picture
 * that stutters is better than a log that is gone.
 */
export function surviveGraphics(report: (line: string) => void): void {
  const liftLimit = (): void => {
    const { gpu_compositing: compositing } = app.getGPUFeatureStatus();
    if (compositing !== 'enabled') app.commandLine.appendSwitch('disable-gpu-process-crash-limit');
  };
  app.on('gpu-info-update', () => setImmediate(liftLimit));
  app.on('child-process-gone', (_event, { type, reason, name }) => {
    setImmediate(() => {
      if (type === 'GPU') liftLimit();
      if (reason !== 'clean-exit') report(`the process ${name ?? type} ended (${reason}); the log is kept`);
    });
  });
}
