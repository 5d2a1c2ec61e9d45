/** The text filter: pattern, case, expression, how many rows it shows, and why a pattern is not in force. */
import { DismissRegular } from '@fluentui/react-icons';
import { MAX_PATTERN_TEXT } from '../../electron/contract/limits.ts';
import { formatCount, formatMatches, sentence } from '../model/format.ts';
import { scanPercent } from '../model/scan.ts';
import { useApp, useFilter, useView } from './app-context.ts';
import { QueryToggles } from './query-toggles.tsx';
import { FILTER_INPUT, focusTable } from './use-keys.ts';

export function FilterBox() {
  const app = useApp();
  const pattern = useFilter((filter) => filter.pattern);
  const regex = useFilter((filter) => filter.regex);
  const caseSensitive = useFilter((filter) => filter.caseSensitive);
  const failure = useFilter((filter) => filter.failure);
  // What became of it is said at the table: it lasts until there is another filter, and would cover the chips for as long.
  const stuck = useView((view) => view.stopped !== null && view.stopped.code !== 'cancelled');
  const invalid = failure !== null || stuck;
  return (
    <div className={`field filter-field${invalid ? ' invalid' : ''}`}>
      <input
        id={FILTER_INPUT}
        aria-label="Filter messages"
        aria-invalid={invalid}
        aria-describedby={failure ? 'filter-failure' : undefined}
        placeholder="Filter messages (Ctrl+L)"
        spellCheck={false}
        value={pattern}
        // One more than may be, so that it is said: without a bound a paste of megabytes would take seconds a frame.
        maxLength={MAX_PATTERN_TEXT + 1}
        data-testid="filter-box"
        onChange={(event) => app.filter.setPattern(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') app.filter.applyNow();
          if (event.key !== 'Escape') return;
          // Escape gives up the text first, then the box: it must not reach the find bar or the selection.
          event.preventDefault();
          if (pattern === '') focusTable();
          else app.filter.setPattern('');
        }}
      />
      <MatchCount />
      <QueryToggles
        regex={regex}
        caseSensitive={caseSensitive}
        onRegex={app.filter.toggleRegex}
        onCase={app.filter.toggleCase}
        testId="filter"
      />
      {failure && (
        <div className="field-failure" id="filter-failure" role="alert" data-testid="filter-failure">
          <b>{sentence(failure.message)}</b> {sentence(failure.action)}
        </div>
      )}
    </div>
  );
}

function MatchCount() {
  // What came while paused is held back, which is said elsewhere: no filter hides it.
  const text = useView((view) => formatMatches(view.matchedEntries, view.searchedEntries));
  const exact = useView((view) => {
    const before = view.paused ? ' from before the pause' : '';
    return `${formatCount(view.matchedEntries)} of ${formatCount(view.searchedEntries)} records${before}`;
  });
  const percent = useView(scanPercent);
  const stopped = useView((view) => view.stopped !== null);
  const scan = percent === null ? '' : ` ${percent} %`;
  return (
    <span
      className="match-count"
      title={`${exact}${scan ? `, filter applied to${scan}` : ''}`}
      data-testid="match-count"
    >
      {text}
      {scan && <span className="quiet">{scan}</span>}
      {percent !== null && !stopped && <StopScan />}
    </span>
  );
}

function StopScan() {
  const app = useApp();
  return (
    <button
      type="button"
      className="mini stop-scan"
      aria-label="Stop applying the filter"
      title="Stop applying the filter, and keep what it has found"
      data-testid="filter-stop"
      onClick={app.filter.stopScan}
    >
      <DismissRegular />
    </button>
  );
}
