/** Reads the texts of the generated tables: a number in hexadecimal digits and its names, a line each. */

/** Names by number; the one that is used stands first. */
export type NameTable = ReadonlyMap<number, readonly string[]>;

/** The table of a text, made when it is first asked for: most programs never look at most of them. */
export function lazyTable(text: string): () => NameTable {
  return lazily(() => new Map([...linesOf(text)].map(([number, names]) => [Number.parseInt(number, 16), names])));
}

/** The words of each line: the first, and the others. */
export function* linesOf(text: string): Generator<readonly [string, readonly string[]]> {
  for (const line of text.split('\n')) {
    const [first = '', ...others] = line.split(' ');
    yield [first, others];
  }
}

export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
