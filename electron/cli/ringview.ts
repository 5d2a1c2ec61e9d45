/** The `ringview` command, started by bin.mjs or by Node itself. */
import { run } from './run.ts';

const code = await run(process.argv.slice(2));
// A failure noticed meanwhile counts.
process.exitCode ??= code;
