/**
 * What of a payload is a packet, and of which link layer, in the numbering of pcapng. Each driver chooses the types of its
 * payloads itself: where no schema says what one is, only the bytes can tell.
 */
import { schemaOfType } from '../../text/schemas.ts';

export const LINK_ETHERNET = 1;
export const LINK_RAW_IP = 101;
/** Reserved for private use: readers show only the bytes. */
export const LINK_USER = 147;

const ETHER_TYPES: ReadonlySet<number> = new Set([0x0800, 0x0806, 0x86dd, 0x8100, 0x88a8, 0x8863, 0x8864, 0x88cc]);
const ETHERNET_HEADER = 14;

const LINKS = { ethernet: LINK_ETHERNET, ip: LINK_RAW_IP } as const;

/** The packet in a payload: all of it, or the part that its schema names. */
export function packetOf(type: number, payload: Uint8Array): { readonly link: number; readonly bytes: Uint8Array } {
  const packet = schemaOfType(type)?.packet(payload) ?? null;
  return packet === null
    ? { link: linkTypeOf(payload), bytes: payload }
    : { link: LINKS[packet.link], bytes: packet.bytes };
}

export function linkTypeOf(bytes: Uint8Array): number {
  if (isInternet(bytes, 0)) return LINK_RAW_IP;
  if (bytes.length < ETHERNET_HEADER) return LINK_USER;
  const type = ((bytes[12] as number) << 8) | (bytes[13] as number);
  if (!ETHER_TYPES.has(type)) return LINK_USER;
  const wrong = (type === 0x0800 || type === 0x86dd) && !isInternet(bytes, ETHERNET_HEADER);
  return wrong ? LINK_USER : LINK_ETHERNET;
}

/** A header of IPv4 or IPv6 whose length fits the payload; the packet itself may be truncated. */
function isInternet(bytes: Uint8Array, at: number): boolean {
  const length = bytes.length - at;
  const first = bytes[at] as number;
  if (first >> 4 === 4 && (first & 15) >= 5 && length >= 20) {
    const total = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    return total >= (first & 15) * 4 && (total <= length || length >= 60) && length >= (first & 15) * 4;
  }
  if (first >> 4 !== 6 || length < 40) return false;
  const payload = ((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number);
  return payload + 40 <= length || length >= 60;
}
