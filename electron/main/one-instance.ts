/**
 * One instance a user folder. The first keeps a lock for its life and listens; a later one hands over what it was given
 * and ends. Electron has a means for that too, which kills a first instance that does not answer for twenty seconds, and
 * its log with it; here the later one goes on by itself then, beside the first.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { FileLock } from '../../native/core/platform.ts';
import { describeFailure } from '../../native/core/result.ts';
import { lockFile } from '../../native/file-lock.ts';

/** What a person gave to an instance: sources to open and files of schemas to use, beside those in use. */
export interface Handover {
  readonly sources: readonly string[];
  readonly schemas: readonly string[];
}

/** Of each. */
const MOST_NAMES = 64;
const LONGEST_NAME = 4096;
const MOST_BYTES = 65_536;
/** How long the first instance may take to answer, milliseconds. */
const PATIENCE_MS = 5000;
/** How long between two looks at an instance that begins or ends, milliseconds. */
const LOOK_MS = 50;
/** A socket's path has to fit into 108 bytes, its end included. */
const LONGEST_PATH = 100;
const TAKEN = 'taken\n';

/** A message of another instance; null if it is none. Another program of this user may have sent it. */
export function parseHandover(text: string): Handover | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  const { sources, schemas } = Object(raw) as Record<string, unknown>;
  return isNames(sources) && isNames(schemas) ? { sources, schemas } : null;
}

function isNames(value: unknown): value is readonly string[] {
  const good = (name: unknown): boolean => typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME;
  return Array.isArray(value) && value.length <= MOST_NAMES && value.every(good);
}

/** Where the instance of a folder listens; null where the folder's path is too long for that. */
function addressOf(folder: string): string | null {
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\ringview-${key}`;
  const path = join(folder, 'instance.sock');
  return Buffer.byteLength(path) <= LONGEST_PATH ? path : null;
}

export class OneInstance {
  private readonly folder: string;
  private readonly report: (line: string) => void;
  private lock: FileLock | null = null;
  private server: Server | null = null;

  constructor(folder: string, report: (line: string) => void) {
    this.folder = folder;
    this.report = report;
  }

  /** True if no other instance has the folder: it is this one's until it ends. Also where that cannot be told. */
  claim(): boolean {
    try {
      mkdirSync(this.folder, { recursive: true });
    } catch {
      // The lock fails as well then, and says why.
    }
    const locked = lockFile(join(this.folder, 'instance.lock'));
    if (!locked.ok) {
      this.report(`whether another instance runs is not known: ${describeFailure(locked.failure)}`);
      return true;
    }
    this.lock = locked.value;
    return this.lock !== null;
  }

  /** Whether the folder is this one's for certain. */
  get isOne(): boolean {
    return this.lock !== null;
  }

  /**
   * Resolves to false once this instance goes on, because the folder is its own or the one that has it did not answer in time;
   * to true once that took `what`. One that has just begun listens a moment later, and one that is ending is waited for: so a
   * person who opens five files at once gets one window. `what` null: nothing is handed over, the end of the other is waited for.
   */
  async settle(what: Handover | null, patienceMs = PATIENCE_MS): Promise<boolean> {
    const end = performance.now() + patienceMs;
    for (;;) {
      if (this.claim()) return false;
      if (what !== null && (await this.handOver(what, Math.max(1, end - performance.now())))) return true;
      if (performance.now() >= end) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Gives `what` to the instance that has the folder. False if that does not answer. */
  handOver(what: Handover, patienceMs = PATIENCE_MS): Promise<boolean> {
    const address = addressOf(this.folder);
    if (address === null) return Promise.resolve(false);
    return new Promise((resolve) => {
      const socket = connect(address);
      const done = (taken: boolean): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(taken);
      };
      const timer = setTimeout(() => done(false), patienceMs);
      let answer = '';
      socket.setEncoding('utf8');
      socket.on('data', (part: string) => {
        answer += part;
        if (answer.startsWith(TAKEN) || answer.length > TAKEN.length) done(answer === TAKEN);
      });
      socket.once('error', () => done(false));
      socket.once('close', () => done(false));
      const { sources, schemas } = what;
      socket.write(`${JSON.stringify({ sources, schemas })}\n`);
    });
  }

  /** Listens for others; `take` is told what each was given. Only after `claim` said that this is the first. */
  listen(take: (what: Handover) => void): void {
    const address = addressOf(this.folder);
    if (this.lock === null || address === null) return;
    // Left by a crash: nobody listens at it, for the lock is ours.
    if (process.platform !== 'win32') rmSync(address, { force: true });
    this.server = createServer((socket) => receive(socket, take));
    this.server.on('error', (error) => this.report(`other instances cannot hand over to this one: ${error.message}`));
    this.server.listen(address);
    this.server.unref();
  }

  close(): void {
    this.server?.close();
    this.lock?.release();
    this.lock = null;
  }
}

function receive(socket: Socket, take: (what: Handover) => void): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (part: string) => {
    text += part;
    if (text.length > MOST_BYTES) socket.destroy();
    const end = text.indexOf('\n');
    if (end < 0) return;
    const what = parseHandover(text.slice(0, end));
    if (what === null) {
      socket.destroy();
      return;
    }
    socket.end(TAKEN);
    socket.removeAllListeners('data');
    take(what);
  });
}
