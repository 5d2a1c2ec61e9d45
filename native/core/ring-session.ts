/**
 * Reads the first page of a ring session and checks it before anything in it is trusted: magic, version, sizes,
 * geometry. Code elsewhere computes addresses only from values that passed these checks.
 */
import { filetimeToUnixMs } from './filetime.ts';
import { imageGeometry, isRingBytes, KNOWN_MAJORS, PRODUCER, PRODUCER_NAME_BYTES, RV, SESSION } from './layout.ts';
import { fail, ok, type Result } from './result.ts';

export interface RingSessionHeader {
  /** One of KNOWN_MAJORS. */
  readonly versionMajor: number;
  readonly versionMinor: number;
  /** 64-bit identity, as stored in the page. */
  readonly sessionId: bigint;
  readonly imageBytes: number;
  readonly cpuCount: number;
  readonly ringMode: 'drop' | 'overwrite';
  readonly ringBytes: number;
  readonly consumerOffset: number;
  readonly ringsOffset: number;
  readonly ringStride: number;
  /** Clock ticks a second, 1..2^53. */
  readonly clockFrequency: number;
  /** The clock when the ring session began. */
  readonly startTicks: bigint;
  /** The same moment in milliseconds since 1970 UTC. */
  readonly startUnixMs: number;
  readonly producerPid: number;
  readonly orderMode: 'index' | 'clock';
  /** The name that the producer gives itself; unprintable bytes replaced. */
  readonly producer: string;
}

const REBUILD = 'The producer and this reader disagree about the layout: use builds of the same version';

function badLayout(what: string): Result<never> {
  return fail('bad-layout', `The ring session header is not consistent: ${what}`, REBUILD);
}

/**
 * Checks the first page of a ring session. `page` holds the first RV_PAGE bytes of the image, `objectBytes` is the size
 * of the memory object that was found, in bytes. Failures: bad-magic (not a ring session, or one still being created),
 * bad-version, bad-layout, truncated-mapping.
 */
export function parseRingSession(page: Uint8Array, objectBytes: number): Result<RingSessionHeader> {
  if (page.byteLength < RV.PAGE || objectBytes < RV.PAGE) {
    return fail(
      'truncated-mapping',
      `The memory object has ${Math.min(page.byteLength, objectBytes)} bytes, less than one page`,
      'Start the producer again; this object is not a ring session',
    );
  }
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const u32 = (at: number) => view.getUint32(at, true);
  const u64 = (at: number) => view.getBigUint64(at, true);

  const magic = u64(SESSION.magic);
  if (magic === 0n) {
    return fail(
      'bad-magic',
      'The ring session is still being created: its magic is not written yet',
      'Try again in a moment',
    );
  }
  if (magic !== RV.MAGIC_SESSION) {
    return fail(
      'bad-magic',
      `The memory object does not begin with the magic of a ring session (found 0x${magic.toString(16)})`,
      'Check the name: another program owns this object',
    );
  }
  const major = view.getUint16(SESSION.versionMajor, true);
  const minor = view.getUint16(SESSION.versionMinor, true);
  if (!KNOWN_MAJORS.includes(major)) {
    return fail(
      'bad-version',
      `The producer writes layout version ${major}.${minor}, this reader knows ${KNOWN_MAJORS[0]} to ${RV.VERSION_MAJOR}.${RV.VERSION_MINOR}`,
      `Update the ${major > RV.VERSION_MAJOR ? 'reader' : 'producer'}`,
    );
  }
  if (u32(SESSION.pageBytes) !== RV.PAGE) return badLayout(`page size ${u32(SESSION.pageBytes)}, not ${RV.PAGE}`);
  const cpuCount = u32(SESSION.cpuCount);
  if (cpuCount < 1 || cpuCount > RV.MAX_CPUS) return badLayout(`${cpuCount} CPUs, not 1 to ${RV.MAX_CPUS}`);
  const ringBytes = Number(u64(SESSION.ringBytes));
  if (!isRingBytes(ringBytes)) {
    return badLayout(`ring size ${ringBytes} is not a power of two from ${RV.MIN_RING_BYTES} to ${RV.MAX_RING_BYTES}`);
  }
  const ringMode = u32(SESSION.ringMode);
  if (ringMode !== RV.MODE_DROP_NEW && ringMode !== RV.MODE_OVERWRITE_OLD) return badLayout(`ring mode ${ringMode}`);
  const orderMode = u32(SESSION.orderMode);
  if (orderMode !== RV.ORDER_INDEX && orderMode !== RV.ORDER_CLOCK) return badLayout(`order mode ${orderMode}`);

  const expected = imageGeometry(cpuCount, ringBytes);
  for (const field of ['consumerOffset', 'ringsOffset', 'ringStride', 'imageBytes'] as const) {
    const found = u64(SESSION[field]);
    if (found !== BigInt(expected[field])) return badLayout(`${field} is ${found}, not ${expected[field]}`);
  }
  const frequency = u64(SESSION.qpcFrequency);
  if (frequency === 0n || frequency > BigInt(Number.MAX_SAFE_INTEGER)) {
    return badLayout(`clock frequency ${frequency}`);
  }
  if (objectBytes < expected.imageBytes) {
    return fail(
      'truncated-mapping',
      `The memory object has ${objectBytes} bytes, its header promises ${expected.imageBytes}`,
      'Start the producer again; the rest of its memory is gone',
    );
  }
  return ok({
    versionMajor: major,
    versionMinor: minor,
    sessionId: u64(SESSION.sessionId),
    ...expected,
    cpuCount,
    ringMode: ringMode === RV.MODE_DROP_NEW ? 'drop' : 'overwrite',
    ringBytes,
    clockFrequency: Number(frequency),
    startTicks: u64(SESSION.startQpc),
    startUnixMs: filetimeToUnixMs(u64(SESSION.startFiletime)),
    producerPid: u32(SESSION.producerPid),
    orderMode: orderMode === RV.ORDER_INDEX ? 'index' : 'clock',
    producer: nameOf(page.subarray(SESSION.producer, SESSION.producer + PRODUCER_NAME_BYTES)),
  });
}

/** Checks the fixed part of the producer page of ring `cpu`. Failures: bad-magic, bad-layout. */
export function checkProducerPage(page: Uint8Array, cpu: number, header: RingSessionHeader): Result<void> {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const magic = view.getBigUint64(PRODUCER.magic, true);
  if (magic !== RV.MAGIC_PRODUCER) {
    return fail(
      'bad-magic',
      `The ring of CPU ${cpu} does not begin with its magic (found 0x${magic.toString(16)})`,
      REBUILD,
    );
  }
  const mode = header.ringMode === 'drop' ? RV.MODE_DROP_NEW : RV.MODE_OVERWRITE_OLD;
  if (
    view.getUint32(PRODUCER.cpu, true) !== cpu ||
    view.getUint32(PRODUCER.ringMode, true) !== mode ||
    view.getBigUint64(PRODUCER.ringBytes, true) !== BigInt(header.ringBytes) ||
    view.getBigUint64(PRODUCER.sessionId, true) !== header.sessionId
  ) {
    return badLayout(`the ring of CPU ${cpu} belongs to another CPU, mode, size or ring session`);
  }
  return ok(undefined);
}

/** The identity as it is shown to people: 16 hex digits. */
export function formatRingSessionId(id: bigint): string {
  return id.toString(16).padStart(16, '0');
}

function nameOf(bytes: Uint8Array): string {
  let name = '';
  for (const byte of bytes) {
    if (byte === 0) break;
    name += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?';
  }
  return name;
}
