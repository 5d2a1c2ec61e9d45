/** The state of ringview.sys, the change being made to it, and why the last change failed. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type {
  CaptureName,
  DriverChange,
  DriverReport,
  EventFilter,
  FilteredCapture,
  LoggerMask,
} from '../../electron/contract/machine.ts';
import type { Failure, Result } from '../../native/core/result.ts';
import type { BootForm } from '../model/boot-form.ts';
import type { Later } from './filter.ts';

export interface DriverStatus {
  /** Null until it was examined. */
  readonly report: DriverReport | null;
  /** The change that is being made; null if none. */
  readonly changing: DriverChange | null;
  readonly failure: Failure | null;
}

export interface Driver {
  readonly store: StoreApi<DriverStatus>;
  refresh(): Promise<void>;
  change(change: DriverChange): Promise<void>;
  /** Sets when Windows starts it and with what it begins then. */
  setBoot(boot: BootForm): Promise<void>;
  /** Switches one capture of the loaded driver; the others stay. */
  setCapture(name: CaptureName, on: boolean): Promise<void>;
  /** Sets which events of a capture are reported; the others stay. */
  setFilter(capture: FilteredCapture, filter: EventFilter): Promise<void>;
  /** Switches one level of a driver that logs through it; the others, and its types, stay. */
  setLevel(logger: string, level: number, on: boolean): Promise<void>;
  /** Lets texts of these levels of a driver that logs through it carry the stack of the call, and those of no others. */
  setStacks(logger: string, levels: readonly number[]): Promise<void>;
}

/** How often a driver that is starting or stopping is examined again; milliseconds. */
const WATCH_MS = 1000;

/**
 * `changed` is called after each change, successful or not, because other parts of the window depend on the driver too.
 */
export function createDriver(bridge: Pick<BoundBridge, 'driver'>, later: Later, changed: () => void): Driver {
  const store = createStore<DriverStatus>(() => ({ report: null, changing: null, failure: null }));
  let cancelWatch: () => void = () => {};

  function show(report: DriverReport): void {
    store.setState({ report });
    cancelWatch();
    cancelWatch = report.state === 'starting' || report.state === 'stopping' ? later(refresh, WATCH_MS) : () => {};
  }

  async function refresh(): Promise<void> {
    if (store.getState().changing === null) show(await bridge.driver.examine());
  }

  async function set(answer: Promise<Result<DriverReport>>): Promise<void> {
    store.setState({ failure: null });
    const result = await answer;
    if (result.ok) show(result.value);
    else store.setState({ failure: result.failure });
    changed();
  }

  return {
    store,
    refresh,
    async change(change) {
      if (store.getState().changing !== null) return;
      store.setState({ changing: change, failure: null });
      try {
        const result = await bridge.driver.change({ change });
        if (!result.ok) store.setState({ failure: result.failure });
        else if (result.value !== null) show(result.value);
      } finally {
        store.setState({ changing: null });
      }
      // Also after a failure, to show how far the change got.
      await refresh();
      changed();
    },
    async setBoot(boot) {
      if (store.getState().changing === null) await set(bridge.driver.boot({ ...boot, captures: [...boot.captures] }));
    },
    async setCapture(name, on) {
      const { report, changing } = store.getState();
      if (report === null || changing !== null) return;
      const others = report.captures.filter((each) => each.on && each.name !== name).map((each) => each.name);
      await set(bridge.driver.capture({ captures: on ? [...others, name] : others }));
    },
    async setFilter(capture, filter) {
      if (store.getState().changing !== null) return;
      await set(bridge.driver.filter({ capture, filter }));
    },
    async setLevel(logger, level, on) {
      const { report, changing } = store.getState();
      const off: LoggerMask | undefined = report?.loggers.find(({ name }) => name === logger)?.off;
      if (off === undefined || changing !== null) return;
      const others = off.levels.filter((each) => each !== level);
      await set(bridge.driver.mask({ name: logger, levels: on ? others : [...others, level], types: [...off.types] }));
    },
    async setStacks(logger, levels) {
      if (store.getState().changing !== null) return;
      await set(bridge.driver.stacks({ name: logger, levels: [...levels] }));
    },
  };
}
