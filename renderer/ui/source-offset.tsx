/** By how much a source is moved in time: shown, changed by typing another time, taken back. */
import { useState } from 'react';
import { movedText } from '../../electron/contract/moved-time.ts';
import type { SourceStatus } from '../../electron/contract/status.ts';
import { MOVE_EXAMPLES } from '../model/moved-time.ts';
import { useApp, useMerging } from './app-context.ts';

/** The longest text in the box; it never leaves the page. */
const MOST_TEXT = 64;

export function SourceOffset({ source: { id, name, statedNs = 0 } }: { readonly source: SourceStatus }) {
  const app = useApp();
  const trouble = useMerging((merging) => (merging.trouble?.source === id ? merging.trouble.words : null));
  /** What is typed; null while the box shows what is in force. */
  const [draft, setDraft] = useState<string | null>(null);
  const move = async (text: string): Promise<void> => {
    if (await app.merging.move(id, text)) setDraft(null);
  };
  const leave = (): void => {
    app.merging.forgetTrouble();
    setDraft(null);
  };
  return (
    <form
      className="source-offset note"
      onSubmit={(event) => {
        event.preventDefault();
        void move(draft ?? '');
      }}
    >
      <label>
        Moved by{' '}
        <input
          className="field"
          aria-label={`${name} is moved in time by`}
          title={`Where its clock disagrees with the others: ${MOVE_EXAMPLES}. Its file and all others are read again, in the new order`}
          placeholder={MOVE_EXAMPLES}
          spellCheck={false}
          maxLength={MOST_TEXT}
          value={draft ?? (statedNs === 0 ? '0 s' : movedText(statedNs))}
          data-testid={`source-offset-${id}`}
          onFocus={(event) => event.target.select()}
          onChange={(event) => {
            app.merging.forgetTrouble();
            setDraft(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || draft === null) return;
            event.stopPropagation();
            leave();
          }}
        />
      </label>
      {draft !== null && (
        <button type="submit" className="link" data-testid={`source-move-${id}`}>
          Move
        </button>
      )}
      {draft === null && statedNs !== 0 && (
        <button
          type="button"
          className="link"
          title="Where its own clock has it"
          data-testid={`source-back-${id}`}
          onClick={() => void move('0')}
        >
          Move back
        </button>
      )}
      {trouble !== null && (
        <span className="source-failure" role="alert" data-testid={`source-offset-trouble-${id}`}>
          {trouble}
        </span>
      )}
    </form>
  );
}
