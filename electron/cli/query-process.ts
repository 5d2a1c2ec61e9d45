/** The process in which `ringview query` runs its SQL. */
import { serveParent } from '../query/serve.ts';

serveParent();
