/** RingView's own typed events as lines of text, for people to read and to search in. */
import { parseEvent, type SystemEvent } from '../../../native/core/events.ts';

/** One line about an event; null if the payload is not one, and is then shown as bytes. `decode` decodes UTF-8. */
export function eventText(type: number, payload: Uint8Array, decode: (bytes: Uint8Array) => string): string | null {
  const event = parseEvent(type, payload);
  return event && describe(event, decode);
}

function describe(event: SystemEvent, decode: (bytes: Uint8Array) => string): string {
  switch (event.kind) {
    case 'process': {
      const { pid, parentPid, creatorPid, started } = event;
      if (!started) return `process ${pid} ended`;
      const path = event.path.length === 0 ? '' : `: ${decode(event.path)}`;
      const creator = creatorPid === parentPid ? '' : `, created by ${creatorPid}`;
      return `process ${pid} started${path} (parent ${parentPid}${creator})`;
    }
    case 'thread': {
      const { pid, tid, callerPid, started } = event;
      const remote = started && callerPid !== pid ? `, from process ${callerPid}` : '';
      return `thread ${tid} of process ${pid} ${started ? 'started' : 'ended'}${remote}`;
    }
    default: {
      const { pid, base, bytes } = event;
      const path = event.path.length === 0 ? 'image' : decode(event.path);
      const where = pid === 0 ? 'the kernel' : `process ${pid}`;
      return `${path} loaded into ${where} at 0x${base.toString(16)}, ${bytes} bytes`;
    }
  }
}
