/**
 * The messages of a simulated driver. A message source decides on one attempt at a time and then writes its bytes
 * directly into the record: making strings would cost more than everything else the simulator does.
 */
import { Level } from '../core/entry.ts';
import { RECORD, RV } from '../core/layout.ts';
import { Random } from './random.ts';

export interface MessageSource {
  /** Properties of the attempt on which `next` decided. */
  level: number;
  type: number;
  remarks: number;
  pid: number;
  /** The level at which the attempt is made: from RV.IRQL_BORROWED on, the process is one that a DPC or an interrupt came upon. */
  irql: number;
  /** Flags of the record's header. */
  flags: number;
  /** Decides the next attempt; returns its length in bytes. */
  next(): number;
  /** Writes that many bytes at `bytes[at]`; `at` is a multiple of 8. */
  write(bytes: Uint8Array, at: number): void;
}

const HEX = new TextEncoder().encode('0123456789abcdef');

/** Writes `digits` lower-case hexadecimal digits of `value` at `bytes[at]`. */
export function writeHex(bytes: Uint8Array, at: number, digits: number, value: number): void {
  let rest = value;
  for (let digit = at + digits - 1; digit >= at; digit--) {
    bytes[digit] = HEX[rest & 15] as number;
    rest >>>= 4;
  }
}

/** FNV-1a, 32 bits, of bytes[from, to). */
export function fnv1a(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash >>> 0;
}

/**
 * `%x` stands for 8 hexadecimal digits, `%p` for a kernel address of 16, `%d` for 5 decimal ones; `%s` for an address that
 * waits for its end, `%e` for the one that has waited longest, so that intervals between both can be measured.
 */
const TEMPLATES: readonly (readonly [weight: number, level: number, pid: number, text: string])[] = [
  [20, Level.Info, 4, 'nicfilt: IRP %p IRP_MJ_DEVICE_CONTROL code 0x%x completed in %d us'],
  [8, Level.Info, 4, 'storport: IRP %s start IRP_MJ_READ \\Device\\Harddisk0\\DR0 offset 0x%x length 65536'],
  [8, Level.Info, 4, 'storport: IRP %e done IRP_MJ_READ \\Device\\Harddisk0\\DR0 offset 0x%x STATUS_SUCCESS'],
  [12, Level.Info, 4, 'storport: IRP %p IRP_MJ_WRITE \\Device\\Harddisk0\\DR0 offset 0x%x length 4096'],
  [14, Level.Trace, 0, 'nicfilt: DPC %p on queue %x, %d packets indicated to the miniport'],
  [14, Level.Trace, 4, '--> NicFilterSendNetBufferLists(%p) port 0x%x'],
  [14, Level.Trace, 4, '<-- NicFilterSendNetBufferLists(%p) STATUS_SUCCESS'],
  [6, Level.Trace, 0, 'usbhub: ISR endpoint 0x81 transfer %p bytes %d'],
  [
    8,
    Level.Info,
    1184,
    'fltsample: IRP_MJ_CREATE %p \\Device\\HarddiskVolume3\\Windows\\System32\\drivers\\etc\\hosts',
  ],
  [6, Level.Info, 1184, 'fltsample: PostClose context %p references 0x%x'],
  [4, Level.Info, 4, 'pnp: IRP_MN_QUERY_CAPABILITIES %p PCI\\VEN_8086&DEV_15F3&SUBSYS_%x'],
  [3, Level.Info, 4, 'pnp: IRP_MN_START_DEVICE %p ROOT\\NICFILT\\0000 resources 0x%x'],
  [3, Level.Info, 4, 'power: IRP_MN_SET_POWER %p PowerDeviceD0 to PowerDeviceD3, %d ms idle'],
  [2, Level.Info, 788, 'service: RPC binding %p epoch %x für Gerät „Ethernet 2“ erneuert'],
  [6, Level.Warning, 4, 'nicfilt: IRP %p completed late, %d us, queue depth 0x%x'],
  [4, Level.Warning, 4, 'storport: retry IRP %p STATUS_DEVICE_BUSY (0x80000011) lun %x'],
  [3, Level.Warning, 4, 'power: device %p refuses D3, %d wake capable children'],
  [2, Level.Error, 4, 'nicfilt: IRP %p failed with STATUS_INSUFFICIENT_RESOURCES (0xC000009A) tag 0x%x'],
  [2, Level.Error, 4, 'storport: IRP %p failed with STATUS_IO_TIMEOUT (0xC00000B5) after %d ms'],
  [1, Level.Error, 1184, 'fltsample: FltGetFileNameInformation %p failed with STATUS_ACCESS_DENIED (0xC0000022)'],
];

