/**
 * The only user of ipcMain. A call must come from the main frame of a window that this program opened and that shows
 * our own page; its contents are checked by calls.ts. Every answer is a value, because Electron would print the stack
 * of an exception.
 */
import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { fail } from '../../native/core/result.ts';
import { isIndex } from '../contract/address.ts';
import { type EventChannel, type EventWireOf, REQUEST_CHANNELS } from '../contract/channels.ts';
import type { Calls } from '../service/calls.ts';

export interface IpcOptions {
  /** Who answers the page in the window of these contents; null unless this program opened it. */
  readonly callsOf: (contents: WebContents) => Calls | null;
  /**
   * Called for every call from elsewhere: it is a sign of a defect or of an attack, and neither should go unnoticed.
   */
  readonly onRefused: (channel: string, reason: string) => void;
}

function refusal(event: IpcMainInvokeEvent): string | null {
  const frame = event.senderFrame;
  if (frame === null || frame !== event.sender.mainFrame) return 'the sender is not the main frame';
  if (!isIndex(frame.url)) return `the sender shows ${frame.url.slice(0, 200)}`;
  return null;
}

/** Answers every channel of the contract. Call once. */
export function serve({ callsOf, onRefused }: IpcOptions): void {
  for (const channel of REQUEST_CHANNELS) {
    ipcMain.handle(channel, (event, payload: unknown) => {
      const calls = callsOf(event.sender);
      const reason = calls === null ? 'the sender is not a window of this program' : refusal(event);
      if (calls !== null && reason === null) return calls.answer(channel, payload);
      onRefused(channel, reason ?? '');
      return fail('permission-denied', `The call was refused: ${reason}`, 'Only the page of this program may call');
    });
  }
}

/** Sends an event to one page. It is no error if the page is gone: it may have been closed just before. */
export function send<C extends EventChannel>(contents: WebContents, channel: C, payload: EventWireOf<C>): void {
  if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(channel, payload);
}
