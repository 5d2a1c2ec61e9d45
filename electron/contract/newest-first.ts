/** A list of what was used lately, the newest first: `newest` in front, each value once, at most so many. */
export function newestFirst(values: readonly string[], newest: string, most: number): readonly string[] {
  return [newest, ...values.filter((other) => other !== newest)].slice(0, most);
}
