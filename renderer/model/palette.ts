/** Which commands a text finds in the palette, the likeliest first. Pure. */

export interface Findable {
  readonly label: string;
  readonly group: string;
  readonly keys: readonly string[];
  /** Other words for it. */
  readonly also?: string;
}

/** What a command is called, without what its label says besides. */
const called = (label: string): string => label.split(/[(:,]/)[0] ?? label;

const beginIn = (text: string, words: readonly string[]): boolean => {
  const own = text.split(/[\s,:()]+/);
  return words.every((word) => own.some((each) => each.startsWith(word)));
};

/**
 * Those that have every word of the text in their label, their group, their keys or the other words for them, whatever the
 * case of letters. First come those whose label begins with the text, then those with such words in what they are called,
 * then in the rest of the label, then those with the text anywhere in it; else they stay in their order. What cannot be done
 * now comes after all that can. All for no text.
 */
export function matching<T extends Findable>(
  commands: readonly T[],
  text: string,
  possible: (command: T) => boolean = () => true,
): T[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const rank = ({ label, group, keys }: T): number => {
    const lower = label.toLowerCase();
    if (lower.startsWith(words.join(' '))) return 0;
    if (beginIn(called(lower), words)) return 1;
    if (beginIn(lower, words)) return 2;
    const said = [label, group, ...keys].join(' ').toLowerCase();
    return words.every((word) => said.includes(word)) ? 3 : 4;
  };
  const found = commands.filter(({ label, group, keys, also = '' }) => {
    const said = [label, group, ...keys].join(' ').toLowerCase();
    // Of another word its begin is typed: anywhere in it would find what nobody looks for.
    const others = also.toLowerCase().split(' ');
    return words.every((word) => said.includes(word) || others.some((other) => other.startsWith(word)));
  });
  return found
    .map((command, at) => ({ command, at, rank: rank(command) + (words.length > 0 && !possible(command) ? 10 : 0) }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map(({ command }) => command);
}
