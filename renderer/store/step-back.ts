/** What Escape does in a view, one thing at a time. */
import type { FilterPanel } from './filter-panel.ts';
import type { Find } from './find.ts';
import type { Ui } from './ui.ts';
import type { View } from './view.ts';
import type { WordMark } from './word-mark.ts';

interface Closable {
  readonly find: Find;
  readonly filterPanel: FilterPanel;
  readonly ui: Ui;
  readonly wordMark: WordMark;
  readonly view: View;
}

/** See `App.stepBack`. */
export function stepBackIn({ find, filterPanel, ui, wordMark, view }: Closable): () => boolean {
  return () => {
    if (find.store.getState().open) find.close();
    else if (filterPanel.store.getState().open) filterPanel.setOpen(false);
    else if (!ui.closeTop() && !wordMark.clear()) {
      if (view.store.getState().selection === null) return false;
      view.select(null);
    }
    return true;
  };
}
