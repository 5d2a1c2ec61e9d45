/** Calls about this machine and its driver, and the ends of what is under way. */
import type { machineCalls } from '../../contract/calls/machine-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { Dependencies } from './dependencies.ts';
import type { Output } from './output.ts';

export function machineHandlers(dependencies: Dependencies, output: Output): Pick<Handlers, keyof typeof machineCalls> {
  const { machine, exports, wake } = dependencies;
  return {
    'driver.examine': () => machine.examineDriver(),
    'driver.change': async ({ change }) => {
      const changed = await machine.changeDriver(change);
      // A driver that started or stopped concerns whoever captures from it.
      wake();
      return changed;
    },
    'driver.capture': ({ captures }) => machine.setCaptures(captures),
    'debugFilter.read': () => machine.readFilter(),
    'debugFilter.set': ({ component, mask }) => machine.writeMask(component, mask),
    'sources.offer': () => dependencies.offerSources(),
    'copy.cancel': () => {
      output.cancelCopy();
      return null;
    },
    'export.cancel': ({ id }) => {
      exports.cancel(id);
      return null;
    },
  };
}
