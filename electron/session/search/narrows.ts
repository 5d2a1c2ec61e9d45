/**
 * Whether a filter shows nothing that another one does not show, as one that is typed on shows: it then has to be applied to
 * the other's matches alone. True only where that is certain; what it is not told of is looked for among all rows.
 */
import type { FilterSpec, TextQuery } from '../../contract/rows.ts';
import { isAscii } from './match-text.ts';

export function narrows(spec: FilterSpec, wide: FilterSpec): boolean {
  return (
    holdsAll(spec.hiddenCpus, wide.hiddenCpus) &&
    holdsAll(spec.hiddenLevels, wide.hiddenLevels) &&
    holdsAll(spec.hiddenSources, wide.hiddenSources) &&
    narrowsText(spec.text, wide.text) &&
    (wide.terms === undefined || same(spec.terms, wide.terms)) &&
    same([spec.types, spec.pids, spec.origins, spec.time], [wide.types, wide.pids, wide.origins, wide.time]) &&
    same(spec.within, wide.within)
  );
}

/** A text is found wherever one is found that it is a part of; an expression tells nothing of another one. */
function narrowsText(text: TextQuery | null, wide: TextQuery | null): boolean {
  if (wide === null || same(text, wide)) return true;
  if (text === null || text.regex || wide.regex || !text.pattern.includes(wide.pattern)) return false;
  if (wide.caseSensitive || text.caseSensitive) return text.caseSensitive;
  // With a character outside ASCII a letter stands for more than its two cases (match-text.ts): K for the sign of Kelvin, too.
  return isAscii(text.pattern) || !isAscii(wide.pattern);
}

function holdsAll(numbers: readonly number[], others: readonly number[]): boolean {
  const held = new Set(numbers);
  return others.every((other) => held.has(other));
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
