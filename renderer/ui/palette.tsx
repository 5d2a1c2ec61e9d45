/** The palette: every command, found by a few letters of what it is called. What is not possible now is listed, and says so. */
import { type KeyboardEvent, useEffect, useState } from 'react';
import { matching } from '../model/palette.ts';
import { PALETTE_ENTRIES, type PaletteEntry } from '../store/palette-entries.ts';
import { useApp, usePage, useUi } from './app-context.ts';
import { focusTable, runCommand } from './use-keys.ts';

const LIST_ID = 'palette-list';
const optionId = ({ id }: PaletteEntry): string => `palette-${id}`;

export function Palette() {
  const open = useUi((ui) => ui.palette);
  return open ? <OpenPalette /> : null;
}

function OpenPalette() {
  const app = useApp();
  const page = usePage();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const found = matching(PALETTE_ENTRIES, text, (entry) => entry.possible({ page, app }));
  const chosen = found[Math.min(active, found.length - 1)];
  useEffect(() => {
    if (chosen) document.getElementById(optionId(chosen))?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const close = (): void => {
    app.ui.setPalette(false);
    focusTable();
  };
  const run = (entry: PaletteEntry): void => {
    if (!entry.possible({ page, app })) return;
    close();
    if (typeof entry.run === 'string') runCommand(page, entry.run);
    else entry.run({ page, app });
  };
  const press = (event: KeyboardEvent): void => {
    const { key } = event;
    if (key === 'Escape') close();
    else if (key === 'Enter') {
      if (chosen) run(chosen);
    } else if (key === 'ArrowDown' || key === 'ArrowUp') {
      const step = key === 'ArrowDown' ? 1 : -1;
      if (found.length > 0) setActive((Math.min(active, found.length - 1) + step + found.length) % found.length);
    } else return;
    event.preventDefault();
  };
  return (
    <div className="palette" role="dialog" aria-label="Commands" data-testid="palette">
      <input
        // It was asked for, to be typed into.
        // biome-ignore lint/a11y/noAutofocus: as above
        autoFocus
        role="combobox"
        aria-label="Find a command"
        aria-expanded="true"
        aria-controls={LIST_ID}
        aria-activedescendant={chosen && optionId(chosen)}
        placeholder="Find a command"
        spellCheck={false}
        autoComplete="off"
        maxLength={100}
        value={text}
        data-testid="palette-input"
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={press}
        onBlur={() => app.ui.setPalette(false)}
      />
      <div id={LIST_ID} role="listbox" aria-label="Commands" className="palette-list">
        {found.map((entry) => {
          const possible = entry.possible({ page, app });
          return (
            // Chosen by the keys of the box, which keeps the focus.
            // biome-ignore lint/a11y/useKeyWithClickEvents: as above
            // biome-ignore lint/a11y/useFocusableInteractive: as above
            <div
              key={entry.id}
              id={optionId(entry)}
              className={`palette-option${entry === chosen ? ' active' : ''}`}
              role="option"
              aria-selected={entry === chosen}
              aria-disabled={!possible}
              data-testid={`palette-${entry.id}`}
              // The box would lose the focus, and with it the palette.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => run(entry)}
            >
              <span className="palette-label">{entry.label}</span>
              <span className="quiet">{possible ? entry.group : 'not now'}</span>
              <span className="palette-keys">
                {entry.keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </span>
            </div>
          );
        })}
        {found.length === 0 && <p className="quiet palette-none">No command is called that.</p>}
      </div>
    </div>
  );
}
