/**
 * The thread that takes debug output the moment it arrives. Each program that writes waits for it, so it must never
 * wait for the rest of this one: it copies a message out, lets the next program in, and only then looks at what it
 * copied.
 */
import { workerData } from 'node:worker_threads';
import { MessageKind, MessageRingWriter } from '../../core/message-ring.ts';
import { fail } from '../../core/result.ts';
import { ansiToUtf8, createDebugBuffer, DEBUG_BUFFER_BYTES, type DebugBuffer } from '../../win32/debug-buffer.ts';
import { processName } from '../../win32/processes.ts';
import { type DbwinLink, LinkState, reportTrouble, setLinkState, setStopHandle } from './dbwin-link.ts';
import { CLEAR_TEXT, parseDebugBuffer, toUtf8 } from './debug-text.ts';

/** Each wait ends after this time, so that the thread notices when its process ends; milliseconds. */
const WAIT_MS = 250;
/**
 * A process name is looked up again after this time, because Windows reuses the numbers of ended processes;
 * milliseconds.
 */
const NAME_MS = 2000;
/** The most process names that are remembered. */
const MAX_NAMES = 4096;

const link = workerData as DbwinLink;

function serve(buffer: DebugBuffer): void {
  const writer = new MessageRingWriter(link.ring);
  const names = new NameNotes(writer);
  const section = new Uint8Array(DEBUG_BUFFER_BYTES);
  const ticks = new Uint32Array(2);
  try {
    setStopHandle(link, buffer.stopHandle);
    setLinkState(link, LinkState.Open);
    buffer.begin();
    for (;;) {
      const outcome = buffer.take(section, ticks, WAIT_MS);
      if (outcome === 'stop') break;
      if (outcome === 'nothing') continue;
      const { pid, text, clear } = parseDebugBuffer(section);
      names.note(pid, ticks);
      if (clear && writer.write(MessageKind.Clear, pid, ticks, CLEAR_TEXT, 0)) continue;
      // If a request to clear finds no room, it is lost and counted like any other message.
      const payload = clear ? CLEAR_TEXT : toUtf8(text, ansiToUtf8);
      writer.write(MessageKind.Attempt, pid, ticks, payload, payload.length);
    }
    setLinkState(link, LinkState.Closed);
  } finally {
    buffer.close();
  }
}

/** Tells the reader the names of processes; they have to be looked up while the process still lives. */
class NameNotes {
  private readonly known = new Map<number, { name: string; askedMs: number }>();
  private readonly writer: MessageRingWriter;

  constructor(writer: MessageRingWriter) {
    this.writer = writer;
  }

  note(pid: number, ticks: Uint32Array): void {
    const now = performance.now();
    const known = this.known.get(pid);
    if (known && now - known.askedMs < NAME_MS) return;
    const name = processName(pid) ?? known?.name;
    if (name === undefined) return;
    if (known?.name !== name) {
      const payload = new TextEncoder().encode(name);
      // If the ring has no room for the note, the name is looked up again at the next message.
      if (!this.writer.write(MessageKind.Note, pid, ticks, payload, payload.length)) return;
    }
    if (this.known.size >= MAX_NAMES) this.known.clear();
    this.known.set(pid, { name, askedMs: now });
  }
}

try {
  const opened = createDebugBuffer(link.scope);
  if (opened.ok) serve(opened.value);
  else reportTrouble(link, opened.failure);
} catch (error) {
  const what = `The capture of debug output broke: ${error instanceof Error ? error.message : String(error)}`;
  const broken = fail('internal', what, 'Start the capture again');
  if (!broken.ok) reportTrouble(link, broken.failure);
}
