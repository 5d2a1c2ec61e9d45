/** Whether the window is too narrow for everything: style sheets say the same (`max-width: 999px`). */
import { useSyncExternalStore } from 'react';

const query = window.matchMedia('(max-width: 999px)');

function follow(changed: () => void): () => void {
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

export const useNarrow = (): boolean => useSyncExternalStore(follow, () => query.matches);
