/** Reads a file forwards, its numbers big-endian, as QEMU writes them. What lies behind the end reads as 0 and sets `ended`. Pure. */
import type { ReadAt } from '../dump-header.ts';

const WINDOW_BYTES = 1 << 20;

export class StreamCursor {
  at: number;
  ended = false;
  private readonly read: ReadAt;
  private readonly fileBytes: number;
  private from = 0;
  private window: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));

  constructor(read: ReadAt, at: number, fileBytes: number) {
    this.read = read;
    this.at = at;
    this.fileBytes = fileBytes;
  }

  u8(): number {
    return this.take(1)?.getUint8(this.at - 1 - this.from) ?? 0;
  }

  u16(): number {
    return this.take(2)?.getUint16(this.at - 2 - this.from) ?? 0;
  }

  u32(): number {
    return this.take(4)?.getUint32(this.at - 4 - this.from) ?? 0;
  }

  /** Rounded above 2 ** 53, which no place in a file is. */
  u64(): number {
    const high = this.u32();
    return high * 2 ** 32 + this.u32();
  }

  /** `bytes`: 0..65535; a letter for each byte. */
  text(bytes: number): string {
    if (this.take(bytes) === null) return '';
    const from = this.at - bytes - this.from;
    return String.fromCharCode(...this.window.subarray(from, from + bytes));
  }

  skip(bytes: number): void {
    this.at = Math.min(this.at + bytes, Number.MAX_SAFE_INTEGER);
    if (this.at > this.fileBytes) this.ended = true;
  }

  /** Goes to an offset, out of an end too. */
  go(offset: number): void {
    this.at = offset;
    this.ended = offset > this.fileBytes;
  }

  /** Where `bytes` come next within about a MiB from here on; -1 where they do not: the cursor is then where the next search begins. */
  find(bytes: Uint8Array): number {
    if (this.at < this.from || this.at + bytes.length > this.from + this.window.length) {
      this.from = this.at;
      this.fill();
    }
    const { buffer, byteOffset, length } = this.window;
    const found = Buffer.from(buffer, byteOffset, length).indexOf(bytes, this.at - this.from);
    if (found >= 0) return this.from + found;
    if (this.from + length >= this.fileBytes || length < bytes.length) this.ended = true;
    this.at = Math.max(this.at, this.from + length - bytes.length + 1);
    return -1;
  }

  private take(bytes: number): DataView | null {
    if (this.at < this.from || this.at + bytes > this.from + this.window.length) {
      this.from = this.at;
      this.fill();
      if (bytes > this.window.length) {
        this.ended = true;
        return null;
      }
    }
    this.at += bytes;
    return this.view;
  }

  private fill(): void {
    this.window = this.from < this.fileBytes ? this.read(this.from, WINDOW_BYTES) : new Uint8Array(0);
    this.view = new DataView(this.window.buffer, this.window.byteOffset, this.window.byteLength);
  }
}
