/** Which commands a text finds in the palette, the likeliest first. Pure. */

export interface Findable {
  readonly label: string;
  readonly group: string;
  readonly keys: readonly string[];
  /** Other words for it. */
  readonly also?: string;
}

/**
 * Those that have every word of the text in their label, their group, their keys or the other words for them, whatever the
 * case of letters. First come those whose label begins with the text, then those with a word that does, then those with it in
 * them; else they stay in their order. All for no text.
 */
export function matching<T extends Findable>(commands: readonly T[], text: string): T[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const [first = ''] = words;
  const rank = ({ label, group, keys }: T): number => {
    const lower = label.toLowerCase();
    if (lower.startsWith(words.join(' '))) return 0;
    if (lower.split(/[\s,]+/).some((word) => word.startsWith(first))) return 1;
    const said = [label, group, ...keys].join(' ').toLowerCase();
    return words.every((word) => said.includes(word)) ? 2 : 3;
  };
  const found = commands.filter(({ label, group, keys, also = '' }) => {
    const said = [label, group, ...keys].join(' ').toLowerCase();
    // Of another word its begin is typed: anywhere in it would find what nobody looks for.
    const others = also.toLowerCase().split(' ');
    return words.every((word) => said.includes(word) || others.some((other) => other.startsWith(word)));
  });
  return found
    .map((command, at) => ({ command, at, rank: rank(command) }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map(({ command }) => command);
}
