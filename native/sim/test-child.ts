/** A simulated driver as a process of its own, for tests that kill it. Options come as JSON in the first argument. */
import { describeFailure } from '../core/result.ts';
import { runSimulator } from './index.ts';

const result = await runSimulator(JSON.parse(process.argv[2] ?? '{}'));
if (!result.ok) {
  process.stderr.write(`${describeFailure(result.failure)}\n`);
  process.exitCode = 1;
}
