/** The only module that touches `window.ringview`. Everything else is handed a Bridge, so tests can hand in their own. */
import type { Bridge } from '../electron/contract/channels.ts';

declare global {
  interface Window {
    readonly ringview?: Bridge;
  }
}

/** The bridge the preload script put on the window. Throws where there is none: the page was opened outside the app. */
export function pageBridge(): Bridge {
  if (!window.ringview) throw new Error('window.ringview is missing: this page runs only inside RingView.');
  return window.ringview;
}
