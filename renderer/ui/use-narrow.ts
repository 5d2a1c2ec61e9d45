/** Whether the window is too narrow for everything: style sheets say the same (`max-width: 999px`). */
import { useMemo, useSyncExternalStore } from 'react';
import { DEFAULT_LOOK } from '../../electron/contract/log-look.ts';
import { useBeside, useUi } from './app-context.ts';

const NARROW_PX = 1000;

/** Whether the window is less wide than so many pixels. */
function useBelow(px: number): boolean {
  const { follow, below } = useMemo(() => {
    const query = window.matchMedia(`(max-width: ${px - 0.02}px)`);
    return {
      follow: (changed: () => void): (() => void) => {
        query.addEventListener('change', changed);
        return () => query.removeEventListener('change', changed);
      },
      below: () => query.matches,
    };
  }, [px]);
  return useSyncExternalStore(follow, below);
}

export const useNarrow = (): boolean => useBelow(NARROW_PX);

/**
 * Whether a log is, for letters of the size that it has. Two side by side have half of the window each; in a narrow one, they
 * are one above the other.
 */
export function useNarrowLog(): boolean {
  const scale = useUi(({ look }) => look.fontSize) / DEFAULT_LOOK.fontSize;
  const stacked = useNarrow();
  const whole = useBelow(NARROW_PX * scale);
  const half = useBelow(2 * NARROW_PX * scale);
  return useBeside(({ pair }) => pair !== null) && !stacked ? half : whole;
}
