/** RingView's own typed events as lines of text, for people to read and to search in. */
import { parseEvent, type SystemEvent } from '../../../native/core/events.ts';

/** One line about an event; null if the payload is not one, and is then shown as bytes. `decode` decodes UTF-8. */
export function eventText(type: number, payload: Uint8Array, decode: (bytes: Uint8Array) => string): string | null {
  const event = parseEvent(type, payload);
  return event && describe(event, decode);
}

function describe(event: SystemEvent, decode: (bytes: Uint8Array) => string): string {
  switch (event.kind) {
    case 'process':
      return describeProcess(event, decode);
    case 'thread': {
      const { pid, tid, callerPid, started } = event;
      const remote = started && callerPid !== pid ? `, from process ${callerPid}` : '';
      return `thread ${tid} of process ${pid} ${started ? 'started' : 'ended'}${remote}`;
    }
    default: {
      const { pid, base, bytes, present } = event;
      const path = event.path.length === 0 ? 'image' : decode(event.path);
      const where = pid === 0 ? 'the kernel' : `process ${pid}`;
      // In the words of a kernel trace, which tells of such modules too.
      if (present)
        return `image ${path} running at the begin of the trace in ${where} at 0x${base.toString(16)}, ${bytes} bytes`;
      return `${path} loaded into ${where} at 0x${base.toString(16)}, ${bytes} bytes`;
    }
  }
}

function describeProcess(
  event: Extract<SystemEvent, { kind: 'process' }>,
  decode: (bytes: Uint8Array) => string,
): string {
  const { pid, parentPid, creatorPid, sessionId, exitStatus } = event;
  if (!event.started && !event.present) {
    const exit = exitStatus === null ? '' : ` with 0x${exitStatus.toString(16)}`;
    return `process ${pid} ended${exit}`;
  }
  const path = event.path.length === 0 ? '' : `: ${decode(event.path)}`;
  const creator = event.present || creatorPid === parentPid ? '' : `, created by ${creatorPid}`;
  const session = sessionId === null ? '' : `, session ${sessionId}`;
  const command = event.command.length === 0 ? '' : `, command line: ${decode(event.command)}`;
  const what = event.started ? 'started' : 'is running';
  return `process ${pid} ${what}${path} (parent ${parentPid}${creator}${session})${command}`;
}
