/**
 * A filter by names where the log has none: a log of DebugView states processes by number alone, and an empty table says
 * nothing of that.
 */
import { type FilterTree, type NameField, termsOf } from '../../electron/contract/filter/tree.ts';

/** The first field that a filter asks for by name and of which no name is known; null if there is none. */
export function unnamedField(tree: FilterTree, named: ReadonlySet<NameField>): NameField | null {
  for (const { term, hides } of termsOf(tree)) {
    // What hides by a name that there is not hides nothing.
    if (term.kind === 'name' && !hides && !named.has(term.field)) return term.field;
  }
  return null;
}

/** No record of this log states a provider. */
export function unnamedWords(field: NameField): string {
  const name = field.replace('_', ' ');
  const instead = field === 'process' ? ' Process numbers are filtered by `pid:`.' : '';
  return `No record of this log states the name of its ${name}.${instead}`;
}
