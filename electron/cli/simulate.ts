/** `ringview simulate`: the simulated driver as a program. */
import { readFileSync } from 'node:fs';
import type { Result } from '../../native/core/result.ts';
import { runSimulator, type SimulatorIo, type SimulatorResult } from '../../native/sim/index.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import type { SimulateRequest } from './args.ts';

/** Runs until the count is reached or a signal arrives; the result is printed by `io`. */
export async function simulate(request: SimulateRequest, io: SimulatorIo): Promise<Result<SimulatorResult>> {
  const { options, replayPath } = request;
  if (replayPath === null) return runSimulator(options, io);
  let replay: Uint8Array;
  try {
    replay = readFileSync(replayPath);
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `${replayPath} cannot be read`) };
  }
  return runSimulator({ ...options, replay }, io);
}
