/**
 * Short texts on a descriptor: what is told on standard error, and the answers of commands that are not rows. Nothing
 * here throws, blocks or ends the program: a descriptor that is closed, or whose reader has left, is noted and spoken to
 * no more. Node's own streams block on a terminal and end the program with an error that nobody listens for.
 */
import { write } from 'node:fs';

/** Writes a text; calls back with the bytes that were taken. */
export type WriteTo = (fd: number, bytes: Uint8Array, done: (error: Error | null, written: number) => void) => void;

/** Wait before a descriptor that takes nothing just now is tried again, milliseconds. */
const RETRY_MS = 5;

const writeToFile: WriteTo = (fd, bytes, done) => write(fd, bytes, done);

export class TextOut {
  /** Why nothing more can be written. A reader that has left is none: it has read what it wanted. */
  failure: NodeJS.ErrnoException | null = null;
  private readonly fd: number;
  private readonly writeTo: WriteTo;
  private queue: Uint8Array[] = [];
  private dead = false;
  private writing: Promise<void> | null = null;

  constructor(fd: number, writeTo: WriteTo = writeToFile) {
    this.fd = fd;
    this.writeTo = writeTo;
  }

  /** True while something waits to be taken. */
  get pending(): boolean {
    return this.writing !== null;
  }

  /** True once nothing is written any more: the reader has left, or the system refused. */
  get closed(): boolean {
    return this.dead;
  }

  write(text: string): void {
    if (this.dead || text === '') return;
    this.queue.push(new TextEncoder().encode(text));
    this.writing ??= this.writeQueue();
  }

  /** Resolves once everything was taken or refused. Without bound: whoever waits brings a limit. */
  async settled(): Promise<void> {
    while (this.writing !== null) await this.writing;
  }

  private async writeQueue(): Promise<void> {
    for (let bytes = this.queue[0]; bytes !== undefined; bytes = this.queue[0]) {
      const { error, written } = await this.writeOnce(bytes);
      if (error === null) {
        if (written < bytes.length) this.queue[0] = bytes.subarray(written);
        else this.queue.shift();
      } else if (error.code === 'EAGAIN') {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      } else {
        this.dead = true;
        this.queue = [];
        if (error.code !== 'EPIPE') this.failure = error;
      }
    }
    this.writing = null;
  }

  private writeOnce(bytes: Uint8Array): Promise<{ error: NodeJS.ErrnoException | null; written: number }> {
    return new Promise((resolve) => {
      this.writeTo(this.fd, bytes, (error, written) => resolve({ error, written }));
    });
  }
}

/** What this program says to people. */
export const standardError = new TextOut(2);
/** What commands answer; rows have a writer of their own. */
export const standardOutput = new TextOut(1);
