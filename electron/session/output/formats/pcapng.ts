/**
 * pcapng, for Wireshark and tshark: each payload that is not text becomes a packet, with its wall clock to the
 * nanosecond; of one whose schema says which part of it is a packet that part. There is an interface for each combination of source, payload type and link layer. The rest of the row
 * becomes the packet's comment; its CPU is also the queue number. Losses are counted in the option that the format has
 * for them, in the next packet, or at the end if no packet follows. Text rows are left out, because the format has no
 * place for them.
 */
import { schemaOfType } from '../../text/schemas.ts';
import { encodeUtf8, TYPE_TEXT } from '../../text/text.ts';
import type { OutputFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import { createExportRow, type ExportRow, isLoss } from '../output-row.ts';
import { RowValues } from '../row-values.ts';
import { packetOf } from './packet-link.ts';

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const STATISTICS = 5;
const PACKET = 6;
const ORDER_MAGIC = 0x1a2b3c4d;
const NS_A_SECOND = 1_000_000_000n;

const OPTION_COMMENT = 1;
const SECTION_USER_PROGRAM = 4;
const INTERFACE_NAME = 2;
const INTERFACE_DESCRIPTION = 3;
const INTERFACE_RESOLUTION = 9;
const PACKET_DROPPED = 4;
const PACKET_QUEUE = 6;
const STATISTICS_DROPPED = 5;

/** A growing buffer of bytes, in little-endian order. */
class Blocks {
  private bytes = new Uint8Array(4096);
  private view = new DataView(this.bytes.buffer);
  private length = 0;
  private blockStart = 0;

  begin(type: number): void {
    this.blockStart = this.length;
    this.u32(type);
    this.u32(0);
  }

  /** Writes the length of the block, which stands both at its begin and at its end. */
  finish(): void {
    const bytes = this.length + 4 - this.blockStart;
    this.u32(bytes);
    this.view.setUint32(this.blockStart + 4, bytes, true);
  }

  u16(value: number): void {
    this.room(2);
    this.view.setUint16(this.length, value, true);
    this.length += 2;
  }

  u32(value: number): void {
    this.room(4);
    this.view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** Writes bytes, padded with zeros to a multiple of four. */
  padded(data: Uint8Array): void {
    this.room(data.length + 3);
    this.bytes.set(data, this.length);
    this.bytes.fill(0, this.length + data.length, this.length + ((data.length + 3) & ~3));
    this.length += (data.length + 3) & ~3;
  }

  option(code: number, data: Uint8Array): void {
    // Cut to what a length of 16 bits can state.
    const value = data.subarray(0, 0xffff);
    this.u16(code);
    this.u16(value.length);
    this.padded(value);
  }

  text(code: number, text: string): void {
    this.option(code, encodeUtf8(text));
  }

  u64Option(code: number, value: bigint): void {
    const data = new DataView(new ArrayBuffer(8));
    data.setBigUint64(0, value, true);
    this.option(code, new Uint8Array(data.buffer));
  }

  endOptions(): void {
    this.u32(0);
  }

  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  private room(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + bytes));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

export class PcapngFormatter implements OutputFormatter {
  private readonly values: RowValues;
  private readonly blocks = new Blocks();
  private readonly interfaces = new Map<string, number>();
  private readonly scratch = createExportRow();
  /** Records lost since the last packet. */
  private dropped = 0n;
  private lastNs = 0n;

  constructor(facts: OutputFacts) {
    this.values = new RowValues(facts);
  }

  begin(): Uint8Array {
    const { blocks } = this;
    blocks.begin(SECTION);
    blocks.u32(ORDER_MAGIC);
    blocks.u16(1);
    blocks.u16(0);
    // The length of the section: unknown.
    blocks.u32(0xffffffff);
    blocks.u32(0xffffffff);
    blocks.text(SECTION_USER_PROGRAM, 'RingView');
    blocks.endOptions();
    blocks.finish();
    return blocks.take();
  }

  rows(run: { readonly count: number; read(at: number, row: ExportRow): void }): Uint8Array {
    for (let at = 0; at < run.count; at++) {
      run.read(at, this.scratch);
      if (isLoss(this.scratch)) this.dropped += BigInt(this.scratch.remarks);
      else if (this.scratch.type !== TYPE_TEXT) this.packet(this.scratch);
    }
    return this.blocks.take();
  }

  end(): Uint8Array {
    if (this.dropped === 0n) return new Uint8Array(0);
    const { blocks } = this;
    const at = this.interfaces.size === 0 ? this.interfaceOf('log', 0, 147) : this.interfaces.size - 1;
    blocks.begin(STATISTICS);
    blocks.u32(at);
    this.time(this.lastNs);
    blocks.u64Option(STATISTICS_DROPPED, this.dropped);
    blocks.endOptions();
    blocks.finish();
    return blocks.take();
  }

  private packet(row: ExportRow): void {
    const { blocks, values } = this;
    const { link, bytes } = packetOf(row.type, row.payload);
    const at = this.interfaceOf(values.source(row), row.type, link);
    const seconds = values.unixSeconds(row);
    // Without a wall clock, times count from 1970.
    const ns = Number.isNaN(seconds)
      ? BigInt(Math.max(0, Math.round(row.timeNs)))
      : BigInt(seconds) * NS_A_SECOND + BigInt(values.nanoseconds(row));
    this.lastNs = ns < 0n ? 0n : ns;
    blocks.begin(PACKET);
    blocks.u32(at);
    this.time(this.lastNs);
    blocks.u32(bytes.length);
    blocks.u32(bytes.length);
    blocks.padded(bytes);
    blocks.text(OPTION_COMMENT, this.comment(row));
    if (this.dropped > 0n) blocks.u64Option(PACKET_DROPPED, this.dropped);
    this.dropped = 0n;
    const cpu = this.values.cpu(row);
    if (cpu !== null) blocks.option(PACKET_QUEUE, new Uint8Array(Uint32Array.of(cpu).buffer));
    blocks.endOptions();
    blocks.finish();
  }

  private comment(row: ExportRow): string {
    const { values } = this;
    const parts = [`index ${row.index}`];
    const say = (name: string, value: string | number | null): void => {
      if (value !== null) parts.push(`${name} ${value}`);
    };
    say('cpu', values.cpu(row));
    say('level', values.level(row));
    say('pid', values.pid(row));
    say('process', values.process(row));
    say('type', values.type(row));
    say('remarks', values.remarks(row));
    return parts.join(', ');
  }

  private time(ns: bigint): void {
    this.blocks.u32(Number(ns >> 32n) >>> 0);
    this.blocks.u32(Number(ns & 0xffffffffn));
  }

  private interfaceOf(source: string, type: number, link: number): number {
    const key = `${link} ${type} ${source}`;
    const known = this.interfaces.get(key);
    if (known !== undefined) return known;
    const { blocks } = this;
    blocks.begin(INTERFACE);
    blocks.u16(link);
    blocks.u16(0);
    // The snapshot length: no limit, since no packet is cut.
    blocks.u32(0);
    blocks.text(INTERFACE_NAME, source);
    const name = schemaOfType(type)?.type.name;
    blocks.text(INTERFACE_DESCRIPTION, name === undefined ? `payload type ${type}` : `${name}, payload type ${type}`);
    // The time resolution 10^-9: nanoseconds.
    blocks.option(INTERFACE_RESOLUTION, Uint8Array.of(9));
    blocks.endOptions();
    blocks.finish();
    const number = this.interfaces.size;
    this.interfaces.set(key, number);
    return number;
  }
}
