/**
 * The only module that touches `window.ringview`. All others are given a wire, so that tests can give them another one.
 */
import type { Wire } from '../electron/contract/bridge.ts';

declare global {
  interface Window {
    readonly ringview?: Wire;
  }
}

/** The bridge the preload script put on the window. Throws where there is none: the page was opened outside the app. */
export function pageWire(): Wire {
  const { ringview } = window;
  if (!ringview) throw new Error('window.ringview is missing: this page runs only inside RingView.');
  return ringview;
}
