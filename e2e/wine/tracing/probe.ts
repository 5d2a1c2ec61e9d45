/** Runs the probes of tracing in node.exe, over the product's own modules and the library that stands in. */
import { claim, exitCode, say } from '../claims.ts';
import { exitsWithoutClosing, tracing } from './probes.ts';

const [, , what = '', ...args] = process.argv;
try {
  if (what === 'exit') exitsWithoutClosing();
  else await tracing(args[0] ?? '', args[1] ?? '');
  process.exit(exitCode());
} catch (error) {
  claim(false, what, error instanceof Error ? (error.stack ?? error.message) : String(error));
  say('');
  process.exit(1);
}
