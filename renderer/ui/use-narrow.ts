/** Whether the window is too narrow for everything: style sheets say the same (`max-width: 999px`). */
import { useSyncExternalStore } from 'react';
import { useBeside } from './app-context.ts';

const NARROW = window.matchMedia('(max-width: 999px)');
/** Two logs side by side have the width of a narrow window each. In a narrow one, they are one above the other. */
const NARROW_SIDES = window.matchMedia('(min-width: 1000px) and (max-width: 1999px)');

function followOf(query: MediaQueryList) {
  return (changed: () => void): (() => void) => {
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  };
}
const follow = followOf(NARROW);
const followSides = followOf(NARROW_SIDES);

export const useNarrow = (): boolean => useSyncExternalStore(follow, () => NARROW.matches);

/** Whether a log is, which has the whole width or half of it. */
export function useNarrowLog(): boolean {
  const narrow = useNarrow();
  const sides = useSyncExternalStore(followSides, () => NARROW_SIDES.matches);
  return useBeside(({ pair }) => pair !== null) ? narrow || sides : narrow;
}
