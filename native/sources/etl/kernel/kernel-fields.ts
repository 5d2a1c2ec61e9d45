/** Fields of an event of the system logger, read one after the other and told as `name=value`. Never reads beyond the event. */
import { namedCode } from '../../../decode/status-names.ts';
import { utf16Text } from '../../evtx/values.ts';
import { bytesOf, endOf, ip4Text, ip6Text, pointerAt } from '../event-bytes.ts';
import type { TraceEvent } from '../trace-event.ts';
import type { Field } from './kernel-layouts.ts';
import type { KernelNames } from './kernel-names.ts';

export interface KernelContext {
  /** Of the traced machine. */
  readonly pointerBytes: 4 | 8;
  /** Ticks a second of the clock that the event is stamped by. */
  readonly frequency: bigint;
  readonly names: KernelNames;
  readonly statusName: (kind: 'ntstatus', code: number) => string | null;
}

const ansi = new TextDecoder('windows-1252');

/** KTHREAD_STATE and KWAIT_REASON, by number. */
const STATES = ['initialized', 'ready', 'running', 'standby', 'terminated', 'waiting', 'transition', 'deferred ready'];
const WAITS = (
  'Executive FreePage PageIn PoolAllocation DelayExecution Suspended UserRequest WrExecutive WrFreePage WrPageIn ' +
  'WrPoolAllocation WrDelayExecution WrSuspended WrUserRequest WrEventPair WrQueue WrLpcReceive WrLpcReply ' +
  'WrVirtualMemory WrPageOut WrRendezvous WrKeyedEvent WrTerminated WrProcessInSwap WrCpuRateControl WrCalloutStack ' +
  'WrKernel WrResource WrPushLock WrMutex WrQuantumEnd WrDispatchInt WrPreempted WrYieldExecution WrFastMutex ' +
  'WrGuardedMutex WrRundown WrAlertByThreadId WrDeferredPreempt'
).split(' ');

function timeOf(view: DataView, { timeAt }: TraceEvent): bigint {
  return timeAt < 0 ? 0n : view.getBigInt64(timeAt, true);
}

/** Ticks as microseconds. */
function microseconds(ticks: bigint, frequency: bigint): string {
  return `${(Number((ticks * 10_000_000n) / frequency) / 10).toFixed(1)}us`;
}

/** `name=value, name=value` of the fields that the event has; an event of an older version may end before the last. */
export function fieldTexts(
  view: DataView,
  event: TraceEvent,
  fields: readonly Field[],
  width: number,
  context: KernelContext,
): string[] {
  const texts: string[] = [];
  let at = event.dataStart;
  for (const { name, type } of fields) {
    const read = readField(view, at, event, type, width, context);
    if (read === null) break;
    if (name !== '') texts.push(`${name}=${read.text}`);
    at = read.next;
  }
  return texts;
}

function readField(
  view: DataView,
  at: number,
  event: TraceEvent,
  type: Field['type'],
  width: number,
  context: KernelContext,
): { readonly text: string; readonly next: number } | null {
  const end = event.dataEnd;
  const fixed = (bytes: number, read: () => string): { readonly text: string; readonly next: number } | null =>
    at + bytes > end ? null : { text: read(), next: at + bytes };
  switch (type) {
    case 'u8':
      return fixed(1, () => String(view.getUint8(at)));
    case 's8':
      return fixed(1, () => String(view.getInt8(at)));
    case 'wait':
      return fixed(1, () => WAITS[view.getUint8(at)] ?? String(view.getUint8(at)));
    case 'state':
      return fixed(1, () => STATES[view.getUint8(at)] ?? String(view.getUint8(at)));
    case 'u16':
      return fixed(2, () => String(view.getUint16(at, true)));
    case 'port':
      return fixed(2, () => String(view.getUint16(at, false)));
    case 'u32':
      return fixed(4, () => String(view.getUint32(at, true)));
    case 'x32':
      return fixed(4, () => `0x${view.getUint32(at, true).toString(16)}`);
    case 'status':
      return fixed(4, () => {
        const code = view.getUint32(at, true);
        return namedCode(code, context.statusName('ntstatus', code));
      });
    case 'pid':
      return fixed(4, () => context.names.process(view.getUint32(at, true)));
    case 'ip4':
      return fixed(4, () => ip4Text(view, at));
    case 'ip6':
      return fixed(16, () => ip6Text(view, at));
    case 'u64':
      return fixed(8, () => view.getBigUint64(at, true).toString());
    case 'span':
      return fixed(8, () => microseconds(view.getBigUint64(at, true), context.frequency));
    case 'since':
      return fixed(8, () => microseconds(timeOf(view, event) - view.getBigInt64(at, true), context.frequency));
    case 'ptr':
      return fixed(width, () => `0x${pointerAt(view, at, width).toString(16)}`);
    case 'size':
      return fixed(width, () => pointerAt(view, at, width).toString());
    case 'file':
      return fixed(width, () => context.names.file(pointerAt(view, at, width)));
    case 'text':
    case 'wide': {
      if (at >= end) return null;
      const unit = type === 'wide' ? 2 : 1;
      const to = endOf(view, at, end, unit);
      const bytes = bytesOf(view, at, to);
      return {
        text: unit === 2 ? utf16Text(bytes.subarray(0, bytes.length & ~1)) : ansi.decode(bytes),
        next: to + unit,
      };
    }
  }
}
