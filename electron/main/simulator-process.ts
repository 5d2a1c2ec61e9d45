/**
 * The process of the embedded simulated driver. Its one argument is what to simulate, as JSON; it says `ready` to its
 * parent once the ring session exists, and ends when the parent does.
 */
import { describeFailure } from '../../native/core/result.ts';
import { processIo, runSimulator, type SimulatorOptions } from '../../native/sim/index.ts';

const options = JSON.parse(process.argv[2] ?? '') as SimulatorOptions;
const io = processIo();
let announced = false;

const result = await runSimulator(options, {
  ...io,
  // The ring session exists by the first wait: the simulator creates it before it waits for anything.
  sleep: (milliseconds) => {
    if (!announced) process.parentPort.postMessage('ready');
    announced = true;
    return io.sleep(milliseconds);
  },
  print: () => {},
});
if (!result.ok) process.stderr.write(`ringview: ${describeFailure(result.failure)}\n`);
process.exit(result.ok ? 0 : 1);
