/** `ringview simulate`: the simulated driver as a program. */
import type { Result } from '../../native/core/result.ts';
import { runSimulator, type SimulatorIo, type SimulatorResult } from '../../native/sim/index.ts';
import { readSmallFile } from '../files/read-small.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import type { SimulateRequest } from './args.ts';

/** A recorded session is held in memory while it is played. */
const MOST_REPLAY_BYTES = 1024 ** 3;

/** Runs until the count is reached or a signal arrives; the result is printed by `io`. */
export async function simulate(request: SimulateRequest, io: SimulatorIo): Promise<Result<SimulatorResult>> {
  const { options, replayPath } = request;
  if (replayPath === null) return runSimulator(options, io);
  let replay: Uint8Array;
  try {
    replay = readSmallFile(replayPath, MOST_REPLAY_BYTES);
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `${replayPath} cannot be read`) };
  }
  return runSimulator({ ...options, replay }, io);
}
