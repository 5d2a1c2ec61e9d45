/** Turns the source a person named into one that can be opened; `sim:demo` first brings the embedded driver to life. */
import { fail, type Result } from '../../native/core/result.ts';
import type { SourceInfo } from '../contract/status.ts';
import { isFileSource } from '../service/open-file.ts';
import { DEMO_SOURCE, type EmbeddedSimulator } from './demo.ts';

/** Starts the demo's process if it is asked for, then opens the source. */
export async function startSource(
  spec: string,
  simulator: EmbeddedSimulator,
  open: (spec: string) => Result<SourceInfo>,
): Promise<Result<SourceInfo>> {
  // A name of a file may begin or end with blanks.
  const source = isFileSource(spec) ? spec : spec.trim();
  if (source === DEMO_SOURCE) {
    try {
      await simulator.start();
    } catch (error) {
      return fail(
        'internal',
        'The embedded simulated driver could not be started',
        'Start one in a terminal instead: npx ringview simulate --name demo2, then open sim:demo2',
        { code: 'spawn', text: error instanceof Error ? error.message : String(error) },
      );
    }
  }
  return open(source);
}
