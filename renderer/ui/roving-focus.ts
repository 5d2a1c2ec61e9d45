/**
 * Makes a group of buttons one stop of the keyboard: arrows, Home and End move within it, and Tab comes back to the button
 * that had the focus last, or at first to the one that is selected. Works on the elements that are there at the time, so
 * members may come and go.
 */
import { type FocusEvent, type KeyboardEvent, type RefCallback, useCallback, useRef } from 'react';
import { onceAFrame } from '../model/frames.ts';

const MEMBERS = 'button:not(.tab-close)';

/** What the element of the group is to have. */
export interface RovingFocus {
  readonly ref: RefCallback<HTMLElement>;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** Those that are seen: a narrow window leaves some out. */
const membersOf = (group: HTMLElement): HTMLElement[] =>
  [...group.querySelectorAll<HTMLElement>(MEMBERS)].filter((member) => member.checkVisibility());

/** Exactly one member can be reached by Tab. */
function settle(group: HTMLElement, wanted: Element | null): void {
  const members = membersOf(group);
  const stop =
    members.find((member) => member === wanted) ??
    members.find((member) => member.tabIndex === 0 && member.hasAttribute('tabindex')) ??
    members.find((member) => member.ariaSelected === 'true') ??
    members[0];
  for (const member of members) {
    const index = member === stop ? 0 : -1;
    if (member.getAttribute('tabindex') !== `${index}`) member.tabIndex = index;
  }
}

type Step = (at: number, count: number, columns: number) => number;

const STEPS: Readonly<Record<string, Step>> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Also of a group that is laid out as a grid. */
const ROW_STEPS: Readonly<Record<string, Step>> = {
  ArrowDown: (at, count, columns) => (at + columns < count ? at + columns : at),
  ArrowUp: (at, _, columns) => (at >= columns ? at - columns : at),
};

/** `columns`: of a grid; 0 for a row. */
export function useRovingFocus(columns = 0): RovingFocus {
  const watched = useRef<MutationObserver | null>(null);
  const ref = useCallback((group: HTMLElement | null) => {
    watched.current?.disconnect();
    watched.current = null;
    if (group === null) return;
    // In the next frame: which members are seen is known by then, and to ask before would make the browser find out at once.
    const ask = onceAFrame(requestAnimationFrame, () => settle(group, null));
    ask();
    watched.current = new MutationObserver(ask);
    watched.current.observe(group, { childList: true, subtree: true });
  }, []);
  return {
    ref,
    onFocus: (event) => settle(event.currentTarget, event.target),
    onKeyDown(event) {
      const step = STEPS[event.key] ?? (columns > 0 ? ROW_STEPS[event.key] : undefined);
      const members = membersOf(event.currentTarget);
      const at = members.indexOf(event.target as HTMLElement);
      if (step === undefined || at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      members[step(at, members.length, columns)]?.focus();
    },
  };
}
