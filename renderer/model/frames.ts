/**
 * One animation frame for the whole page: first run the functions that change the state, then those that draw it.
 * A change is thus on the screen in the same frame, and several changes are drawn once.
 */

/** Runs a function in the next animation frame. */
export type Frame = (run: () => void) => void;

export interface Frames {
  /** Runs before drawing. Updates that are requested while updates run still run in the same frame. */
  readonly update: Frame;
  /** Runs after all updates of the frame. Drawing that is requested while drawing waits for the next frame. */
  readonly draw: Frame;
}

/** Returns a function that makes `work` run in the next frame: once, however often it is called until then. */
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

/** `request` is the page's requestAnimationFrame; it is called only while something waits. */
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
      // The page reports an exception of one of them as a defect; the others still get their frame.
      if (updates.length + draws.length > 0) ask();
    }
  }

  const into = (queue: (() => void)[]) => (work: () => void) => {
    queue.push(work);
    ask();
  };
  return { update: into(updates), draw: into(draws) };
}
