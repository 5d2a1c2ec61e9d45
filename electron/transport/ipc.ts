/**
 * The only user of ipcMain. A call must come from the main frame of a window we opened, showing our own page; what is in
 * it is judged by calls.ts. Every answer is a value: Electron would print the stack of what is thrown here.
 */
import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { fail } from '../../native/core/result.ts';
import { isIndex } from '../contract/address.ts';
import { type EventChannel, type EventWireOf, REQUEST_CHANNELS } from '../contract/channels.ts';
import type { Calls } from '../service/calls.ts';

export interface IpcOptions {
  /** True for the contents of a window this program opened. */
  readonly isOurs: (contents: WebContents) => boolean;
  /** Told of every call that comes from elsewhere: it is either a defect or an attack, and neither is silent. */
  readonly onRefused: (channel: string, reason: string) => void;
}

function refusal(event: IpcMainInvokeEvent, options: IpcOptions): string | null {
  const frame = event.senderFrame;
  if (!options.isOurs(event.sender)) return 'the sender is not a window of this program';
  if (frame === null || frame !== event.sender.mainFrame) return 'the sender is not the main frame';
  if (!isIndex(frame.url)) return `the sender shows ${frame.url.slice(0, 200)}`;
  return null;
}

/** Answers every channel of the contract. Call once. */
export function serve(calls: Calls, options: IpcOptions): void {
  for (const channel of REQUEST_CHANNELS) {
    ipcMain.handle(channel, (event, payload: unknown) => {
      const reason = refusal(event, options);
      if (reason === null) return calls.answer(channel, payload);
      options.onRefused(channel, reason);
      return fail('permission-denied', `The call was refused: ${reason}`, 'Only the page of this program may call');
    });
  }
}

/** Sends an event to one page. A page that is gone is not an error: it closed between the decision and the call. */
export function send<C extends EventChannel>(contents: WebContents, channel: C, payload: EventWireOf<C>): void {
  if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(channel, payload);
}
