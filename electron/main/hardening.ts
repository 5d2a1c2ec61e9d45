/** What no page of this program may ever do, whatever it shows: leave, open windows, embed others, ask for devices. */
import { app, session } from 'electron';
import { ORIGIN } from './page.ts';

/** Applies to every page that will be created; call once the app is ready. */
export function hardenPages(onRefused: (what: string) => void): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
    onRefused(`permission ${permission}`);
    answer(false);
  });
  session.defaultSession.setPermissionCheckHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      onRefused(`window for ${url}`);
      return { action: 'deny' };
    });
    contents.on('will-navigate', (event) => {
      if (event.url.startsWith(ORIGIN)) return;
      onRefused(`navigation to ${event.url}`);
      event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      onRefused('a webview');
      event.preventDefault();
    });
  });
}
