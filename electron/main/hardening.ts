/**
 * What no page of this program may ever do, whatever it shows: leave, open windows, embed others, ask for devices or for
 * files, save any, keep a store of its own, send anything anywhere. Where Chromium has no event to refuse something by,
 * the means itself is taken away.
 */
import { fileURLToPath } from 'node:url';
import { app, session, type WebContents } from 'electron';
import { isIndex, ORIGIN } from '../contract/address.ts';

/** Pickers that hand out files, file systems of the page's own in all their forms, and stores beside them. */
const REMOVED_FEATURES = [
  'FileSystemAccess',
  'FileSystemAccessLocal',
  'FileSystemAccessOriginPrivate',
  'FileSystem',
  'StorageBuckets',
];
/** The page remembers its columns in `localStorage`; whatever else a page can store is emptied between two pages. */
const EMPTIED = ['indexdb', 'filesystem', 'cachestorage', 'serviceworkers', 'cookies'] as const;

type Refused = (what: string) => void;
type Report = (line: string) => void;

/** Switches of the engine; call before the app is ready. */
export function restrictEngine(): void {
  app.commandLine.appendSwitch('disable-blink-features', REMOVED_FEATURES.join(','));
  // A name that is looked up is a message to whoever answers for it, and no policy of a page covers that.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/**
 * Applies to every page that will be created; call once the app is ready. `report` gets a line for whatever is refused,
 * `dropped` the path of a file that a person dropped onto the window.
 */
export function hardenPages(report: Report, dropped: (path: string) => void): void {
  const onRefused: Refused = (what) => report(`refused ${what}`);
  hardenSession(onRefused);
  app.on('web-contents-created', (_event, contents) => {
    hardenContents(contents, onRefused, dropped);
    refuseFileChoosers(contents, onRefused, report);
  });
}

/** Empties what a page may have stored. Does not reject. */
export function emptyStores(): void {
  void session.defaultSession.clearStorageData({ storages: [...EMPTIED] }).catch(() => undefined);
}

function hardenSession(onRefused: Refused): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
    onRefused(`permission ${permission}`);
    answer(false);
  });
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.on('will-download', (event, item) => {
    onRefused(`a download of ${cut(item.getURL())}`);
    event.preventDefault();
  });
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => {
    const ours = [ORIGIN, `blob:${ORIGIN}`, 'data:', 'devtools:'].some((start) => url.startsWith(start));
    if (!ours) onRefused(`a request for ${cut(url)}`);
    answer({ cancel: !ours });
  });
  emptyStores();
}

function hardenContents(contents: WebContents, onRefused: Refused, dropped: (path: string) => void): void {
  contents.setWindowOpenHandler(({ url }) => {
    // The engine asks for a window for a file that is dropped. It lets no page ask for one for a file, unless a person has
    // held that very file over the window. There is no other window either way.
    const path = droppedPath(url);
    if (path === null) onRefused(`window for ${cut(url)}`);
    else setImmediate(() => dropped(path));
    return { action: 'deny' };
  });
  // `about:` addresses raise neither of the two; window.ts sees them once they are there.
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame && isIndex(event.url)) return;
    onRefused(`navigation to ${cut(event.url)}`);
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    onRefused(`a redirection to ${cut(event.url)}`);
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    onRefused('a webview');
    event.preventDefault();
  });
  // A page has no say in whether it is left or its window closed.
  contents.on('will-prevent-unload', (event) => event.preventDefault());
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/**
 * `<input type=file>` opens the system's own dialog, and no event or setting of Electron's can refuse that; the protocol
 * that debuggers speak can, and answers as if the person had dismissed it.
 */
function refuseFileChoosers(contents: WebContents, onRefused: Refused, report: Report): void {
  const { debugger: channel } = contents;
  const ask = async (): Promise<void> => {
    channel.attach();
    channel.on('message', (_event, method) => {
      if (method === 'Page.fileChooserOpened') onRefused('a file chooser');
    });
    await channel.sendCommand('Page.enable');
    await channel.sendCommand('Page.setInterceptFileChooserDialog', { enabled: true, cancel: true });
  };
  // A window that is closed before the answer ends the channel.
  ask().catch((error: unknown) => {
    if (!contents.isDestroyed()) report(`file choosers of the page cannot be refused: ${String(error)}`);
  });
}

/** The path that the address of a file means; null for any other, and for one of another machine that is written as such. */
function droppedPath(url: string): string | null {
  if (!url.startsWith('file:')) return null;
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

/** An address as far as a line about it needs it. */
function cut(url: string): string {
  return url.length > 200 ? `${url.slice(0, 200)}...` : url;
}
