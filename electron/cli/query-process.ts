/** The process in which `ringview query` runs its SQL. */
import { serveParent } from '../query/serve.ts';

serveParent(new URL('./parent-watch-worker.js', import.meta.url));
