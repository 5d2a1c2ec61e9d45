/**
 * Lines that other programs send to a port of this machine, as a LogSource: by TCP, a line each, or by UDP, a message in each
 * datagram. Their times are when they came. A sender by TCP waits while nobody reads; a datagram that finds no room is counted and
 * shown as lost, one that the system drops before is not known of.
 */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { lossRecord } from '../../core/accounting.ts';
import type { BatchSink } from '../../core/batch-writer.ts';
import { clearRow, createEntryBatch, LOSS_CAUSES, RowKind } from '../../core/entry.ts';
import { RV } from '../../core/layout.ts';
import type { SystemClock } from '../../core/platform.ts';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';
import { getPlatform } from '../../platform.ts';
import type { LogSource, PollOutcome, SourceInfo, SourceState, SourceStats } from '../source.ts';
import { LineCutter, LineQueue, MOST_MESSAGE_BYTES, type QueuedLine } from './line-queue.ts';

export type Protocol = 'tcp' | 'udp';

export interface Listening {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
}

const MOST_CONNECTIONS = 64;
const BATCH_ROWS = 4096;
const BATCH_BYTES = 1048576;
const FULL = 1 << LOSS_CAUSES.indexOf('full');

/** Listens from now on. What stands in the way is known a moment later: the source has failed then. Failures: those of the platform. */
export function openSocketSource(listening: Listening, title: string): Result<LogSource> {
  const platform = getPlatform();
  if (!platform.ok) return platform;
  return ok(new SocketSource(listening, title, platform.value.clock));
}

export class SocketSource implements LogSource {
  readonly info: SourceInfo;
  private readonly listening: Listening;
  private readonly clock: SystemClock;
  private readonly startTicks: bigint;
  private readonly queue = new LineQueue();
  private readonly batch = createEntryBatch(BATCH_ROWS, BATCH_BYTES + MOST_MESSAGE_BYTES);
  private readonly connections = new Set<Socket>();
  private readonly ports: Server | UdpSocket;
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  private closed = false;
  private rows = 0;
  private read = 0;
  private lost = 0;
  private lastTimeNs = 0;

  constructor(listening: Listening, title: string, clock: SystemClock) {
    this.listening = listening;
    this.clock = clock;
    this.startTicks = clock.ticks();
    this.info = {
      name: title,
      producer: `programs that send to ${listening.address}, ${listening.protocol} port ${listening.port}`,
      cpuCount: 0,
      identity: randomBytes(8).toString('hex'),
      startUnixMs: Date.now(),
      clock: { frequency: clock.frequency, startTicks: this.startTicks.toString() },
    };
    this.ports = listening.protocol === 'tcp' ? this.listenTcp() : this.listenUdp();
  }

  /** The port it listens at, once it does: another than was asked for where that was 0. */
  get port(): number | null {
    try {
      const address = this.ports.address();
      return address !== null && typeof address === 'object' ? address.port : null;
    } catch {
      // A socket for datagrams has none before it listens.
      return null;
    }
  }

  poll(sink: BatchSink): PollOutcome {
    if (this.closed) return { state: this.state, rows: 0, bytes: 0, more: false };
    return { ...this.drain(sink), state: this.state, more: false };
  }

  stats(): SourceStats {
    const lost = LOSS_CAUSES.map((cause) => (cause === 'full' ? this.lost : 0));
    const cpu = {
      ...{ cpu: 0, read: this.read, lost: this.lost, lostByCause: lossRecord(lost), late: 0 },
      firstIndex: this.read > 0 ? 1 : null,
      lastIndex: this.read > 0 ? this.read + this.lost : null,
    };
    return { state: this.state, failure: this.failure, cpus: [cpu] };
  }

  close(sink: BatchSink): void {
    if (this.closed) return;
    for (const each of this.connections) each.destroy();
    try {
      this.ports.close();
    } catch {
      // It never listened, because the port is taken.
    }
    this.drain(sink);
    this.closed = true;
  }

