/** The process in which questions of the page are answered. Capture comes before them on a machine that is busy. */
import { constants, setPriority } from 'node:os';
import { serveParent } from '../query/serve.ts';

try {
  // The database starts its threads later, with the priority of this one.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // A system that does not allow it answers all the same.
}
serveParent(new URL('./parent-watch-worker.js', import.meta.url));
