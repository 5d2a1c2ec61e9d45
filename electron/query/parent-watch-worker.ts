/**
 * A thread that ends its process once whoever started that is gone. The process itself learns it from its channel, but only
 * when it comes to look at that, which it does not while the database keeps its thread busy: what nobody waits for any more
 * would then go on at full speed for as long as it takes.
 */
import { parentPort, workerData } from 'node:worker_threads';

const LOOK_MS = 500;
const parent = workerData as number;

function gone(): boolean {
  // Of an orphan somebody else becomes the parent; on Windows nobody does.
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

// From here on it does not depend on the thread that started it.
parentPort?.postMessage('watching');
setInterval(() => {
  if (gone()) process.kill(process.pid, 'SIGKILL');
}, LOOK_MS);