  private listenTcp(): Server {
    const server = createServer((socket) => {
      this.connections.add(socket);
      const cutter = new LineCutter(this.queue);
      socket.on('data', (bytes) => {
        cutter.push(bytes as Buffer, this.clock.ticks());
        if (this.queue.isFull) socket.pause();
      });
      // Nothing is sent: the other end may close as it likes.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        cutter.end(this.clock.ticks());
        this.connections.delete(socket);
      });
    });
    server.maxConnections = MOST_CONNECTIONS;
    server.on('error', (error) => this.failed(error));
    server.listen({ host: this.listening.address, port: this.listening.port, exclusive: true });
    server.unref();
    return server;
  }

  private listenUdp(): UdpSocket {
    const socket = createSocket(this.listening.address.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', (bytes) => {
      const cutter = new LineCutter(this.queue);
      const ticks = this.clock.ticks();
      cutter.push(bytes, ticks);
      cutter.end(ticks);
    });
    socket.on('error', (error) => this.failed(error));
    socket.bind({ address: this.listening.address, port: this.listening.port, exclusive: true });
    socket.unref();
    return socket;
  }

  private failed(error: NodeJS.ErrnoException): void {
    if (this.closed || this.state !== 'capturing') return;
    const { address, port, protocol } = this.listening;
    const { code = 'UNKNOWN', message: text } = error;
    const action =
      code === 'EADDRINUSE'
        ? 'Choose another port, or close the program that has it'
        : code === 'EACCES'
          ? 'Choose a port above 1023'
          : 'Check the address and the port';
    const reason = code === 'EADDRINUSE' ? 'source-busy' : code === 'EACCES' ? 'permission-denied' : 'io-error';
    const failure = fail(reason, `${address}, ${protocol} port ${port}, cannot be listened to`, action, { code, text });
    if (!failure.ok) this.failure = failure.failure;
    this.state = 'failed';
  }

  private drain(sink: BatchSink): { readonly rows: number; readonly bytes: number } {
    const before = this.rows;
    let bytes = 0;
    for (const line of this.queue.take()) {
      bytes += line.text.length;
      if (line.lost > 0) this.gap(line.lost, this.timeOf(line.ticks), sink);
      this.add(line, sink);
    }
    // What was lost last is known to stand there: nothing of before is on its way.
    const lost = this.queue.takeLost();
    if (lost > 0) this.gap(lost, this.timeOf(this.clock.ticks()), sink);
    this.hand(sink);
    for (const each of this.connections) if (each.isPaused()) each.resume();
    return { rows: this.rows - before, bytes };
  }

  private timeOf(ticks: bigint): number {
    const ns = (Number(ticks - this.startTicks) * 1e9) / this.clock.frequency;
    return Math.max(this.lastTimeNs, Math.round(ns));
  }

  private add({ ticks, text, level }: QueuedLine, sink: BatchSink): void {
    const { batch } = this;
    this.read++;
    const row = this.row(RowKind.Entry, this.read + this.lost, this.timeOf(ticks), sink);
    batch.level[row] = level;
    batch.type[row] = RV.TYPE_TEXT;
    batch.dataStart[row] = batch.bytesUsed;
    batch.dataLength[row] = text.length;
    batch.bytes.set(text, batch.bytesUsed);
    batch.bytesUsed += (text.length + 3) & ~3;
  }

  private gap(lost: number, timeNs: number, sink: BatchSink): void {
    this.lost += lost;
    const row = this.row(RowKind.Gap, this.read + this.lost + 1, timeNs, sink);
    this.batch.type[row] = FULL;
    this.batch.remarks[row] = lost;
  }

  private row(kind: RowKind, index: number, timeNs: number, sink: BatchSink): number {
    const { batch } = this;
    if (batch.count === BATCH_ROWS || batch.bytesUsed >= BATCH_BYTES) this.hand(sink);
    const row = batch.count++;
    clearRow(batch, row);
    batch.kind[row] = kind;
    batch.index[row] = index;
    batch.timeNs[row] = timeNs;
    this.lastTimeNs = timeNs;
    this.rows++;
    return row;
  }

  private hand(sink: BatchSink): void {
    const { batch } = this;
    if (batch.count > 0) sink(batch);
    batch.count = 0;
    batch.bytesUsed = 0;
  }
}
