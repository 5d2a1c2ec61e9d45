/** The commands that open and close the panes of the dock: one for each in the table of panes. */
import { PANE_IDS, PANES, type PaneCommand, paneCommand } from '../model/panes.ts';
import type { Entries } from './command-entry.ts';
import { measureSelected } from './interval-rows.ts';

export const paneCommands = Object.fromEntries(
  PANE_IDS.map((pane) => [
    paneCommand(pane),
    {
      keys: PANES[pane].keys,
      scope: 'anywhere',
      label: PANES[pane].label,
      run({ app, focus }) {
        app.ui.togglePane(pane);
        if (pane === 'intervals' && app.ui.store.getState().pane === pane)
          void measureSelected(app).then((measured) => (measured ? undefined : focus('intervals')));
        // Matches are of what is sought: without the find bar there would be nothing to list.
        if (pane !== 'matches' || app.ui.store.getState().pane !== pane || app.find.store.getState().open) return;
        app.find.open();
        focus('find');
      },
    } satisfies Entries[string],
  ]),
) as Readonly<Record<PaneCommand, Entries[string]>>;
