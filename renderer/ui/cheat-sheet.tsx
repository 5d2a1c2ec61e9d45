/** The list of keys, derived from the table that handles them. Not modal: capturing and the table continue below it. */
import { COMMAND_NAMES, COMMANDS, type CommandEntry } from '../store/commands.ts';
import { useApp, useUi } from './app-context.ts';
import { SheetHeader } from './sheet-header.tsx';

const GROUPS: readonly CommandEntry['group'][] = [
  'Capture',
  'Filter and find',
  'Move and select',
  'Bookmarks',
  'Window',
];

export function CheatSheet() {
  const app = useApp();
  const open = useUi((ui) => ui.sheet);
  if (!open) return null;
  return (
    <div className="sheet" role="dialog" aria-label="Keys" data-testid="cheat-sheet">
      <SheetHeader title="Keys" onClose={() => app.ui.setSheet(false)} />
      <div className="sheet-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {COMMAND_NAMES.filter((name) => COMMANDS[name].group === group).map((name) => (
                <div key={name}>
                  <dt>
                    {COMMANDS[name].keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{COMMANDS[name].label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="note">
        The wheel with Shift moves long messages sideways. Alt+click on a chip shows that CPU or level alone.
      </p>
    </div>
  );
}
