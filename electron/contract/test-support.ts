/**
 * What a property is about, counted: examples are random, so a property may pass for years without ever meeting the case
 * it was written for.
 */

export interface Cases<Name extends string> {
  /** Notes that a case occurred in an example: once, so many times, or not at all. */
  note(name: Name, times?: number | boolean): void;
  /** Throws unless each case occurred; the message says how often each did. Call it once all examples were tried. */
  expectEach(): void;
}

/** Counts the named cases of one property. */
export function countCases<Name extends string>(...names: readonly Name[]): Cases<Name> {
  const counts = new Map<Name, number>(names.map((name) => [name, 0]));
  return {
    note(name, times = true) {
      counts.set(name, (counts.get(name) ?? 0) + Number(times));
    },
    expectEach() {
      if ([...counts.values()].every((count) => count > 0)) return;
      const said = [...counts].map(([name, count]) => `${name}: ${count}`).join(', ');
      throw new Error(`a case that the property is about never occurred (${said})`);
    },
  };
}
