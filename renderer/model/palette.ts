/** Which commands a text finds in the palette, the likeliest first. Pure. */

export interface Findable {
  readonly label: string;
  readonly group: string;
  readonly keys: readonly string[];
}

/**
 * Those that have every word of the text in their label, their group or their keys, whatever the case of letters. First come
 * those whose label begins with the text, then those with a word that does; else they stay in their order. All for no text.
 */
export function matching<T extends Findable>(commands: readonly T[], text: string): T[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const [first = ''] = words;
  const rank = ({ label }: T): number => {
    const lower = label.toLowerCase();
    return lower.startsWith(words.join(' ')) ? 0 : lower.split(/[\s,]+/).some((word) => word.startsWith(first)) ? 1 : 2;
  };
  const found = commands.filter(({ label, group, keys }) => {
    const said = [label, group, ...keys].join(' ').toLowerCase();
    return words.every((word) => said.includes(word));
  });
  return found
    .map((command, at) => ({ command, at, rank: rank(command) }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map(({ command }) => command);
}
