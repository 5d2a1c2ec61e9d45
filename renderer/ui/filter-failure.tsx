/**
 * Why what is typed in the filter box is not in force: the place of the mistake, what it is, and what to do. And, while the
 * box is typed in, which word of what is in force was taken as text although it looks like a term.
 */
import { useMemo } from 'react';
import type { NameField } from '../../electron/contract/filter/tree.ts';
import { EVENT_NAME_FIELDS } from '../../native/core/event-names.ts';
import { boxTree } from '../model/filter-edit.ts';
import { unknownField, unknownFieldWords } from '../model/unknown-fields.ts';
import { unnamedField, unnamedWords } from '../model/unnamed.ts';
import { useEventNames, useFilter, useProcesses } from './app-context.ts';
import { FailureWords } from './failure-text.tsx';

/** Characters shown on either side of the place. */
const AROUND = 24;

export function FilterFailure() {
  const failure = useFilter((filter) => filter.failure);
  if (failure === null) return <UnknownField />;
  return (
    <div className="field-failure" id="filter-failure" role="alert" data-testid="filter-failure">
      <Place />
      <FailureWords failure={failure} />
    </div>
  );
}

/** Only with a name that may be meant, so that nobody who looks for a text is told what a field is. */
function UnknownField() {
  const words = useUnknownField(true);
  if (words === null) return null;
  return (
    <div className="field-failure hint" role="status" data-testid="filter-hint">
      {words}
    </div>
  );
}

/** What is said of a word in the box that looks like a term and is none; null where there is nothing to say. */
export function useUnknownField(onlyNear = false): string | null {
  return useFilter((filter) => {
    const found = unknownField(filter);
    return found === null || (onlyNear && found.near.length === 0) ? null : unknownFieldWords(found);
  });
}

/** What is said of a filter by names where the log has none; null where there is nothing to say. */
export function useUnnamedField(): string | null {
  const processes = useProcesses(({ names }) => names.size > 0);
  const byNumber = useEventNames((state) => state.byNumber);
  const named = useMemo(() => {
    const fields = EVENT_NAME_FIELDS.filter((field) => [...byNumber.values()].some((names) => names[field] !== null));
    return new Set<NameField>(['source', ...fields, ...(processes ? ['process' as const] : [])]);
  }, [byNumber, processes]);
  return useFilter(({ applied }) => {
    const tree = boxTree(applied);
    const field = tree === null ? null : unnamedField(tree, named);
    return field === null ? null : unnamedWords(field);
  });
}

function Place() {
  const at = useFilter((filter) => filter.faultAt);
  const pattern = useFilter((filter) => filter.pattern);
  if (at === null || at.to > pattern.length) return null;
  const from = Math.max(0, at.from - AROUND);
  const to = Math.min(pattern.length, at.to + AROUND);
  return (
    <div className="fault-place" data-testid="filter-fault" aria-hidden="true">
      {from > 0 && '…'}
      {pattern.slice(from, at.from)}
      <mark>{pattern.slice(at.from, at.to).slice(0, 2 * AROUND)}</mark>
      {pattern.slice(at.to, to)}
      {to < pattern.length && '…'}
    </div>
  );
}
