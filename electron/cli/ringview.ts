/** The `ringview` command, started by bin.mjs or by Node itself. */
import { exitNow } from '../../native/posix/exit-now.ts';
import { run } from './run.ts';

// All that is worth waiting for is done. What may be left is a thread that an output holds, which Node would wait for.
exitNow(await run(process.argv.slice(2)));
