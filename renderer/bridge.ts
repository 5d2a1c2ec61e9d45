/** The only module that touches `window.ringview`. Everything else is handed a Bridge, so tests can hand in their own. */
import type { Bridge, PreloadBridge } from '../electron/contract/channels.ts';
import { unpack } from '../electron/contract/packed.ts';

declare global {
  interface Window {
    readonly ringview?: PreloadBridge;
  }
}

/** The bridge the preload script put on the window. Throws where there is none: the page was opened outside the app. */
export function pageBridge(): Bridge {
  const preload = window.ringview;
  if (!preload) throw new Error('window.ringview is missing: this page runs only inside RingView.');
  return {
    ...preload,
    rows: async (request) => unpack(await preload.rows(request)),
    density: async (buckets) => unpack(await preload.density(buckets)),
    onViewUpdate: (listener) => preload.onViewUpdate((update) => listener(unpack(update))),
  };
}
