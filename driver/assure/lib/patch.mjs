/**
 * Sources with something broken on purpose, for the copies in which a method has to find it.
 */
import { readFileSync } from 'node:fs';

/**
 * The text of a source with some of its pieces replaced, one after the other. Throws if a piece does not occur exactly
 * once: the code has changed, and the copy would be of something else.
 * @param {string} path
 * @param {readonly (readonly [from: string, to: string])[]} patches
 */
export function patched(path, patches) {
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of patches) {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${path}: the patch occurs ${parts.length - 1} times: ${from}`);
    text = parts.join(to);
  }
  return text;
}
