/** Picks the messages that tell of modules out of a piece of the log: done by a scanning thread. */
import { RowKind } from '../../../native/core/entry.ts';
import { EVENT_TYPE } from '../../../native/core/events.ts';
import { IMAGE_BEGINS, IMAGE_END, imageEvent } from '../../../native/decode/modules/image-events.ts';
import type { Segment } from '../store/segment.ts';
import { encodeUtf8, payloadText, TYPE_TEXT } from '../text/text.ts';

/** Messages of a piece that tell of modules, in order. */
export type PieceImages = readonly { readonly offset: number; readonly text: string }[];

const BEGINS = IMAGE_BEGINS.map(encodeUtf8);
const END = encodeUtf8(IMAGE_END);

export class ImageTally {
  private images: { readonly offset: number; readonly text: string }[] = [];

  /** Looks at offsets `from..to-1`. */
  add(segment: Segment, from: number, to: number): void {
    for (let offset = from; offset < to; offset++) {
      if (segment.kind.get(offset) !== RowKind.Entry) continue;
      const type = segment.type.get(offset);
      if (type !== EVENT_TYPE.IMAGE && type !== TYPE_TEXT) continue;
      const payload = segment.payload(offset);
      if (type === TYPE_TEXT && !mayTell(payload)) continue;
      const text = payloadText(type, payload);
      if (imageEvent(text) !== null) this.images.push({ offset, text });
    }
  }

  /** What was found since the last call. */
  take(): PieceImages {
    const { images } = this;
    this.images = [];
    return images;
  }
}

/** A quick look at the begin and the end, so that of most messages a few bytes are read. */
function mayTell(payload: Uint8Array): boolean {
  return BEGINS.some((begin) => stands(payload, begin, 0)) || stands(payload, END, payload.length - END.length);
}

function stands(payload: Uint8Array, text: Uint8Array, at: number): boolean {
  if (at < 0 || at + text.length > payload.length) return false;
  for (let i = 0; i < text.length; i++) if (payload[at + i] !== text[i]) return false;
  return true;
}
