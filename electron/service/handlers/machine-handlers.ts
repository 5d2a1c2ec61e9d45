/** Handlers of calls about this machine and its driver, and of calls that cancel running jobs. */
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
      // A driver that was started or stopped affects every session that captures from it.
      wake();
      return changed;
    },
    'driver.boot': ({ start, ...parameters }) => machine.setBoot({ start, parameters }),
    'driver.capture': ({ captures }) => machine.setCaptures(captures),
    'driver.filter': ({ capture, filter }) => machine.setEventFilter(capture, filter),
    'driver.mask': ({ name, levels, types }) => machine.setLoggerMask(name, { levels, types }),
    'driver.stacks': ({ name, levels }) => machine.setLoggerStacks(name, levels),
    'debugFilter.read': () => machine.readFilter(),
    'debugFilter.set': ({ component, mask }) => machine.writeMask(component, mask),
    'sources.offer': () => dependencies.offerSources(),
    'copy.cancel': () => {
      output.cancelCopy();
      return null;
    },
    'export.show': ({ id }) => {
      const path = exports.shownPath(id);
      if (path !== null) dependencies.showInFolder(path);
      return null;
    },
    'export.cancel': ({ id }) => {
      exports.cancel(id);
      return null;
    },
  };
}
