/** The `ringview` command, started by bin.mjs or by Node itself. */
import { exitNow } from '../../native/posix/exit-now.ts';
import { run } from './run.ts';

// Everything worth waiting for is done. Node would still wait for a thread that is blocked by an output, so the process
// is ended here.
exitNow(await run(process.argv.slice(2)));
