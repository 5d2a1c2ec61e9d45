/** The word that is marked in the rows shown, and how many of them hold it: in the status bar, while there is one. */
import { shownField } from '../../electron/contract/shown-text.ts';
import { formatCount, formatPercent } from '../model/format.ts';
import { useApp, useWordMark } from './app-context.ts';

/** Longer ones are cut: the status bar has other things to say. */
const MOST_SHOWN = 24;

export function WordPart() {
  const app = useApp();
  const word = useWordMark(({ query }) => query?.pattern ?? '');
  const found = useWordMark(({ count }) => (count === null ? '…' : formatCount(count.count)));
  const counted = useWordMark(({ count }) => {
    const progress = count?.progress ?? null;
    return progress === null ? '' : `, ${formatPercent(progress.done / Math.max(1, progress.total))} counted`;
  });
  if (word === '') return null;
  const shown = shownField(word);
  return (
    <button
      type="button"
      className="status-part"
      title={`Rows shown that hold ${shown} as it is written. Click, or Escape, to mark it no longer`}
      data-testid="status-word"
      onClick={app.wordMark.clear}
    >
      <mark className="word word-marked">{shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown}</mark>:{' '}
      {found}
      {counted}
    </button>
  );
}
