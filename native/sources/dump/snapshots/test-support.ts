/** Files that VMware and QEMU save of a machine, for tests: built around the pages of its memory, cut and ordered as a test wants it. */
import { RV } from '../../../core/layout.ts';
import { joined } from '../test-support.ts';

export type Pages = ReadonlyMap<number, Uint8Array>;

/** Pieces of memory in the order in which they lie in the file. */
export type Regions = readonly { readonly frame: number; readonly pages: number }[];

const letters = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function numbers(bytes: number, little: boolean, ...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes * values.length));
  values.forEach((value, at) => {
    if (bytes === 2) view.setUint16(at * 2, value, little);
    else if (bytes === 4) view.setUint32(at * 4, value, little);
    else view.setBigUint64(at * 8, BigInt(value), little);
  });
  return new Uint8Array(view.buffer);
}

/** The memory of `regions` one behind the other, as a .vmem file has it. */
export function vmemOf(pages: Pages, regions: Regions): Uint8Array {
  const out = new Uint8Array(regions.reduce((sum, region) => sum + region.pages, 0) * RV.PAGE);
  let at = 0;
  for (const { frame, pages: count } of regions) {
    for (let page = 0; page < count; page++, at += RV.PAGE) {
      const bytes = pages.get(frame + page);
      if (bytes !== undefined) out.set(bytes, at);
    }
  }
  return out;
}

export interface VmwareStateShape {
  readonly regions: Regions;
  /** Put into the state itself. */
  readonly memory?: Uint8Array;
  readonly compressed?: boolean;
  readonly magic?: number;
}

/** A .vmss or .vmsn file. */
export function vmwareState({ regions, memory, compressed = false, magic = 0xbed2bed2 }: VmwareStateShape): Uint8Array {
  const tag = (name: string, indices: readonly number[], size: number, value: Uint8Array) =>
    joined([
      Uint8Array.of(size + indices.length * 64, name.length),
      letters(name),
      numbers(4, true, ...indices),
      value,
    ]);
  const block = (name: string, indices: readonly number[], bytes: Uint8Array, padding: number) => [
    tag(name, indices, compressed ? 62 : 63, numbers(8, true, bytes.length, bytes.length)),
    numbers(2, true, padding),
    new Uint8Array(padding),
    bytes,
  ];
  const end = new Uint8Array(2);
  let page = 0;
  const list = regions.flatMap(({ frame, pages }, at) => {
    const first = page;
    page += pages;
    return [
      tag('regionPageNum', [at], 4, numbers(4, true, first)),
      tag('regionPPN', [at], 4, numbers(4, true, frame)),
      tag('regionSize', [at], 4, numbers(4, true, pages)),
    ];
  });
  const group = joined([
    tag('hotSet', [], 8, numbers(8, true, 77)),
    ...block('thumbnail', [1, 2], new Uint8Array(33).fill(9), 5),
    tag('regionsCount', [], 4, numbers(4, true, regions.length)),
    ...list,
    ...(memory === undefined ? [] : block('Memory', [0, 0], memory, 100)),
    tag('align_mask', [], 4, numbers(4, true, 0xffff)),
    end,
  ]);
  const other = joined([tag('cpu:numVCPUs', [], 4, numbers(4, true, 2)), end]);
  const first = 12 + 2 * 80;
  const name = (text: string) => joined([letters(text), new Uint8Array(64 - text.length)]);
  return joined([
    numbers(4, true, magic, 8, 2),
    ...[name('cpu'), numbers(8, true, first, other.length)],
    ...[name('memory'), numbers(8, true, first + other.length, group.length)],
    ...[other, group],
  ]);
}

export interface QemuShape {
  /** Bytes of pc.ram; frames from 4 GiB on are those behind the hole, which begins at `hole`. */
  readonly ramBytes: number;
  readonly hole?: number;
  readonly machine?: string;
  readonly name?: string;
  /** 0..limit-1. */
  readonly random: (limit: number) => number;
  /** Pages in the list that are all zeroes; others of the memory are not in the file. */
  readonly zeroes?: readonly number[];
  readonly footers?: boolean;
  readonly mapped?: boolean;
  /** Other sections that lie between those of the memory. */
  readonly between?: Uint8Array;
}

