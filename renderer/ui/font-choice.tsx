/** The size and the family of the letters of the log, each a line of the settings. */
import { type FormEvent, useId, useState } from 'react';
import { DEFAULT_LOOK, familyTrouble, LEAST_FONT_SIZE, MOST_FONT_SIZE } from '../../electron/contract/log-look.ts';
import { useApp, useUi } from './app-context.ts';
import { familyNote } from './font-there.ts';

const SIZES = [LEAST_FONT_SIZE, 10, 11, 12, DEFAULT_LOOK.fontSize, 13, 14, 15, 16, 18, 20, 24, MOST_FONT_SIZE];

export function FontChoice() {
  const family = useUi(({ look }) => look.fontFamily);
  return (
    <>
      <SizeLine />
      <FamilyLine key={family} family={family} />
    </>
  );
}

function SizeLine() {
  const { settings } = useApp();
  const size = useUi(({ look }) => look.fontSize);
  // One of the file may lie between them.
  const sizes = [...new Set([...SIZES, size])].sort((a, b) => a - b);
  return (
    <label className="settings-line">
      Size of the log
      <select
        value={size}
        data-testid="settings-font-size"
        onChange={({ target }) => void settings.set({ fontSize: Number(target.value) })}
      >
        {sizes.map((each) => (
          <option key={each} value={each}>
            {each === DEFAULT_LOOK.fontSize ? `${each} px, as usual` : `${each} px`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** It counts with Enter, or when the box is left. */
function FamilyLine({ family }: { readonly family: string }) {
  const { settings } = useApp();
  const id = useId();
  const [typed, setTyped] = useState(family);
  const trouble = familyTrouble(typed.trim());
  const set = (event?: FormEvent): void => {
    event?.preventDefault();
    if (trouble === null && typed.trim() !== family) void settings.set({ fontFamily: typed.trim() });
  };
  return (
    <form className="settings-line" onSubmit={set}>
      <label htmlFor={id}>Font of the log</label>
      <span>
        <input
          id={id}
          className={`field settings-family${trouble === null ? '' : ' invalid'}`}
          placeholder="as usual"
          value={typed}
          spellCheck={false}
          aria-invalid={trouble !== null}
          aria-describedby={`${id}-note`}
          data-testid="settings-font-family"
          onChange={({ target }) => setTyped(target.value)}
          onBlur={() => set()}
        />
        <span
          id={`${id}-note`}
          className={trouble === null ? 'note' : 'bad'}
          role={trouble === null ? undefined : 'alert'}
          data-testid="settings-font-note"
        >
          {trouble ?? familyNote(family)}
        </span>
      </span>
    </form>
  );
}
