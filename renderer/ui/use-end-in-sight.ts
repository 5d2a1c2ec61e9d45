/** Keeps the end of a box in sight while nobody writes in it: of the path of a file the end tells the most. */
import { type RefObject, useEffect, useRef } from 'react';

/** `text`: what is in the box, which is to have the ref that this returns. */
export function useEndInSight(text: string): RefObject<HTMLInputElement | null> {
  const box = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is in the box says where its end is
  useEffect(() => {
    const input = box.current;
    if (input === null) return;
    const show = () => {
      if (document.activeElement !== input) input.scrollLeft = input.scrollWidth;
    };
    // The browser goes back to the begin once the focus leaves, and a box that is resized keeps where it began. Its first size
    // comes with the layout of the page: to ask for it before would make the browser lay the page out at once.
    const left = () => requestAnimationFrame(show);
    const resized = new ResizeObserver(show);
    input.addEventListener('blur', left);
    resized.observe(input);
    return () => {
      input.removeEventListener('blur', left);
      resized.disconnect();
    };
  }, [text]);
  return box;
}
