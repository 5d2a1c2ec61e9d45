/**
 * The thread that Windows calls back with the events of a logging session. While it is called back the next events wait in
 * the session's buffers, of which there are few: it copies an event into the ring and returns.
 */
import { workerData } from 'node:worker_threads';
import { MessageKind, MessageRingWriter } from '../../core/message-ring.ts';
import { fail } from '../../core/result.ts';
import { ERROR } from '../../win32/errors.ts';
import { systemError } from '../../win32/library.ts';
import { copier } from '../../win32/native-memory.ts';
import { openTrace } from '../../win32/tracing/consumer.ts';
import { EVENT_RECORD } from '../../win32/tracing/structures.ts';
import { LinkState, linkState, reportTrouble, say, setLinkState } from '../thread-link.ts';
import type { EtwLink } from './etw-link.ts';
import { RecordPacker } from './live-record.ts';

const link = workerData as EtwLink;

function serve(): void {
  const copy = copier();
  if (!copy.ok) {
    reportTrouble(link, copy.failure);
    return;
  }
  const writer = new MessageRingWriter(link.ring);
  const ticks = new Uint32Array(2);
  const packer = new RecordPacker((at, address, bytes) => copy.value(packer.packed.subarray(at), address, bytes));
  const opened = openTrace(link.session, link.raw, {
    onEvent: (address) => {
      copy.value(packer.record, address, EVENT_RECORD.size);
      ticks[0] = packer.ticksLow;
      ticks[1] = packer.ticksHigh;
      writer.write(MessageKind.Attempt, packer.pid, ticks, packer.packed, packer.pack());
    },
    onBuffer: () => linkState(link) === LinkState.Open,
  });
  if (!opened.ok) {
    reportTrouble(link, opened.failure);
    return;
  }
  const consumer = opened.value;
  try {
    say(link, consumer.facts);
    setLinkState(link, LinkState.Open);
    const error = consumer.process();
    if (error === 0 || error === ERROR.CANCELLED) {
      setLinkState(link, LinkState.Closed);
      return;
    }
    const what = `The logging session '${link.session}' can no longer be read`;
    const failed = fail('io-error', what, 'Start the capture again', systemError(error));
    if (!failed.ok) reportTrouble(link, failed.failure);
  } finally {
    consumer.close();
  }
}

try {
  serve();
} catch (error) {
  const what = `The reading of the logging session broke: ${error instanceof Error ? error.message : String(error)}`;
  const broken = fail('internal', what, 'Start the capture again');
  if (!broken.ok) reportTrouble(link, broken.failure);
}
