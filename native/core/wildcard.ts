/** Names by patterns in which `*` stands for any characters; the case of letters means nothing. */

/** Whether a name fits one of the patterns as a whole: `*` is any characters, letters are of either case. */
export function patternTest(patterns: readonly string[]): (name: string) => boolean {
  const parts = patterns.map((pattern) => pattern.toLowerCase().split('*'));
  return (name) => parts.some((each) => fits(each, name.toLowerCase()));
}

/** In one pass, whatever the pattern: each part is looked for behind the one before it. */
function fits(parts: readonly string[], name: string): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