const HOLES = { x: 8, p: 16, d: 5, s: 16, e: 16 } as const;
type Hole = keyof typeof HOLES;

/** Addresses that wait for their end; the oldest of more never has one. */
const MOST_WAITING = 16;

interface Template {
  readonly level: number;
  readonly pid: number;
  readonly irql: number;
  readonly bytes: Uint8Array;
  readonly holeAt: readonly number[];
  readonly holeKind: readonly Hole[];
}

/** Any level of a device will do. */
const DEVICE_IRQL = 5;

function compile(level: number, pid: number, text: string): Template {
  const holeAt: number[] = [];
  const holeKind: Hole[] = [];
  const out: number[] = [];
  for (const part of text.split(/(%[xpdse])/)) {
    if (/^%[xpdse]$/.test(part)) {
      const kind = part[1] as Hole;
      holeAt.push(out.length);
      holeKind.push(kind);
      for (let digit = 0; digit < HOLES[kind]; digit++) out.push(0x30);
    } else {
      out.push(...new TextEncoder().encode(part));
    }
  }
  // What a DPC or an interrupt says is of process 0 here: it came upon an idle CPU.
  const irql = pid !== 0 ? 0 : text.includes('ISR') ? DEVICE_IRQL : RV.IRQL_BORROWED;
  return { level, pid, irql, bytes: Uint8Array.from(out), holeAt, holeKind };
}

/** Traces as network, storage, file system, power and PnP drivers write them. */
export class DriverMessages implements MessageSource {
  level = 0;
  readonly type = 0;
  readonly remarks = 0;
  pid = 0;
  irql = 0;
  readonly flags = 0;
  private readonly random: Random;
  private readonly wheel: Template[];
  private template: Template;
  private readonly starting: Template;
  /** Oldest first. */
  private readonly waiting: number[] = [];

  constructor(seed: number) {
    this.random = new Random(seed);
    this.wheel = TEMPLATES.flatMap(([weight, level, pid, text]) => {
      const template = compile(level, pid, text);
      return Array.from({ length: weight }, () => template);
    });
    this.template = this.wheel[0] as Template;
    this.starting = this.wheel.find(({ holeKind }) => holeKind.includes('s')) as Template;
  }

  next(): number {
    const template = this.wheel[this.random.below(this.wheel.length)] as Template;
    // Nothing ends that has not begun.
    this.template = template.holeKind.includes('e') && this.waiting.length === 0 ? this.starting : template;
    this.level = this.template.level;
    this.pid = this.template.pid;
    this.irql = this.template.irql;
    return this.template.bytes.length;
  }

  write(bytes: Uint8Array, at: number): void {
    const { bytes: text, holeAt, holeKind } = this.template;
    for (let i = 0; i < text.length; i++) bytes[at + i] = text[i] as number;
    for (let hole = 0; hole < holeAt.length; hole++) {
      const start = at + (holeAt[hole] as number);
      const kind = holeKind[hole];
      const value = kind === 'e' ? (this.waiting.shift() as number) : this.random.next();
      if (kind === 's' && this.waiting.push(value) > MOST_WAITING) this.waiting.shift();
      if (kind === 'x') {
        writeHex(bytes, start, 8, value);
      } else if (kind !== 'd') {
        writeHex(bytes, start, 8, 0xffffc000 + (value & 0xff));
        writeHex(bytes, start + 8, 8, (value & 0xfffffff0) >>> 0);
      } else {
        let rest = value % 100000;
        for (let digit = start + 4; digit >= start; digit--) {
          bytes[digit] = 0x30 + (rest % 10);
          rest = (rest / 10) | 0;
        }
      }
    }
  }
}

const MAX_BINARY_BYTES = 96;

/** A source of messages around another, whose attempts it takes over as they are unless it says otherwise. */
abstract class AroundMessages implements MessageSource {
  level = 0;
  type = 0;
  remarks = 0;
  pid = 0;
  irql = 0;
  flags = 0;
  protected readonly inner: MessageSource;

  constructor(inner: MessageSource) {
    this.inner = inner;
  }

  abstract next(): number;
  abstract write(bytes: Uint8Array, at: number): void;

