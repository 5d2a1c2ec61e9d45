/**
 * What drivers had logged on a machine that crashed, out of its memory: a LogSource over crash dumps, ELF cores and raw images. The
 * work is one generator, a slice of which runs in each poll: look for pages, walk page tables, then merge the rings. The last rows
 * are the lines that the kernel kept of DbgPrint, and the bug check.
 */

import { resolve } from 'node:path';
import type { BatchSink } from '../../core/batch-writer.ts';
import { createEntryBatch, type EntryBatch, Level, RowKind } from '../../core/entry.ts';
import { FILETIME_UNIX_EPOCH, filetimeToUnixMs } from '../../core/filetime.ts';
import { RV } from '../../core/layout.ts';
import { LoggerNames } from '../../core/logger-names.ts';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';
import { formatRingSessionId } from '../../core/ring-session.ts';
import { bugCheckReading } from '../../decode/driver-value.ts';
import { openFailure } from '../file/byte-feed.ts';
import { BrokenPlaces, fileInfo } from '../file/file-facts.ts';
import type { FileFigures, LogSource, PollOutcome, SourceInfo, SourceState, SourceStats } from '../source.ts';
import { CrashedCpu } from './crashed-cpu.ts';
import { readDbgPrintBuffer } from './dbgprint-buffer.ts';
import type { BugCheck } from './dump-header.ts';
import { type DumpImage, openDumpImage, virtualPageOf } from './dump-image.ts';
import { type FoundPages, type FoundSession, findPages } from './find-pages.ts';
import { mergeRings, statsOfCrashed } from './merge-rings.ts';
import { findAddresses, type ReadTable, translate } from './page-tables.ts';
import { type PlacedRing, placeRings } from './place-rings.ts';

/** Units of work in a poll, some milliseconds each: a MiB looked through, tables walked, rows merged. */
const UNITS_A_POLL = 8;
const TABLES_A_UNIT = 256;
const TABLES_KEPT = 4096;
/** Lines of the kernel's buffer in one batch. */
const BATCH_ROWS = 8192;
/** The most lines of the kernel's own buffer that become rows. */
const MOST_KERNEL_LINES = 200_000;
const encoder = new TextEncoder();

export interface DumpOptions {
  /** What people call the source; default the path as given. */
  readonly displayName?: string;
}

/** Opens a file with the memory of a machine. Failures: those of openDumpImage. */
export function openDump(path: string, options: DumpOptions = {}): Result<DumpSource> {
  const image = openDumpImage(path);
  return image.ok ? ok(new DumpSource(options.displayName ?? path, resolve(path), image.value)) : image;
}

export class DumpSource implements LogSource {
  readonly info: SourceInfo;
  private readonly image: DumpImage;
  private readonly broken = new BrokenPlaces();
  private readonly work: Generator<number, void>;
  private sink: BatchSink = () => {};
  private rows = 0;
  private readBytes = 0;
  private cpus: { readonly crashed: CrashedCpu; readonly ring: PlacedRing }[] = [];
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  /** The page of the ring session that is shown; its names of drivers are as they were at the crash. */
  private page: Uint8Array = new Uint8Array(RV.PAGE);
  private readonly names = new LoggerNames({
    copyOut: (offset, bytes, at, length) => bytes.set(this.page.subarray(offset, offset + length), at),
  });
  readonly eventNames = this.names.table;
  private lastTimeNs = 0;
  private lastIndex = 0;
  private closed = false;
  /** When the machine started, which times are counted from, or what comes nearest to it. */
  private readonly startMs: number;

  constructor(name: string, path: string, image: DumpImage) {
    this.image = image;
    const time = image.facts?.systemTime ?? null;
    const up = image.facts?.upTime ?? 0n;
    this.startMs = time === null ? image.modifiedMs : filetimeToUnixMs(time - up);
    const info = fileInfo(name, path, image.modifiedMs, this.startMs);
    // Its last row says why the machine stopped, those before it what led there.
    this.info = { ...info, producer: image.kind, file: { ...info.file, fromEnd: true } };
    if (image.prepare === null) this.tellProblems();
    this.work = this.all();
  }

