/**
 * Events of the system logger in words. Groups and types: evntrace.h and the MOF classes of the NT kernel logger
 * (Process_TypeGroup1, Image_Load, Thread_TypeGroup1 ...). What has no entry is named by its numbers, with its bytes.
 */
import { hexDigits, utf16Text } from '../evtx/values.ts';
import type { TraceEvent } from './trace-event.ts';

const GROUPS: Readonly<Record<number, string>> = {
  0: 'trace',
  1: 'disk',
  2: 'page fault',
  3: 'process',
  4: 'file',
  5: 'thread',
  6: 'tcp',
  7: 'job',
  8: 'udp',
  9: 'registry',
  10: 'debug print',
  11: 'system configuration',
  12: 'system configuration',
  13: 'pool',
  14: 'pool',
  15: 'performance',
  16: 'heap',
  17: 'object',
  18: 'power',
  19: 'modules',
  20: 'image',
  21: 'memory',
  22: 'cache',
  24: 'stack walk',
  25: 'alpc',
  26: 'split io',
  27: 'thread pool',
};

const ACTIONS: Readonly<Record<number, string>> = {
  1: 'start',
  2: 'end',
  3: 'running at the begin of the trace',
  4: 'running at the end of the trace',
  39: 'defunct',
};
const IMAGE_ACTIONS: Readonly<Record<number, string>> = { ...ACTIONS, 2: 'unloaded', 10: 'loaded' };

export interface KernelText {
  readonly text: string;
  /** The process that the event names, with its image name; null if it names none. */
  readonly process: { readonly pid: number; readonly name: string } | null;
}

const ansi = new TextDecoder('windows-1252');
const DATA_SHOWN = 64;

function bytesOf(view: DataView, from: number, to: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + from, Math.max(0, to - from));
}

/** What an event of the system logger says. `pointerBytes`: of the traced machine. Never reads beyond the event. */
export function kernelText(view: DataView, event: TraceEvent, pointerBytes: 4 | 8): KernelText {
  const width = event.is32Bit === null ? pointerBytes : event.is32Bit ? 4 : 8;
  const known =
    event.group === 0x03
      ? processText(view, event, width)
      : event.group === 0x14
        ? imageText(view, event, width)
        : event.group === 0x05
          ? threadText(view, event)
          : event.group === 0x0a
            ? debugPrint(view, event)
            : null;
  if (known !== null) return known;
  const group = GROUPS[event.group] ?? `group 0x${event.group.toString(16).padStart(2, '0')}`;
  const data = bytesOf(view, event.dataStart, event.dataEnd);
  const shown = hexDigits(data.subarray(0, DATA_SHOWN));
  const more = data.length > DATA_SHOWN ? ` ... ${data.length} bytes` : '';
  return { text: `${group}, type ${event.opcode}${shown === '' ? '' : `: 0x${shown}${more}`}`, process: null };
}

function processText(view: DataView, event: TraceEvent, width: number): KernelText | null {
  const action = ACTIONS[event.opcode];
  // A key, three numbers and a status; from version 3 on also the page table, from 4 on flags.
  const numbers = event.dataStart + width;
  let at = numbers + 16 + (event.version >= 3 ? width : 0) + (event.version >= 4 ? 4 : 0);
  if (action === undefined || at + 8 > event.dataEnd) return null;
  const pid = view.getUint32(numbers, true);
  const parent = view.getUint32(numbers + 4, true);
  const session = view.getUint32(numbers + 8, true);
  const status = view.getInt32(numbers + 12, true);
  at = skipToken(view, at, event.dataEnd, width);
  const nameEnd = endOf(view, at, event.dataEnd, 1);
  const name = ansi.decode(bytesOf(view, at, nameEnd));
  const commandEnd = endOf(view, nameEnd + 1, event.dataEnd, 2);
  const command = commandEnd > nameEnd + 1 ? utf16Text(bytesOf(view, nameEnd + 1, commandEnd)) : '';
  const exit = event.opcode === 2 ? `, exit code ${status}` : '';
  const line = command === '' ? '' : `: ${command}`;
  const text = `process ${pid} ${name} ${action}, parent ${parent}, session ${session === 0xffffffff ? '-' : session}${exit}${line}`;
  return { text, process: name === '' ? null : { pid, name } };
}

/** A token's user: two pointers and a security identifier, or four zero bytes for none. */
function skipToken(view: DataView, at: number, end: number, width: number): number {
  if (at + 4 > end || view.getUint32(at, true) === 0) return Math.min(end, at + 4);
  const sid = at + 2 * width;
  return sid + 2 > end ? end : Math.min(end, sid + 8 + view.getUint8(sid + 1) * 4);
}

function imageText(view: DataView, event: TraceEvent, width: number): KernelText | null {
  const action = IMAGE_ACTIONS[event.opcode];
  const numbers = event.dataStart + 2 * width;
  const path = numbers + 4 + 4 + 4 + 4 + width + 16;
  if (action === undefined || path > event.dataEnd || event.version < 2) return null;
  const base = width === 8 ? view.getBigUint64(event.dataStart, true) : BigInt(view.getUint32(event.dataStart, true));
  const bytes =
    width === 8 ? view.getBigUint64(event.dataStart + 8, true) : BigInt(view.getUint32(event.dataStart + 4, true));
  const pid = view.getUint32(numbers, true);
  const name = utf16Text(bytesOf(view, path, endOf(view, path, event.dataEnd, 2)));
  const owner = pid === 0 ? 'the kernel' : `process ${pid}`;
  return { text: `image ${name} ${action} in ${owner} at 0x${base.toString(16)}, ${bytes} bytes`, process: null };
}

function threadText(view: DataView, event: TraceEvent): KernelText | null {
  const action = ACTIONS[event.opcode];
  if (action === undefined || event.dataStart + 8 > event.dataEnd) return null;
  const pid = view.getUint32(event.dataStart, true);
  const tid = view.getUint32(event.dataStart + 4, true);
  return { text: `thread ${tid} of process ${pid} ${action}`, process: null };
}

function debugPrint(view: DataView, event: TraceEvent): KernelText | null {
  // Component, level, text.
  if (event.dataStart + 8 > event.dataEnd) return null;
  const end = endOf(view, event.dataStart + 8, event.dataEnd, 1);
  const text = ansi.decode(bytesOf(view, event.dataStart + 8, end)).replace(/[\r\n]+$/, '');
  return { text, process: null };
}

/** Where a text ends: at its NUL, or with the event. */
function endOf(view: DataView, from: number, end: number, unit: 1 | 2): number {
  let at = from;
  while (at + unit <= end && (unit === 1 ? view.getUint8(at) : view.getUint16(at, true)) !== 0) at += unit;
  return Math.min(at, end);
}
