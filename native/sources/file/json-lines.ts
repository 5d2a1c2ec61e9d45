/**
 * JSON Lines: one object a line. Keys that mean one of our fields fill it. All other keys are appended to the
 * message as `key=value`, so that nothing of another program's log is lost. A line that is not an object is kept
 * as text and reported as broken.
 */
import { type Field, fieldOf, setField } from './columns.ts';
import { clearLine, type LineFormat, LineKind } from './line-format.ts';
import { MOST_LINE_BYTES } from './lines.ts';
import { hasNoPlace, isOwnFile, restorePayload } from './own-file.ts';

/** Each byte of a message may be written as \u0000, and other fields stand beside it. */
const LONGEST = 7 * MOST_LINE_BYTES;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

export const jsonLinesFormat: LineFormat = {
  quotes: false,
  longest: LONGEST,
  parse(bytes, start, end, line) {
    clearLine(line, start, end);
    if (start === end) return LineKind.Header;
    let object: unknown;
    try {
      object = JSON.parse(decoder.decode(bytes.subarray(start, end)));
    } catch {
      line.problem = 'the line is not valid JSON';
      return LineKind.Broken;
    }
    if (typeof object !== 'object' || object === null || Array.isArray(object)) {
      line.problem = 'the line is JSON, but not an object';
      return LineKind.Broken;
    }
    const taken = new Set<Field>();
    const rest: string[] = [];
    const own = isOwnFile(Object.keys(object));
    for (const [key, value] of Object.entries(object)) {
      if (value === null || (own && hasNoPlace(key))) continue;
      const field = fieldOf(key);
      const text = textOf(value);
      if (field === null || taken.has(field) || !setField(line, field, text)) rest.push(`${key}=${text}`);
      else taken.add(field);
    }
    if (own && 'message' in object) restorePayload(line, textOf(object.message));
    if (!taken.has('message')) line.text = encoder.encode(rest.join(' '));
    else if (rest.length > 0) {
      line.text = encoder.encode(`${decoder.decode(line.text as Uint8Array)} ${rest.join(' ')}`);
    }
    return LineKind.Record;
  },
};
