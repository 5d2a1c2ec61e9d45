/**
 * Events of the system logger in words. Groups and types: evntrace.h and the MOF classes of the NT kernel logger
 * (Process_TypeGroup1, Image_Load, Thread_TypeGroup1 ...). What has no entry is named by its numbers, with its bytes.
 */
import { Level } from '../../../core/entry.ts';
import { dataText, utf16Text } from '../../evtx/values.ts';
import { bytesOf, endOf, pointerAt } from '../event-bytes.ts';
import type { TraceEvent } from '../trace-event.ts';
import { fieldTexts, type KernelContext } from './kernel-fields.ts';
import { layoutOf } from './kernel-layouts.ts';

/** EVENT_TRACE_GROUP_HEADER, _IO, _MEMORY ... by their number; 12 is spare. */
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
  13: 'notification facility',
  14: 'pool',
  15: 'performance',
  16: 'heap',
  17: 'object',
  18: 'power',
  19: 'modules',
  20: 'image',
  21: 'dpc',
  22: 'cache',
  23: 'critical section',
  24: 'stack walk',
  25: 'user-mode scheduling',
  26: 'alpc',
  27: 'split io',
  28: 'thread pool',
  29: 'hypervisor',
  30: 'hypervisor',
};

const ACTIONS: Readonly<Record<number, string>> = {
  1: 'started',
  2: 'ended',
  3: 'running at the begin of the trace',
  4: 'running at the end of the trace',
  39: 'defunct',
};
const IMAGE_ACTIONS: Readonly<Record<number, string>> = {
  2: 'unloaded',
  3: 'loaded before the trace began',
  4: 'loaded when the trace ended',
  10: 'loaded',
};

export interface KernelText {
  readonly text: string;
  /** `Process/Start`. */
  readonly name: string;
  /** A `Level`. */
  readonly level: number;
}

const ansi = new TextDecoder('windows-1252');
const DATA_SHOWN = 64;
const PROCESS = 0x03;
const FILE = 0x04;
const THREAD = 0x05;
const DEBUG_PRINT = 0x0a;
const IMAGE = 0x14;
const STACK_WALK = 0x18;
const STACK_SHOWN = 16;
/** Types of file events that carry the name of a file. */
const FILE_NAMES: ReadonlySet<number> = new Set([0, 32, 36]);

/** Names of the events that this file puts into words. */
const NAMES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  0: {
    0: 'EventTrace/Header',
    5: 'EventTrace/Extension',
    8: 'EventTrace/RDComplete',
    32: 'EventTrace/EndExtension',
    80: 'EventTrace/PartitionInfo',
  },
  [PROCESS]: {
    1: 'Process/Start',
    2: 'Process/End',
    3: 'Process/DCStart',
    4: 'Process/DCEnd',
    10: 'Image/Load',
    39: 'Process/Defunct',
  },
  [THREAD]: { 1: 'Thread/Start', 2: 'Thread/End', 3: 'Thread/DCStart', 4: 'Thread/DCEnd' },
  [DEBUG_PRINT]: { 32: 'DbgPrint' },
  [IMAGE]: { 2: 'Image/Unload', 3: 'Image/DCStart', 4: 'Image/DCEnd', 10: 'Image/Load' },
  [STACK_WALK]: { 32: 'StackWalk' },
};

/** What an event of the system logger says; names that it gives are noted. Never reads beyond the event. */
export function kernelText(view: DataView, event: TraceEvent, context: KernelContext): KernelText {
  const width = event.is32Bit === null ? context.pointerBytes : event.is32Bit ? 4 : 8;
  const { group, opcode } = event;
  const layout = layoutOf(group, opcode);
  const groupName = GROUPS[group] ?? `group 0x${group.toString(16).padStart(2, '0')}`;
  const name = NAMES[group]?.[opcode] ?? layout?.name ?? `${groupName}/${opcode}`;
  const said = (text: string, level: number = Level.Info): KernelText => ({ text, name, level });
  const words = inWords(view, event, width, context);
  if (words !== null) return said(words, group === DEBUG_PRINT ? debugLevel(view, event) : Level.Info);
  const fields = layout?.versions.find(({ from }) => event.version >= from)?.fields;
  if (layout !== undefined && fields !== undefined) {
    if (group === FILE && FILE_NAMES.has(opcode)) noteFile(view, event, width, context);
    const texts = fieldTexts(view, event, fields, width, context);
    return said(texts.length === 0 ? layout.name : `${layout.name}: ${texts.join(', ')}`);
  }
  const data = dataText(bytesOf(view, event.dataStart, event.dataEnd), DATA_SHOWN);
  const what = NAMES[group]?.[opcode] ?? `${groupName}, type ${opcode}`;
  return said(data === '' ? what : `${what}: ${data}`);
}

