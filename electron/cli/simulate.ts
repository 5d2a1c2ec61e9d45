/** `ringview simulate`: the simulated driver as a program. */
import { readFile } from 'node:fs/promises';
import { fail, type Result } from '../../native/core/result.ts';
import { runSimulator, type SimulatorIo, type SimulatorResult } from '../../native/sim/index.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import type { SimulateRequest } from './args.ts';

/** Runs until the count is reached or a signal arrives; `io` prints the result. */
export async function simulate(request: SimulateRequest, io: SimulatorIo): Promise<Result<SimulatorResult>> {
  const { options, replayPath } = request;
  if (replayPath === null) return runSimulator(options, io);
  const replay = await readReplay(replayPath, io);
  return replay.ok ? runSimulator({ ...options, replay: replay.value }, io) : replay;
}

/** A FIFO ends only when its writer does, which may be never, so a request to stop also ends the reading. */
async function readReplay(path: string, io: SimulatorIo): Promise<Result<Uint8Array>> {
  let unlisten = (): void => {};
  const stopped = new Promise<Result<never>>((resolve) => {
    const cancelled = fail('cancelled', `Stopped while ${path} was read`, 'See who writes it');
    unlisten = io.onStop(() => resolve(cancelled));
  });
  const read = readFile(path).then(
    (value): Result<Uint8Array> => ({ ok: true, value }),
    (error): Result<Uint8Array> => ({ ok: false, failure: failureOfSystemError(error, `${path} cannot be read`) }),
  );
  const result = await Promise.race([read, stopped]);
  unlisten();
  return result;
}
