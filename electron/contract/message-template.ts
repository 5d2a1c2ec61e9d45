/**
 * The template of a message: the message without the parts that vary between messages of the same kind. Numbers,
 * addresses and identifiers become `#`, so that `read 512 bytes at 0x1f00` and `read 4096 bytes at 0x2a00` have the
 * same template.
 */

/** Only so much of a message is used; the begin is enough to tell its kind. */
const MOST_TEXT = 512;

/** GUIDs, `0x` and hexadecimal digits, long runs of hexadecimal digits with a digit in them, longer ones without, which are no words, decimal numbers with their parts. */
const VARYING =
  /\{?\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b\}?|\b0x[0-9a-f`]+\b|(?<![0-9a-z])(?:(?=[a-f]*\d)[0-9a-f]{6,}|[a-f]{8,})(?![0-9a-z])|\d+(?:[.,:'`]\d+)*/gi;

export function messageTemplate(message: string): string {
  const text = message.length > MOST_TEXT ? message.slice(0, MOST_TEXT) : message;
  return text.replace(VARYING, '#').trimEnd();
}
