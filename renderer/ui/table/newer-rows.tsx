/** While the table stands still: how much is newer than what is shown, and the way back. */
import { formatCount } from '../../model/format.ts';
import { keyFor } from '../../model/keymap.ts';
import { visibleRange } from '../../model/scroll.ts';
import { extentOf } from '../../store/view-state.ts';
import { useApp, useView } from '../app-context.ts';

export function NewerRows() {
  const app = useApp();
  const follow = useView((view) => view.follow);
  const below = useView((view) => view.end - visibleRange(view.top, extentOf(view)).end);
  if (follow || below <= 0) return null;
  return (
    <button
      type="button"
      className="newer"
      data-testid="newer-rows"
      title={`Go to the newest row and follow (${keyFor('follow')})`}
      onClick={() => app.view.setFollow(true)}
    >
      ↓ {formatCount(below)} below
    </button>
  );
}
