/** What can follow what is typed in the filter box. The cursor stays in the box; its keys choose here. */
import { useEffect } from 'react';
import type { Completion, Completions } from '../model/filter-completion.ts';

export interface CompletionList extends Completions {
  /** The one that Enter takes; -1 while none is chosen. */
  readonly active: number;
}

export const LIST_ID = 'filter-completions';
export const optionId = (at: number): string => `filter-completion-${at}`;

interface FilterListProps {
  readonly list: CompletionList;
  readonly onChoose: (item: Completion) => void;
}

export function FilterList({ list, onChoose }: FilterListProps) {
  const { items, active } = list;
  useEffect(() => {
    document.getElementById(optionId(active))?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div className="filter-list" id={LIST_ID} role="listbox" aria-label="What can follow" data-testid="filter-list">
      {items.map((item, at) => (
        // Chosen by the keys of the box, which keeps the focus.
        // biome-ignore lint/a11y/useKeyWithClickEvents: as above
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div
          key={`${item.label} ${item.note}`}
          id={optionId(at)}
          className={`filter-option${at === active ? ' active' : ''}`}
          role="option"
          aria-selected={at === active}
          // The box would lose the focus, and with it the list.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(item)}
        >
          <span>{item.label}</span>
          <span className="quiet">{item.note}</span>
        </div>
      ))}
    </div>
  );
}
