/** Typed records among the messages of a simulated driver: connections, as driver/schema/network.json describes them. */
import { Level } from '../core/entry.ts';
import type { MessageSource } from './messages.ts';
import { Random } from './random.ts';

/** RV_TYPE_NETWORK of kernel_events.h, and the bytes of its struct. */
const TYPE_NETWORK = 0xff06;
const STRUCT_BYTES = 72;
const TCP = 6;
const UDP = 17;
const CONNECT = 1;
const CLOSE = 3;

const PROGRAMS = ['svchost.exe', 'chrome.exe', 'System', 'lab\\agent.exe'].map((name) =>
  new TextEncoder().encode(`\\Device\\HarddiskVolume3\\Windows\\${name}`),
);
const PORTS = [443, 443, 443, 80, 53, 445, 3389] as const;

/** Every `every`-th attempt is such a record; the others come from `inner`. */
export class WithRecords implements MessageSource {
  level = 0;
  type = 0;
  remarks = 0;
  pid = 0;
  irql = 0;
  flags = 0;
  private readonly inner: MessageSource;
  private readonly every: number;
  private readonly random: Random;
  private count = 0;
  private program = PROGRAMS[0] as Uint8Array;
  private own = false;

  constructor(inner: MessageSource, every: number, seed: number) {
    this.inner = inner;
    this.every = every;
    this.random = new Random(seed);
  }

  next(): number {
    this.own = ++this.count % this.every === 0;
    if (this.own) {
      this.level = Level.Info;
      this.type = TYPE_NETWORK;
      this.remarks = 0;
      this.pid = 4;
      this.irql = 0;
      this.flags = 0;
      this.program = PROGRAMS[this.random.below(PROGRAMS.length)] as Uint8Array;
      return STRUCT_BYTES + this.program.length;
    }
    const length = this.inner.next();
    this.level = this.inner.level;
    this.type = this.inner.type;
    this.remarks = this.inner.remarks;
    this.pid = this.inner.pid;
    this.irql = this.inner.irql;
    this.flags = this.inner.flags;
    return length;
  }

  write(bytes: Uint8Array, at: number): void {
    if (!this.own) {
      this.inner.write(bytes, at);
      return;
    }
    const { random, program } = this;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, STRUCT_BYTES);
    bytes.fill(0, at, at + STRUCT_BYTES);
    const port = PORTS[random.below(PORTS.length)] as number;
    const closes = random.below(3) === 0;
    view.setUint32(0, closes ? CLOSE : CONNECT, true);
    view.setUint32(4, 1000 + 4 * random.below(500), true);
    view.setUint16(8, port === 53 ? UDP : TCP, true);
    view.setUint16(10, 4, true);
    view.setUint16(12, 49_152 + random.below(16_384), true);
    view.setUint16(14, port, true);
    bytes.set([10, 0, 0, 1 + random.below(254)], at + 16);
    bytes.set([93, 184, 216, 1 + random.below(254)], at + 32);
    view.setUint32(48, random.next(), true);
    view.setUint32(56, closes ? random.next() : 0, true);
    view.setUint32(68, program.length, true);
    bytes.set(program, at + STRUCT_BYTES);
  }
}