/** A saved machine of QEMU: its pages in any order, some of them twice, first with what they no longer held at the end. */
export function qemuStream(pages: Pages, shape: QemuShape): Uint8Array {
  const {
    ramBytes,
    machine = 'pc-q35-8.2',
    name = 'pc.ram',
    random,
    zeroes = [],
    footers = true,
    mapped = false,
  } = shape;
  const string = (text: string) => joined([Uint8Array.of(text.length), letters(text)]);
  const u64 = (high: number, flags: number) => numbers(8, false, high + flags);
  const above = (4 * 2 ** 30) / RV.PAGE;
  const pageOf = (frame: number) => (frame >= above ? frame - above + (shape.hole ?? 0) / RV.PAGE : frame);
  const footer = footers ? joined([Uint8Array.of(0x7e), numbers(4, false, 3)]) : new Uint8Array(0);
  const eos = u64(0, 0x10);
  const other = 'vga.vram';
  const out: Uint8Array[] = [
    letters('QEVM'),
    numbers(4, false, 3),
    Uint8Array.of(7),
    numbers(4, false, machine.length),
    letters(machine),
  ];
  if (mapped) {
    out.push(Uint8Array.of(5), string('configuration/capabilities'), numbers(4, false, 1, 1), string('mapped-ram'));
    out.push(Uint8Array.of(5), string('configuration/uuid'), numbers(4, false, 1), new Uint8Array(16).fill(5));
  }
  out.push(Uint8Array.of(1), numbers(4, false, 3), string('ram'), numbers(4, false, 0, 4));
  if (mapped) {
    const count = ramBytes / RV.PAGE;
    const bits = new Uint8Array(Math.ceil(count / 8));
    const memory = new Uint8Array(ramBytes);
    for (const [frame, bytes] of pages) {
      const page = pageOf(frame);
      bits[page >>> 3] = (bits[page >>> 3] as number) | (1 << (page & 7));
      memory.set(bytes, page * RV.PAGE);
    }
    out.push(u64(ramBytes, 4), string(name), numbers(8, false, ramBytes), numbers(4, false, 1));
    const at = out.reduce((sum, { length }) => sum + length, 0) + 24;
    const first = Math.ceil((at + bits.length) / 2 ** 14) * 2 ** 14;
    out.push(numbers(8, false, RV.PAGE, at, first), bits, new Uint8Array(first - at - bits.length), memory);
    return joined([...out, eos, footer, Uint8Array.of(3), numbers(4, false, 3), eos, footer, Uint8Array.of(0)]);
  }
  out.push(
    u64(ramBytes + 0x10000, 4),
    string(name),
    numbers(8, false, ramBytes),
    string(other),
    numbers(8, false, 0x10000),
    eos,
    footer,
  );
  const left = [
    ...[...pages].map(([frame, bytes]) => ({ frame, bytes: bytes as Uint8Array | null })),
    ...zeroes.map((frame) => ({ frame, bytes: null })),
  ];
  for (let at = left.length - 1; at > 0; at--) {
    const with_ = random(at + 1);
    [left[at], left[with_]] = [left[with_] as (typeof left)[0], left[at] as (typeof left)[0]];
  }
  const stale = left
    .filter(() => random(8) === 0)
    .map(({ frame }) => ({ frame, bytes: random(2) === 0 ? null : new Uint8Array(RV.PAGE).fill(7) }));
  const all = [...stale, ...left];
  let known = '';
  const entry = (page: number, block: string, bytes: Uint8Array | null) => {
    const again = block === known;
    known = block;
    out.push(u64(page * RV.PAGE, (bytes === null ? 2 : 8) + (again ? 0x20 : 0)));
    if (!again) out.push(string(block));
    out.push(bytes ?? Uint8Array.of(0));
  };
  for (let at = 0; at < all.length || at === 0; ) {
    const last = at + 1 + random(200);
    if (shape.between !== undefined && random(2) === 0) out.push(shape.between);
    out.push(Uint8Array.of(last >= all.length ? 3 : 2), numbers(4, false, 3));
    for (; at < Math.min(last, all.length); at++) {
      const { frame, bytes } = all[at] as (typeof all)[0];
      if (random(20) === 0) entry(random(16), other, new Uint8Array(RV.PAGE).fill(random(256)));
      entry(pageOf(frame), name, bytes);
    }
    out.push(eos, footer);
    at = Math.max(at, 1);
  }
  // The state of devices, which says nothing of its length.
  out.push(
    Uint8Array.of(4),
    numbers(4, false, 9),
    string('timer'),
    numbers(4, false, 0, 2),
    new Uint8Array(24).fill(3),
    Uint8Array.of(0),
  );
  return joined(out);
}

/** What `virsh save` puts before the stream; `format`: 0 raw, 1 gzip and so on. */
export function libvirtSave(stream: Uint8Array, format = 0): Uint8Array {
  const xml = letters('<domain type="kvm"></domain>\0');
  return joined([
    letters('LibvirtQemudSave'),
    numbers(4, true, 2, xml.length, 1, format, 0),
    new Uint8Array(56),
    xml,
    stream,
  ]);
}
