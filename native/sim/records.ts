/** Typed records among the messages of a simulated driver: connections, as driver/schema/network.json describes them. */
import { WithPayloads } from './messages.ts';

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

/** Payloads that are such records. */
export class WithRecords extends WithPayloads {
  private program = PROGRAMS[0] as Uint8Array;

  protected override nextPayload(): number {
    this.type = TYPE_NETWORK;
    this.program = PROGRAMS[this.random.below(PROGRAMS.length)] as Uint8Array;
    return STRUCT_BYTES + this.program.length;
  }

  protected override writePayload(bytes: Uint8Array, at: number): void {
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