function inWords(view: DataView, event: TraceEvent, width: number, context: KernelContext): string | null {
  switch (event.group) {
    case PROCESS:
      // Events of images that a process loads are in this group; those of the rundown and of unloading are in IMAGE.
      return event.opcode === 10 ? imageText(view, event, width, context) : processText(view, event, width, context);
    case IMAGE:
      return imageText(view, event, width, context);
    case THREAD:
      return threadText(view, event, context);
    case DEBUG_PRINT:
      return debugPrint(view, event);
    case STACK_WALK:
      return event.opcode === 32 ? stackText(view, event, width, context) : null;
    default:
      return null;
  }
}

function noteFile(view: DataView, event: TraceEvent, width: number, { names }: KernelContext): void {
  const at = event.dataStart + width;
  if (at > event.dataEnd) return;
  const name = utf16Text(bytesOf(view, at, endOf(view, at, event.dataEnd, 2)));
  if (name !== '') names.noteFile(pointerAt(view, event.dataStart, width), name);
}

function processText(view: DataView, event: TraceEvent, width: number, { names }: KernelContext): string | null {
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
  if (name !== '') names.noteProcess(pid, name);
  return `process ${pid} ${name} ${action}, parent ${parent}, session ${session === 0xffffffff ? '-' : session}${exit}${line}`;
}

/** A token's user: two pointers and a security identifier, or four zero bytes for none. */
function skipToken(view: DataView, at: number, end: number, width: number): number {
  if (at + 4 > end || view.getUint32(at, true) === 0) return Math.min(end, at + 4);
  const sid = at + 2 * width;
  return sid + 2 > end ? end : Math.min(end, sid + 8 + view.getUint8(sid + 1) * 4);
}

function imageText(view: DataView, event: TraceEvent, width: number, { names }: KernelContext): string | null {
  const action = IMAGE_ACTIONS[event.opcode];
  const numbers = event.dataStart + 2 * width;
  const path = numbers + 4 + 4 + 4 + 4 + width + 16;
  if (action === undefined || path > event.dataEnd || event.version < 2) return null;
  const base = pointerAt(view, event.dataStart, width);
  const bytes = pointerAt(view, event.dataStart + width, width);
  const pid = view.getUint32(numbers, true);
  const name = utf16Text(bytesOf(view, path, endOf(view, path, event.dataEnd, 2)));
  const owner = pid === 0 ? 'the kernel' : `process ${names.process(pid)}`;
  return `image ${name} ${action} in ${owner} at 0x${base.toString(16)}, ${bytes} bytes`;
}

function threadText(view: DataView, event: TraceEvent, { names }: KernelContext): string | null {
  const action = ACTIONS[event.opcode];
  if (action === undefined || event.dataStart + 8 > event.dataEnd) return null;
  const pid = view.getUint32(event.dataStart, true);
  const tid = view.getUint32(event.dataStart + 4, true);
  return `thread ${tid} of process ${names.process(pid)} ${action}`;
}

/** Component, level, text. */
function debugPrint(view: DataView, event: TraceEvent): string | null {
  if (event.dataStart + 8 > event.dataEnd) return null;
  const from = event.dataStart + 8;
  let end = endOf(view, from, event.dataEnd, 1);
  while (end > from && isLineBreak(view.getUint8(end - 1))) end--;
  return ansi.decode(bytesOf(view, from, end));
}

function isLineBreak(byte: number): boolean {
  return byte === 10 || byte === 13;
}

/** DPFLTR_ERROR_LEVEL, WARNING, TRACE, INFO; what is beyond is a mask of the driver's own. */
const DEBUG_LEVELS = [Level.Error, Level.Warning, Level.Trace, Level.Info];

function debugLevel(view: DataView, event: TraceEvent): number {
  return DEBUG_LEVELS[view.getUint32(event.dataStart + 4, true)] ?? Level.Info;
}

/** The time of the event it belongs to, process, thread, addresses from the innermost. */
function stackText(view: DataView, event: TraceEvent, width: number, { names }: KernelContext): string | null {
  const from = event.dataStart + 16;
  if (from > event.dataEnd) return null;
  const pid = view.getUint32(event.dataStart + 8, true);
  const tid = view.getUint32(event.dataStart + 12, true);
  const count = Math.floor((event.dataEnd - from) / width);
  const frames = Array.from(
    { length: Math.min(count, STACK_SHOWN) },
    (_, frame) => `0x${pointerAt(view, from + frame * width, width).toString(16)}`,
  );
  const more = count > STACK_SHOWN ? ` ... ${count} frames` : '';
  return `stack of thread ${tid} of process ${names.process(pid)}: ${frames.join(' ')}${more}`;
}
