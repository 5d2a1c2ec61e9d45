/**
 * One animation frame for everything: first what changes the state, then what draws it, so that a change is on the
 * screen in the frame it was applied in, and several changes are drawn once.
 */

/** Runs a function in the next animation frame. */
export type Frame = (run: () => void) => void;

export interface Frames {
  /** Before drawing. What is asked for while updates run still runs in the same frame. */
  readonly update: Frame;
  /** After all updates of the frame. What is asked for while drawing waits for the next frame. */
  readonly draw: Frame;
}

/** Runs `work` in the next frame, once, however often what it returns is called until then. */
export function onceAFrame(frame: Frame, work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    frame(() => {
      asked = false;
      work();
    });
  };
}

/** `request` is the page's requestAnimationFrame; it is asked only while something waits. */
export function createFrames(request: Frame): Frames {
  const updates: (() => void)[] = [];
  const draws: (() => void)[] = [];
  let requested = false;

  function ask(): void {
    if (requested) return;
    requested = true;
    request(run);
  }

  function run(): void {
    try {
      for (let next = updates.shift(); next; next = updates.shift()) next();
      for (let left = draws.length; left > 0; left--) draws.shift()?.();
    } finally {
      requested = false;
      // A defect in one of them is the page's to report: the others still get their frame.
      if (updates.length + draws.length > 0) ask();
    }
  }

  const into = (queue: (() => void)[]) => (work: () => void) => {
    queue.push(work);
    ask();
  };
  return { update: into(updates), draw: into(draws) };
}