  /** Takes over the next attempt of the other source; returns its length in bytes. */
  protected takeInner(): number {
    const length = this.inner.next();
    this.level = this.inner.level;
    this.type = this.inner.type;
    this.remarks = this.inner.remarks;
    this.pid = this.inner.pid;
    this.irql = this.inner.irql;
    this.flags = this.inner.flags;
    return length;
  }
}

/** Every `every`-th attempt is a typed payload; the others are those of another source. */
export abstract class WithPayloads extends AroundMessages {
  protected readonly random: Random;
  private readonly every: number;
  private count = 0;
  private own = false;

  constructor(inner: MessageSource, every: number, seed: number) {
    super(inner);
    this.every = every;
    this.random = new Random(seed);
  }

  override next(): number {
    this.own = ++this.count % this.every === 0;
    if (!this.own) return this.takeInner();
    this.level = Level.Info;
    this.remarks = 0;
    this.pid = 4;
    this.irql = 0;
    this.flags = 0;
    return this.nextPayload();
  }

  override write(bytes: Uint8Array, at: number): void {
    if (this.own) this.writePayload(bytes, at);
    else this.inner.write(bytes, at);
  }

  /** Decides the type, and what else is not as usual, of a payload; returns its length in bytes. */
  protected abstract nextPayload(): number;
  /** Writes it at `bytes[at]`. */
  protected abstract writePayload(bytes: Uint8Array, at: number): void;
}

/** Payloads of any bytes, like those of SendData. */
export class WithBinary extends WithPayloads {
  private length = 0;

  protected override nextPayload(): number {
    this.length = 1 + this.random.below(MAX_BINARY_BYTES);
    this.type = 1 + this.random.below(3);
    this.remarks = this.random.next();
    return this.length;
  }

  protected override writePayload(bytes: Uint8Array, at: number): void {
    for (let i = 0; i < this.length; i++) bytes[at + i] = this.random.next() & 0xff;
  }
}

/** The messages of another source, with something appended to their texts. */
abstract class WithEnding extends AroundMessages {
  private readonly endingBytes: number;
  private length = 0;

  constructor(inner: MessageSource, endingBytes: number) {
    super(inner);
    this.endingBytes = endingBytes;
  }

  override next(): number {
    this.length = this.takeInner();
    return this.type === 0 ? this.length + this.endingBytes : this.length;
  }

  /** The record's header stands before `bytes[at]`. */
  override write(bytes: Uint8Array, at: number): void {
    this.inner.write(bytes, at);
    if (this.type === 0) this.writeEnding(bytes, at, at + this.length);
  }

  /** Writes the ending at `end` of a text that begins at `at`. */
  protected abstract writeEnding(bytes: Uint8Array, at: number, end: number): void;
}

/** Bytes of ` @`, eight digits, `.` and eight digits. */
const NUMBER_BYTES = 19;

/**
 * Appends to every text ` @`, a tag that tells one run of a producer from the next, and the number of the attempt on
 * its CPU, which the record's header also has. Tests can then compare the losses that a reader reports with what was
 * written.
 */
export class WithNumber extends WithEnding {
  private readonly tag: number;

  constructor(inner: MessageSource, tag: number) {
    super(inner, NUMBER_BYTES);
    this.tag = tag;
  }

  protected override writeEnding(bytes: Uint8Array, at: number, end: number): void {
    const sequence = at - RV.RECORD_HEADER_BYTES + RECORD.sequence;
    bytes[end] = 0x20;
    bytes[end + 1] = 0x40;
    writeHex(bytes, end + 2, 8, this.tag);
    bytes[end + 10] = 0x2e;
    for (let byte = 0; byte < 4; byte++) writeHex(bytes, end + 17 - 2 * byte, 2, bytes[sequence + byte] as number);
  }
}

/** Bytes of ` #` and eight digits. */
const CHECKSUM_BYTES = 10;

/** Appends to every text ` #` and the FNV-1a of the text before it, so that a reader can detect a torn record. */
export class WithChecksum extends WithEnding {
  constructor(inner: MessageSource) {
    super(inner, CHECKSUM_BYTES);
  }

  protected override writeEnding(bytes: Uint8Array, at: number, end: number): void {
    bytes[end] = 0x20;
    bytes[end + 1] = 0x23;
    writeHex(bytes, end + 2, 8, fnv1a(bytes, at, end));
  }
}
