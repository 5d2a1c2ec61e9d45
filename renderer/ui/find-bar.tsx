/** The find bar, between the chips and the table while it is open. */
import { ChevronDownRegular, ChevronUpRegular, TextBulletListRegular } from '@fluentui/react-icons';
import { useEffect } from 'react';
import { MAX_PATTERN_TEXT } from '../../electron/contract/limits.ts';
import { failureSentences, formatCount, formatPercent } from '../model/format.ts';
import { tip } from '../store/commands.ts';
import type { FindState } from '../store/find.ts';
import { useApp, useFind, useUi } from './app-context.ts';
import { BarClose } from './bar-close.tsx';
import { IconButton } from './icon-button.tsx';
import { QueryToggles } from './query-toggles.tsx';
import { FIND_INPUT, focusInput, focusTable } from './use-keys.ts';

function outcomeText(find: FindState): string {
  if (find.failure) return failureSentences(find.failure);
  const words = [countText(find)];
  if (find.busy) words.push('searching');
  else if (find.outcome === 'nothing') return 'no match in the rows shown';
  else if (find.outcome === 'wrapped') words.push('went round the end');
  return words.filter((word) => word !== '').join(', ');
}

/** `12 of 4,279`, or how many there are so far. */
function countText({ count }: FindState): string {
  if (count === null) return '';
  const { at, progress } = count;
  const found = formatCount(count.count);
  const all = at === null ? `${found} match${count.count === 1 ? '' : 'es'}` : `${formatCount(at)} of ${found}`;
  if (progress === null) return all;
  return `${all} so far, ${formatPercent(progress.done / Math.max(1, progress.total))} counted`;
}

export function FindBar() {
  const open = useFind((find) => find.open);
  return open ? <OpenFindBar /> : null;
}

function OpenFindBar() {
  const app = useApp();
  const find = useFind((state) => state);
  const listed = useUi((ui) => ui.pane === 'matches');
  useEffect(() => {
    focusInput(FIND_INPUT);
  }, []);
  const close = () => {
    app.find.close();
    focusTable();
  };
  return (
    <div className="find-bar" role="search" data-testid="find-bar">
      <div className={`field find-field${find.failure ? ' invalid' : ''}`}>
        <input
          id={FIND_INPUT}
          aria-label="Find in the rows shown"
          aria-invalid={find.failure !== null}
          placeholder="Find in the rows shown"
          spellCheck={false}
          value={find.pattern}
          maxLength={MAX_PATTERN_TEXT + 1}
          data-testid="find-input"
          onChange={(event) => app.find.setPattern(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void app.find.go(event.shiftKey ? 'previous' : 'next');
          }}
        />
        <QueryToggles
          regex={find.regex}
          caseSensitive={find.caseSensitive}
          onRegex={app.find.toggleRegex}
          onCase={app.find.toggleCase}
          testId="find"
        />
      </div>
      <IconButton
        icon={<ChevronUpRegular />}
        name="Previous match"
        title={tip('findPrevious')}
        testId="find-previous"
        onClick={() => void app.find.go('previous')}
      />
      <IconButton
        icon={<ChevronDownRegular />}
        name="Next match"
        title={tip('findNext')}
        testId="find-next"
        onClick={() => void app.find.go('next')}
      />
      <IconButton
        icon={<TextBulletListRegular />}
        name="List all matches"
        title={tip('pane.matches')}
        testId="find-list"
        isOn={listed}
        onClick={() => app.ui.togglePane('matches')}
      />
      <span className={`find-outcome${find.failure ? ' bad' : ''}`} role="status" data-testid="find-outcome">
        {outcomeText(find)}
      </span>
      <BarClose name="the find bar" onClose={close} />
    </div>
  );
}
