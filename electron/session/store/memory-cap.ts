/**
 * Owns how much memory a store may use: the cap that was asked for, the cap in force, which is higher while the store
 * still moves rows away, and the bytes that others reserved outside of the store. All amounts are bytes.
 */
export class MemoryCap {
  private wantedBytes: number;
  private bytes: number;
  private readonly reserved = new Map<object, number>();

  constructor(bytes: number) {
    this.wantedBytes = bytes;
    this.bytes = bytes;
  }

  /** What was asked for. */
  get wanted(): number {
    return this.wantedBytes;
  }

  /** What is kept to now. */
  get inForce(): number {
    return this.bytes;
  }

  get reservedBytes(): number {
    let bytes = 0;
    for (const reserved of this.reserved.values()) bytes += reserved;
    return bytes;
  }

  /** Asks for another cap. A higher one is in force at once, a lower one down to what is used. */
  ask(bytes: number, used: number): void {
    this.wantedBytes = bytes;
    this.follow(used);
  }

  /** The cap in force follows what is used down to what was asked for. */
  follow(used: number): void {
    this.bytes = Math.max(this.wantedBytes, used);
  }

  /** From now on only what was asked for may be used. */
  enforce(): void {
    this.bytes = this.wantedBytes;
  }

  /** Counts bytes that `holder` uses outside of the store; 0 ends that. */
  reserve(holder: object, bytes: number): void {
    if (bytes === 0) this.reserved.delete(holder);
    else this.reserved.set(holder, bytes);
  }
}
