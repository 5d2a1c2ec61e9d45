/**
 * The rings of a kernel driver as a LogSource. The driver maps its ring session in pieces; here they are joined into
 * the one image that core/ring-reader.ts reads. Whether the producer lives and who may read is handled as for a
 * simulated ring session (ring/ring.ts).
 */
import type { BatchSink } from '../../core/batch-writer.ts';
import type { BatchLease } from '../../core/entry.ts';
import type { EventNameTable } from '../../core/event-names.ts';
import type { AttachedViews } from '../../core/ioctl.ts';
import { CAPTURE } from '../../core/ioctl.ts';
import { imageGeometry, RV } from '../../core/layout.ts';
import { LoggerNames } from '../../core/logger-names.ts';
import type { ImageMemory } from '../../core/memory.ts';
import type { MappedMemory } from '../../core/platform.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { parseRingSession, type RingSessionHeader } from '../../core/ring-session.ts';
import { getPlatform } from '../../platform.ts';
import { openRingViewDevice, RINGVIEW_DEVICE, type RingViewDevice } from '../../win32/ringview-device.ts';
import { attachReader, RingSource, type RingSourceOptions, type SourceImage, sessionTicks } from '../ring/ring.ts';
import type { LogSource, PollOutcome } from '../source.ts';

/** Names of devices that embed RingView. */
export const DEVICE_NAME = /^[A-Za-z0-9._-]{1,64}$/;

export interface DriverSourceOptions extends RingSourceOptions {
  /** Opens the control device; tests inject it. */
  readonly openDevice?: (name: string) => Result<RingViewDevice>;
}

/**
 * Attaches to the driver with the control device `name` ('' for ringview.sys) and becomes its reader. For ringview.sys,
 * the capture of DbgPrint is switched on where the system has it. It stays on when the reader leaves, as the rings stay
 * too. Failures: bad-argument, source-unsupported, source-not-found (not installed or not started), permission-denied,
 * source-busy (naming who reads), bad-version, bad-layout, bad-magic, source-gone, io-error.
 */
export function openDriverSource(name: string, options: DriverSourceOptions = {}): Result<LogSource> {
  if (name !== '' && !DEVICE_NAME.test(name)) {
    const action = 'Use driver: for ringview.sys, or driver:NAME for a driver that embeds RingView as \\\\.\\NAME';
    return fail('bad-argument', `'${name}' is not a device name`, action);
  }
  if (options.openDevice === undefined && process.platform !== 'win32') {
    const action = 'Read it on Windows; sim: sources and files work here';
    return fail('source-unsupported', 'Drivers exist on Windows only', action);
  }
  const device = (options.openDevice ?? openRingViewDevice)(name === '' ? RINGVIEW_DEVICE : name);
  if (!device.ok) return device;
  const source = attach(name, device.value, options);
  if (!source.ok) device.value.close();
  return source;
}

function attach(name: string, device: RingViewDevice, options: DriverSourceOptions): Result<LogSource> {
  const platform = options.platform ? ok(options.platform) : getPlatform();
  if (!platform.ok) return platform;
  const attached = device.attach();
  if (!attached.ok) return attached;
  const views = attached.value;
  const page = new Uint8Array(RV.PAGE);
  platform.value.copyOut(views.session, page, 0, page.length);
  const { imageBytes } = imageGeometry(views.cpuCount, views.ringBytes);
  const parsed = parseRingSession(page, imageBytes);
  if (!parsed.ok) return parsed;
  const header = parsed.value;
  if (header.cpuCount !== views.cpuCount || header.ringBytes !== views.ringBytes) {
    const what = `The ring session page speaks of ${header.cpuCount} rings of ${header.ringBytes} bytes, the driver mapped ${views.cpuCount} of ${views.ringBytes}`;
    return fail('bad-layout', what, 'Restart the driver, then try again');
  }
  if (name === '') {
    const switched = captureDbgPrint(device);
    if (!switched.ok) return switched;
  }
  const memory = viewMemory(views, header, platform.value);
  const milliseconds = options.milliseconds ?? (() => performance.now());
  const clock = { ticks: sessionTicks(header, platform.value), milliseconds };
  const reader = attachReader(header, memory, clock, options);
  if (!reader.ok) return reader;
  const title = options.displayName ?? `driver:${name}`;
  const image = driverImage(device, memory, imageBytes);
  return ok(new DriverSource(title, title, header, platform.value.clock.frequency, image, reader.value, milliseconds));
}

/** A ring session that several drivers log to, each under its name. */
class DriverSource extends RingSource {
  private readonly names: LoggerNames;
  readonly eventNames: EventNameTable;

  constructor(...all: ConstructorParameters<typeof RingSource>) {
    super(...all);
    this.names = new LoggerNames(all[4].memory);
    this.eventNames = this.names.table;
  }

  override poll(sink: BatchSink, lease: BatchLease | null = null): PollOutcome {
    return super.poll(this.named(sink), lease);
  }

  override close(sink: BatchSink): void {
    super.close(this.named(sink));
  }

  private named(sink: BatchSink): BatchSink {
    return (batch) => {
      this.names.name(batch);
      sink(batch);
    };
  }
}

function captureDbgPrint(device: RingViewDevice): Result<void> {
  if ((device.version.captures & CAPTURE.DBGPRINT) === 0) return ok(undefined);
  const statistics = device.statistics();
  if (!statistics.ok) return statistics;
  const { capturing } = statistics.value;
  if ((capturing & CAPTURE.DBGPRINT) !== 0) return ok(undefined);
  const switched = device.capture(capturing | CAPTURE.DBGPRINT);
  return switched.ok ? ok(undefined) : switched;
}

/** The driver's pieces as one memory, each at its place in the order of layout.h. */
export function viewMemory(
  views: AttachedViews,
  header: Pick<RingSessionHeader, 'consumerOffset' | 'ringsOffset' | 'ringStride'>,
  mapped: MappedMemory,
): ImageMemory {
  const { consumerOffset, ringsOffset, ringStride } = header;
  const consumers = views.consumers - consumerOffset;
  const rings = Float64Array.from(views.rings, (address, cpu) => address - ringsOffset - cpu * ringStride);
  const base = (offset: number): number => {
    if (offset >= ringsOffset) return rings[Math.floor((offset - ringsOffset) / ringStride)] as number;
    return offset >= consumerOffset ? consumers : views.session;
  };
  return {
    read: (offset, target) => mapped.read(base(offset) + offset, target),
    copyOut: (offset, bytes, at, length) => mapped.copyOut(base(offset) + offset, bytes, at, length),
    writeConsumer: (offset, source) => mapped.write(consumers + offset, source),
    barrier: () => mapped.barrier(),
  };
}

/**
 * A driver's ring session in the form that ring.ts expects. It cannot be truncated, and counts as alive as long as the
 * driver answers.
 */
function driverImage(device: RingViewDevice, memory: ImageMemory, bytes: number): SourceImage {
  return {
    memory,
    size: () => ok(bytes),
    producerAlive: () => device.alive(),
    close: () => device.close(),
  };
}
