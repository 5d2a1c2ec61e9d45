/**
 * Writes short texts to a descriptor: messages on standard error, and the answers of commands other than rows. Nothing
 * here throws, blocks or ends the program: when the descriptor is closed or its reader has left, nothing more is
 * written. Node's own streams block on a terminal, and end the program with an error that nobody listens for.
 */
import { write } from 'node:fs';

/** Writes a text; calls back with the number of bytes that were accepted. */
export type WriteTo = (fd: number, bytes: Uint8Array, done: (error: Error | null, written: number) => void) => void;

/** Wait before writing again to a descriptor that accepts nothing at the moment; milliseconds. */
const RETRY_MS = 5;

const writeToFile: WriteTo = (fd, bytes, done) => write(fd, bytes, done);

export class TextOut {
  /**
   * Why nothing more can be written. It stays null if the reader has left, since the reader has then read what it
   * wanted.
   */
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

  /** True while some text was not accepted yet. */
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

  /** Resolves once everything was accepted or refused. This may take for ever, so whoever waits has to set a limit. */
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

/** For messages to people. */
export const standardError = new TextOut(2);
/** For the answers of commands; rows have a writer of their own. */
export const standardOutput = new TextOut(1);
