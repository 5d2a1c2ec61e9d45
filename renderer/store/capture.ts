/** The source box: which source it names, starting and stopping that source, and why starting it failed. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { checkSource, lengthFailure, MAX_SOURCE_TEXT } from '../../electron/contract/limits.ts';
import type { Failure } from '../../native/core/result.ts';

export interface CaptureState {
  /** Text of the source box: the name of the source in use, empty if there are several, or what a person has typed. */
  readonly source: string;
  /** True if a person has typed the text, so that it is not the name of the source in use. */
  readonly edited: boolean;
  /** Names of the sources in use, or last used. */
  readonly held: readonly string[];
  /** A request to start or stop was not answered yet. */
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** Sources used lately, newest first. */
  readonly recent: readonly string[];
  /** True on Windows, where drivers and debug output can be captured. */
  readonly windows: boolean;
}

const MAX_RECENT = 8;

/** What the box says for the sources in use; `before` if there are none. */
function nameOf(held: readonly string[], before: string): string {
  return held.length === 0 ? before : held.length === 1 ? (held[0] as string) : '';
}

export interface Capture {
  readonly store: StoreApi<CaptureState>;
  /** A person types a name. */
  setSource(source: string): void;
  /** Puts a name into the box if it is empty. */
  offer(source: string): void;
  /** Tells which sources are in use now, or were last; the box names them, unless a person is typing. */
  hold(names: readonly string[]): void;
  /** Discards what was typed, so that the box names the sources in use again. */
  revert(): void;
  /** Reports at once if a text typed into any box is too long for a source name. */
  check(source: string): void;
  setRecent(recent: readonly string[]): void;
  setWindows(windows: boolean): void;
  /** Captures from one source instead of those in use. */
  start(source?: string): Promise<void>;
  /** Captures from another source too; false if it could not be opened. */
  add(source: string): Promise<boolean>;
  /** Captures from all of these again. */
  resume(sources: readonly string[]): Promise<void>;
  remove(id: number): Promise<void>;
  stop(): Promise<void>;
  dismiss(): void;
}

export function createCapture(bridge: Pick<BoundBridge, 'session'>): Capture {
  const store = createStore<CaptureState>(() => ({
    source: '',
    edited: false,
    held: [],
    busy: false,
    failure: null,
    recent: [],
    windows: false,
  }));
  const get = store.getState;

  /** Handles the outcome of opening `name`. */
  function opened(name: string, failure: Failure | null): boolean {
    const { recent } = get();
    const latest = [name, ...recent.filter((other) => other !== name)].slice(0, MAX_RECENT);
    store.setState({ busy: false, failure, recent: failure === null ? latest : recent });
    return failure === null;
  }

  function check(source: string): void {
    const long = lengthFailure('The name of the source', source, MAX_SOURCE_TEXT);
    const { failure } = get();
    // A failure of the earlier text need not apply to this one.
    store.setState({ failure: long ?? (failure?.code === 'bad-argument' ? null : failure) });
  }

  async function add(source: string): Promise<boolean> {
    if (get().busy || source.trim() === '') return false;
    const checked = checkSource(source);
    if (!checked.ok) {
      store.setState({ failure: checked.failure });
      return false;
    }
    const name = checked.value;
    store.setState({ busy: true, failure: null });
    const result = await bridge.session.add({ source: name });
    return opened(name, result.ok ? null : result.failure);
  }

  return {
    store,
    setSource(source) {
      store.setState({ source, edited: true });
      check(source);
    },
    check,
    offer: (source) => {
      if (get().source === '' && !get().edited && get().held.length === 0) store.setState({ source });
    },
    hold(names) {
      const { held, edited } = get();
      if (names.join('\n') === held.join('\n')) return;
      store.setState({ held: names, ...(edited ? {} : { source: nameOf(names, get().source) }) });
    },
    revert: () => store.setState(({ held, source }) => ({ source: nameOf(held, source), edited: false })),
    setRecent: (recent) => store.setState({ recent }),
    setWindows: (windows) => store.setState({ windows }),
    add,
    async resume(sources) {
      for (const source of sources) if (!(await add(source))) return;
    },
    async remove(id) {
      await bridge.session.remove({ id });
    },
    async start(source = get().source) {
      if (get().busy) return;
      const checked = checkSource(source);
      if (!checked.ok) {
        store.setState({ failure: checked.failure });
        return;
      }
      const name = checked.value;
      store.setState({ source: name, edited: true, busy: true, failure: null });
      const result = await bridge.session.start({ source: name });
      if (result.ok) store.setState({ edited: false });
      opened(name, result.ok ? null : result.failure);
    },
    async stop() {
      if (get().busy) return;
      store.setState({ busy: true });
      await bridge.session.stop();
      store.setState({ busy: false, failure: null });
    },
    dismiss: () => store.setState({ failure: null }),
  };
}
