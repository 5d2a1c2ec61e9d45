/**
 * Chips of those who log: whom the filter in the box hides, and what a click writes into it. Unlike CPUs and levels they have
 * names of any kind, so what is hidden is terms, `provider:nic -provider:"disk, old"`, that are read and changed like others.
 */
import { printFilter } from '../../electron/contract/filter/print.ts';
import { type FilterTree, group, type NameTerm, negated } from '../../electron/contract/filter/tree.ts';
import type { Typed } from '../../electron/contract/page-state.ts';
import { patternTest } from '../../native/core/wildcard.ts';
import { type BoxPart, boxTree } from './filter-edit.ts';

/** More than so many names are folded into one chip; in a narrow window, more than so few. */
export const PROVIDERS_IN_A_ROW = { wide: 6, narrow: 2 } as const;

/** A provider that nobody has named is called by its GUID. */
const GUID = /^\{?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}?$/i;

/**
 * The names, each once, in the order of letters; none where there are fewer than two, which tells nothing apart. A GUID gets no
 * chip: it tells nothing to who reads it, and once the trace is explained it has a name.
 */
export function providerNames(named: Iterable<{ readonly provider: string | null }>): readonly string[] {
  const names = new Set<string>();
  for (const { provider } of named)
    if (provider !== null && provider !== '' && !GUID.test(provider)) names.add(provider);
  return names.size < 2 ? [] : [...names].sort((a, b) => a.localeCompare(b, 'en'));
}

const isProvider = (tree: FilterTree): tree is NameTerm => tree.kind === 'name' && tree.field === 'provider';

/** The parts of a filter all of which must fit. */
function partsOf(part: BoxPart): readonly FilterTree[] {
  const tree = boxTree(part);
  if (tree === null) return [];
  return tree.kind === 'and' ? tree.items : [tree];
}

/** The patterns of a part that shows or hides by provider alone. */
function patternsOf(item: FilterTree): { readonly patterns: readonly string[]; readonly hides: boolean } | null {
  if (isProvider(item)) return { patterns: item.patterns, hides: false };
  return item.kind === 'not' && isProvider(item.item) ? { patterns: item.item.patterns, hides: true } : null;
}

/** Which of the names a filter hides, as far as terms of providers say so that stand for themselves. */
export function hiddenProviders(part: BoxPart, names: readonly string[]): ReadonlySet<string> {
  const terms = partsOf(part).flatMap((item) => patternsOf(item) ?? []);
  return new Set(names.filter((name) => terms.some(({ patterns, hides }) => patternTest(patterns)(name) === hides)));
}

const quoted = (patterns: readonly string[], hides: boolean): FilterTree => {
  const term: NameTerm = { kind: 'name', field: 'provider', patterns };
  return hides ? negated(term) : term;
};

function boxWith(part: BoxPart, items: readonly FilterTree[]): Typed {
  const caseSensitive = part.terms?.caseSensitive ?? (part.text?.regex === false && part.text.caseSensitive);
  const pattern = items.length === 0 ? '' : printFilter(group('and', [...items]));
  return { pattern, regex: false, caseSensitive };
}

/** The box after a click on a chip: hides the name, or shows it again. */
export function withProviderToggled(part: BoxPart, name: string): Typed {
  const items = partsOf(part);
  if (!hiddenProviders(part, [name]).has(name)) {
    const at = items.findIndex((item) => patternsOf(item)?.hides === true);
    const before = at < 0 ? [] : (patternsOf(items[at] as FilterTree)?.patterns ?? []);
    const added = quoted([...before, name], true);
    return boxWith(part, at < 0 ? [...items, added] : items.map((item, place) => (place === at ? added : item)));
  }
  const fits = (pattern: string): boolean => patternTest([pattern])(name);
  const left = items.flatMap((item) => {
    const found = patternsOf(item);
    if (found === null) return [item];
    if (!found.hides) return [patternTest(found.patterns)(name) ? item : quoted([...found.patterns, name], false)];
    const patterns = found.patterns.filter((pattern) => !fits(pattern));
    return patterns.length === 0 ? [] : [quoted(patterns, true)];
  });
  return boxWith(part, left);
}

/** The box after an Alt+click: shows the name alone; or all, where it is alone already. */
export function withProviderAlone(part: BoxPart, name: string, names: readonly string[]): Typed {
  const others = partsOf(part).filter((item) => patternsOf(item) === null);
  const alone = hiddenProviders(part, names).size === names.length - 1 && !hiddenProviders(part, names).has(name);
  return boxWith(part, alone ? others : [...others, quoted([name], false)]);
}
