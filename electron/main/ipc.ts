/**
 * The only user of ipcMain. Every call is checked twice before a handler runs: it must come from the main frame of a
 * window we opened, showing our own page, and its payload must be a valid request of its channel.
 */
import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { isIndex } from '../contract/address.ts';
import {
  type EventChannel,
  type Events,
  type Handlers,
  REQUEST_CHANNELS,
  type RefusedCall,
  type RequestChannel,
} from '../contract/channels.ts';
import { InvalidRequest, validateRequest } from '../contract/validate.ts';

export interface IpcOptions {
  /** True for the contents of a window this program opened. */
  readonly isOurs: (contents: WebContents) => boolean;
  /** Told of every refused call: a refusal is either a defect or an attack, and neither is silent. */
  readonly onRefused: (channel: string, reason: string) => void;
  /** Told of every handler that threw: expected failures are values, so this is a defect of ours. */
  readonly onDefect: (channel: string, error: unknown) => void;
}

function refusal(event: IpcMainInvokeEvent, options: IpcOptions): string | null {
  const frame = event.senderFrame;
  if (!options.isOurs(event.sender)) return 'the sender is not a window of this program';
  if (frame === null || frame !== event.sender.mainFrame) return 'the sender is not the main frame';
  if (!isIndex(frame.url)) return `the sender shows ${frame.url.slice(0, 200)}`;
  return null;
}

function serveChannel<C extends RequestChannel>(channel: C, handlers: Handlers, options: IpcOptions): void {
  ipcMain.handle(channel, async (event, payload: unknown) => {
    const reason = refusal(event, options);
    if (reason !== null) {
      options.onRefused(channel, reason);
      return { refusedCall: `${channel} refused: ${reason}` } satisfies RefusedCall;
    }
    try {
      return await handlers[channel](validateRequest(channel, payload));
    } catch (error) {
      if (error instanceof InvalidRequest) options.onRefused(channel, error.message);
      else options.onDefect(channel, error);
      return { refusedCall: error instanceof Error ? error.message : String(error) } satisfies RefusedCall;
    }
  });
}

/** Registers a handler for every channel of the contract. Call once. */
export function serve(handlers: Handlers, options: IpcOptions): void {
  for (const channel of REQUEST_CHANNELS) serveChannel(channel, handlers, options);
}

/** Sends an event to one page. A page that is gone is not an error: it closed between the decision and the call. */
export function send<C extends EventChannel>(contents: WebContents, channel: C, payload: Events[C]): void {
  if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(channel, payload);
}
