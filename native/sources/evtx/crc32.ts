/** The checksum of event log files: CRC-32 as zip and Ethernet have it. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

/** The checksum of the parts, taken as one run of bytes. */
export function crc32(...parts: readonly Uint8Array[]): number {
  let crc = 0xffffffff;
  for (const part of parts) {
    for (const byte of part) crc = ((crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number)) >>> 0;
  }
  return ~crc >>> 0;
}