  poll(sink: BatchSink): PollOutcome {
    if (this.closed || this.state !== 'capturing') return { state: this.state, rows: 0, bytes: 0, more: false };
    this.sink = sink;
    const rows = this.rows;
    let bytes = 0;
    try {
      for (let unit = 0; unit < UNITS_A_POLL && this.state === 'capturing'; unit++) {
        const { done, value } = this.work.next();
        if (done) this.state = this.failure === null ? 'ended' : 'failed';
        else bytes += value;
      }
    } catch (error) {
      const failed = openFailure(this.info.name, error);
      this.failure = failed.ok ? null : failed.failure;
      this.state = 'failed';
    }
    this.sink = () => {};
    return { state: this.state, rows: this.rows - rows, bytes, more: this.state === 'capturing' };
  }

  stats(): SourceStats {
    const file: FileFigures = {
      readBytes: Math.min(this.readBytes, this.image.bytes),
      totalBytes: this.image.bytes,
      ended: this.state === 'ended',
      format: this.image.kind,
      formatName: 'memory',
      encoding: null,
      broken: this.broken.figures(),
    };
    const cpus = this.cpus.map(({ crashed, ring }) => statsOfCrashed(crashed, ring.producer));
    return { state: this.state, failure: this.failure, cpus, file };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.image.close();
  }

  private *all(): Generator<number, void> {
    const { image } = this;
    const found: FoundPages = { sessions: [], producers: new Map(), consumers: [], tops: [], problems: [] };
    // A file that is read through twice is half read after the first time.
    const share = image.prepare === null ? 1 : 0.5;
    if (image.prepare !== null) {
      this.failure = yield* this.counted(image.prepare(), share);
      this.tellProblems();
      if (this.failure !== null) return;
    }
    const wantsTops = !image.isVirtual && (image.facts === null || image.facts.tableFrame === 0);
    yield* this.counted(findPages(image.layout.spans(), image.scan, wantsTops, found), share);
    this.readBytes = image.bytes;
    for (const problem of found.problems) this.broken.add({ problem });

    const session = this.chosen(found);
    const tables = this.tableReader();
    const tops = wantsTops ? found.tops : image.facts === null || image.isVirtual ? [] : [image.facts.tableFrame];
    const addresses = new Map<number, number[]>();
    let top = tops[0] ?? -1;
    if (session !== null) {
      top = yield* this.findTop(tops, tables, found, addresses);
      yield* this.rings(session, found, addresses, top, tables);
    } else if ((image.facts?.bugCheck.code ?? 0) === 0) {
      const nothing = fail(
        'source-not-found',
        `${this.info.name} holds no ring of ringview.sys: it is a ${image.kind} of ${image.bytes} bytes`,
        'Look whether the driver was loaded, and whether the dump is a kernel or complete one',
      );
      this.failure = nothing.ok ? null : nothing.failure;
      return;
    } else this.broken.add({ problem: 'no ring of ringview.sys is in the dump: the bug check is all it says' });
    yield* this.kernelLines(top, tables);
    if (image.facts !== null) this.bugCheck(image.facts.bugCheck);
  }

  private tellProblems(): void {
    for (const problem of this.image.problems) this.broken.add({ problem });
  }

