/**
 * Why what is typed in the filter box is not in force: the place of the mistake, what it is, and what to do. And, while the
 * box is typed in, which word of what is in force was taken as text although it looks like a term.
 */
import { unknownField, unknownFieldWords } from '../model/unknown-fields.ts';
import { useFilter } from './app-context.ts';
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
