/**
 * The bridge: the only code that sees both Electron and the page, and the only user of contextBridge. It exposes named
 * methods, one a channel; no method takes a channel name, so the page can call nothing that the contract does not list.
 * Every call answers with a value, also one that is refused: what that means is decided by the page.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { isIndex } from '../contract/address.ts';
import { roomsOf } from '../contract/bridge.ts';
import { EVENT_CHANNELS, REQUEST_CHANNELS } from '../contract/channels.ts';

const bridge = {
  ...(roomsOf(REQUEST_CHANNELS, (channel) => (request: unknown) => ipcRenderer.invoke(channel, request)) as object),
  on: roomsOf(EVENT_CHANNELS, (channel) => (listener: (payload: unknown) => void) => {
    // The event object stays here: its `sender` would hand the page all of ipcRenderer.
    const forward = (_event: IpcRendererEvent, payload: unknown): void => listener(payload);
    ipcRenderer.on(channel, forward);
    return () => {
      ipcRenderer.off(channel, forward);
    };
  }),
};

// A blank page, or another address that got into the window, has this script too, and nothing to call.
if (isIndex(location.href)) contextBridge.exposeInMainWorld('ringview', bridge);
