/** The numbers that chips hide: a sorted list, empty when everything is shown. */

/** Hides a number, or shows it again. */
export function toggleHidden(hidden: readonly number[], id: number): number[] {
  return hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id].sort((a, b) => a - b);
}

/** Hides all but one; if that is so already, shows all again. */
export function isolate(hidden: readonly number[], id: number, all: readonly number[]): number[] {
  const others = all.filter((other) => other !== id);
  const alone = !hidden.includes(id) && others.length > 0 && others.every((other) => hidden.includes(other));
  return alone ? [] : others;
}
