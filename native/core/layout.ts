/**
 * The TypeScript twin of driver/include/ringview/layout.h: constants, field offsets, sizes and geometry of the shared
 * memory of a session. The header is the authority; layout.test.ts reads its literals and holds every one equal.
 * Field names are the header's in camel case, constants the header's without their RV_ prefix.
 */

export const RV = {
  VERSION_MAJOR: 2,
  VERSION_MINOR: 1,
  MAGIC_SESSION: 0x314e535345535652n,
  MAGIC_PRODUCER: 0x3150474e49525652n,
  MAGIC_CONSUMER: 0x3143474e49525652n,
  PAGE: 4096,
  GRANULE: 65536,
  ALIGN: 8,
  MIN_RING_BYTES: 4096,
  MAX_RING_BYTES: 1073741824,
  MAX_CPUS: 2048,
  MAX_RECORD_BYTES: 65536,
  MAX_FRAMES: 16,
  MAX_NESTING: 8,
  MODE_DROP_NEW: 1,
  MODE_OVERWRITE_OLD: 2,
  ORDER_INDEX: 1,
  ORDER_CLOCK: 2,
  STATE_STARTING: 0,
  STATE_RUNNING: 1,
  STATE_STOPPED: 2,
  KIND_RECORD: 1,
  KIND_PAD: 2,
  LEVEL_ERROR: 0,
  LEVEL_WARNING: 1,
  LEVEL_INFO: 2,
  LEVEL_TRACE: 3,
  TYPE_TEXT: 0,
  ORIGIN_DRIVER: 0,
  ORIGIN_DBGPRINT: 1,
  ORIGIN_LOGGER: 16,
  LOGGERS: 64,
  LOGGER_NAME_BYTES: 24,
  FLAG_TRUNCATED: 1,
  FLAG_NESTED: 2,
  IRQL_BORROWED: 2,
  DELAY_LONGEST: 65535,
  RECORD_HEADER_BYTES: 56,
  PAD_HEADER_BYTES: 8,
} as const;

/** rv_session_page: byte offsets. */
export const SESSION = {
  magic: 0,
  versionMajor: 8,
  versionMinor: 10,
  pageBytes: 12,
  sessionId: 16,
  imageBytes: 24,
  cpuCount: 32,
  ringMode: 36,
  ringBytes: 40,
  consumerOffset: 48,
  ringsOffset: 56,
  ringStride: 64,
  qpcFrequency: 72,
  startQpc: 80,
  startFiletime: 88,
  producerPid: 96,
  orderMode: 100,
  producer: 104,
  nextIndex: 256,
  state: 384,
  heartbeat: 392,
  loggers: 512,
} as const;

/** Bytes of rv_session_page.producer, the NUL padding included. */
export const PRODUCER_NAME_BYTES = 24;

/** rv_producer_page: byte offsets. */
export const PRODUCER = {
  magic: 0,
  cpu: 8,
  ringMode: 12,
  ringBytes: 16,
  sessionId: 24,
  reserved: 128,
  nesting: 136,
  published: 192,
  tail: 200,
  sequence: 208,
  written: 256,
  writtenBytes: 264,
  lost: 272,
  lostFull: 280,
  lostTooBig: 288,
  lostZeroLength: 296,
  lostMissingData: 304,
  lostNesting: 312,
  overwritten: 320,
  wrapped: 328,
  badConsumer: 336,
  indexHoles: 344,
  lostQuota: 352,
} as const;

/** The counters `written` to `lostQuota` lie together, so that one copy takes them all: their number, 8 bytes each. */
export const COUNTER_COUNT = 13;

/** rv_consumer_page: byte offsets. */
export const CONSUMER = {
  magic: 0,
  cpu: 8,
  consumed: 64,
  consumedSequence: 72,
  read: 80,
  readerPid: 88,
} as const;

/** rv_record: byte offsets. */
export const RECORD = {
  length: 0,
  cpu: 4,
  kind: 6,
  level: 7,
  timestamp: 8,
  index: 16,
  sequence: 24,
  pid: 32,
  type: 36,
  origin: 38,
  remarks: 40,
  flags: 44,
  delayMs: 46,
  tid: 48,
  irql: 52,
  frames: 53,
  reserved: 54,
} as const;

/** The versions whose rings this program reads. In version 1 the header of a record ends before `tid`. */
export const KNOWN_MAJORS: readonly number[] = [1, RV.VERSION_MAJOR];

/** Bytes of the header of a record, by a known version. */
export function recordHeaderBytes(versionMajor: number): number {
  return versionMajor === 1 ? RECORD.tid : RV.RECORD_HEADER_BYTES;
}

/** `bytes` rounded up to RV_GRANULE. */
export function alignGranule(bytes: number): number {
  return Math.ceil(bytes / RV.GRANULE) * RV.GRANULE;
}

/** Bytes a record of `length` data bytes takes in the ring, header and padding included. */
export function recordBytes(length: number): number {
  return Math.ceil((RV.RECORD_HEADER_BYTES + length) / RV.ALIGN) * RV.ALIGN;
}

/** Bytes a PAD record of `length` takes in the ring. */
export function padBytes(length: number): number {
  return RV.PAD_HEADER_BYTES + length;
}

/** The longest record a ring of `ringBytes` accepts, header and padding included. */
export function maxRecordBytes(ringBytes: number): number {
  return Math.min(RV.MAX_RECORD_BYTES, ringBytes / 4);
}

export function isRingBytes(bytes: number): boolean {
  return bytes >= RV.MIN_RING_BYTES && bytes <= RV.MAX_RING_BYTES && 2 ** Math.round(Math.log2(bytes)) === bytes;
}

/** Where the regions of an image lie, all in bytes from its start. */
export interface ImageGeometry {
  readonly consumerOffset: number;
  readonly ringsOffset: number;
  readonly ringStride: number;
  readonly imageBytes: number;
}

export function imageGeometry(cpuCount: number, ringBytes: number): ImageGeometry {
  const consumerOffset = RV.GRANULE;
  const ringsOffset = alignGranule(consumerOffset + cpuCount * RV.PAGE);
  const ringStride = alignGranule(RV.PAGE + ringBytes);
  return { consumerOffset, ringsOffset, ringStride, imageBytes: ringsOffset + cpuCount * ringStride };
}