  private *counted<T>(work: Generator<number, T>, share: number): Generator<number, T> {
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return step.value;
      this.readBytes += step.value * share;
      yield step.value;
    }
  }

  /** The ring session that began last; the others are named. */
  private chosen({ sessions }: FoundPages): FoundSession | null {
    const newest = sessions.reduce<FoundSession | null>(
      (best, each) => (best === null || each.header.startUnixMs > best.header.startUnixMs ? each : best),
      null,
    );
    const others = new Set(
      sessions.map(({ header }) => header).filter(({ sessionId }) => sessionId !== newest?.header.sessionId),
    );
    for (const { sessionId, producer } of others) {
      this.broken.add({
        problem: `an older ring session of ${producer} is there too and not shown (${formatRingSessionId(sessionId)})`,
      });
    }
    return newest;
  }

  /** Looks up all pages of rings in the page tables, by the first top table that knows any of them. */
  private *findTop(
    tops: readonly number[],
    tables: ReadTable,
    found: FoundPages,
    addresses: Map<number, number[]>,
  ): Generator<number, number> {
    const wanted = new Set([...found.producers.values()].flatMap((pages) => pages.map(({ number }) => number)));
    for (const top of tops) {
      const walk = findAddresses(tables, top, wanted, addresses);
      for (let step = walk.next(), count = 0; ; step = walk.next()) {
        if (step.done) {
          if (!step.value)
            this.broken.add({ problem: 'the page tables of the dump do not end: not all of them were followed' });
          break;
        }
        if (++count % TABLES_A_UNIT === 0) yield 0;
      }
      if (addresses.size > 0) return top;
    }
    if (tops.length > 0 || !this.image.isVirtual) {
      this.broken.add({ problem: 'no page table of the dump names a ring: its pages are taken as they lie in memory' });
    }
    return tops[0] ?? -1;
  }

  private *rings(
    session: FoundSession,
    found: FoundPages,
    addresses: ReadonlyMap<number, readonly number[]>,
    top: number,
    tables: ReadTable,
  ): Generator<number, void> {
    const { layout, isVirtual, read } = this.image;
    const { header, nextIndex, page } = session;
    this.page = page;
    const placeOf = isVirtual
      ? (page: number) => layout.offsetOf(page)
      : (page: number) => {
          const frame = translate(tables, top, page);
          return frame < 0 ? -1 : layout.offsetOf(frame);
        };
    const addressesOf = ({ number }: { readonly number: number }) =>
      isVirtual ? [number] : (addresses.get(number) ?? []);
    const rings = placeRings(
      session,
      found,
      { addressesOf, placeOf, frameOf: (frame) => layout.offsetOf(frame) },
      read,
    );
    if (rings.length < header.cpuCount) {
      const problem = `${header.cpuCount - rings.length} of ${header.cpuCount} rings are not in the dump`;
      this.broken.add({ problem });
    }
    for (const { cpu, missing } of rings) {
      if (missing === 0) continue;
      this.broken.add({
        problem: `CPU ${cpu}: ${missing} of the ${header.ringBytes / RV.PAGE} pages of its ring are not in the dump`,
      });
    }
    this.cpus = rings.map((ring) => ({ ring, crashed: new CrashedCpu(ring.cpu, header, nextIndex, ring) }));
    const shiftNs = (header.startUnixMs - this.startMs) * 1e6;
    const crashed = this.cpus.map((each) => each.crashed);
    yield* mergeRings(header, crashed, (batch) => this.hand(batch, shiftNs));
    for (const each of crashed) this.tellDamage(each);
  }

  /** Hands a batch on, its times counted from the start of this source. */
  private hand(batch: EntryBatch, shiftNs: number): void {
    for (let row = 0; row < batch.count; row++) {
      const timeNs = (batch.timeNs[row] as number) + shiftNs;
      batch.timeNs[row] = timeNs;
      this.lastTimeNs = Math.max(this.lastTimeNs, timeNs);
      this.lastIndex = Math.max(this.lastIndex, batch.index[row] as number);
    }
    this.names.name(batch);
    this.rows += batch.count;
    this.sink(batch);
  }

  private tellDamage({ cpu, report, unpublished }: CrashedCpu): void {
    for (const { from, to, missing } of report.damaged) {
      const why = missing ? 'are not in the dump' : 'are no records';
      this.broken.add({ problem: `CPU ${cpu}: ${to - from} bytes of its ring from position ${from} on ${why}` });
    }
    for (const bytes of report.unfinished) {
      this.broken.add({ problem: `CPU ${cpu}: a driver was in the middle of a record of ${bytes} bytes` });
    }
    if (unpublished > 0) {
      this.broken.add({
        problem: `CPU ${cpu}: ${unpublished} whole records had not been published yet; they are shown`,
      });
    }
  }

  /** The lines of DbgPrint that the kernel kept: they have no times, so they stand behind all that have. */
  private *kernelLines(top: number, tables: ReadTable): Generator<number, void> {
    const { facts, isVirtual, layout, read } = this.image;
    if (facts === null || facts.debuggerData === 0n) return;
    const readVirtual = (address: bigint, bytes: number): Uint8Array | null => {
      const out = new Uint8Array(bytes);
      for (let done = 0; done < bytes; ) {
        const at = address + BigInt(done);
        const within = Number(at % BigInt(RV.PAGE));
        const page = virtualPageOf(at);
        const frame = isVirtual ? page : translate(tables, top, page);
        const offset = frame < 0 ? -1 : layout.offsetOf(frame);
        const count = Math.min(bytes - done, RV.PAGE - within);
        const part = offset < 0 ? null : read(offset + within, count);
        if (part === null || part.length < count) return null;
        out.set(part, done);
        done += count;
      }
      return out;
    };
    const lines = readDbgPrintBuffer(facts.debuggerData, readVirtual)?.slice(-MOST_KERNEL_LINES) ?? [];
    if (lines.length === 0) return;
    for (let from = 0; from < lines.length; from += BATCH_ROWS) {
      this.add(lines.slice(from, from + BATCH_ROWS), Level.Info, RV.ORIGIN_DBGPRINT);
      yield 0;
    }
    this.broken.add({
      problem: `${lines.length} lines of the kernel's own DbgPrint buffer have no times: they are the last rows`,
    });
  }

  /** The bug check as the last row, in words. */
  private bugCheck({ code, parameters }: BugCheck): void {
    if (code === 0) return;
    const hex = parameters.map((value) => `0x${value.toString(16)}`);
    const { name, detail } = bugCheckReading(code, hex);
    const text = `Bug check 0x${code.toString(16)}${name === null ? '' : ` ${name}`} (${hex.join(', ')})`;
    this.add(
      [encoder.encode(detail === null || detail === '' ? text : `${text}: ${detail}`)],
      Level.Error,
      RV.ORIGIN_DRIVER,
    );
  }

  /** Adds rows of text at the time of the crash, or at that of the last record where it is not known. */
  private add(texts: readonly Uint8Array[], level: number, origin: number): void {
    const { facts } = this.image;
    const crashedNs =
      facts?.systemTime == null ? 0 : Number(facts.systemTime - FILETIME_UNIX_EPOCH) * 100 - this.startMs * 1e6;
    const timeNs = Math.max(this.lastTimeNs, crashedNs);
    const batch = createEntryBatch(
      texts.length,
      texts.reduce((sum, { length }) => sum + length, 0),
    );
    for (const text of texts) {
      const row = batch.count++;
      batch.kind[row] = RowKind.Entry;
      batch.index[row] = ++this.lastIndex;
      batch.timeNs[row] = timeNs;
      batch.level[row] = level;
      batch.origin[row] = origin;
      batch.dataStart[row] = batch.bytesUsed;
      batch.dataLength[row] = text.length;
      batch.bytes.set(text, batch.bytesUsed);
      batch.bytesUsed += text.length;
    }
    this.rows += batch.count;
    this.sink(batch);
  }

  private tableReader(): ReadTable {
    const { layout, read } = this.image;
    const kept = new Map<number, Uint32Array | null>();
    return (frame) => {
      const known = kept.get(frame);
      if (known !== undefined) return known;
      const offset = layout.offsetOf(frame);
      const bytes = offset < 0 ? null : read(offset, RV.PAGE);
      const table =
        bytes === null || bytes.length < RV.PAGE ? null : new Uint32Array(bytes.buffer, bytes.byteOffset, RV.PAGE / 4);
      if (kept.size >= TABLES_KEPT) kept.delete(kept.keys().next().value as number);
      kept.set(frame, table);
      return table;
    };
  }
}
