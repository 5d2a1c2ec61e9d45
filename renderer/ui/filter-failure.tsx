/** Why what is typed in the filter box is not in force: the place of the mistake, what it is, and what to do. */
import { sentence } from '../model/format.ts';
import { useFilter } from './app-context.ts';

/** Characters shown on either side of the place. */
const AROUND = 24;

export function FilterFailure() {
  const failure = useFilter((filter) => filter.failure);
  if (failure === null) return null;
  return (
    <div className="field-failure" id="filter-failure" role="alert" data-testid="filter-failure">
      <Place />
      <b>{sentence(failure.message)}</b> {sentence(failure.action)}
    </div>
  );
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
