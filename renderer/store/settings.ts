/** The settings as the page has them: read while their sheet is open, and what is chosen elsewhere in the window is kept. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../electron/contract/bridge.ts';
import { lookOf } from '../../electron/contract/log-look.ts';
import type { SettingsChoice, SettingsState } from '../../electron/contract/settings.ts';
import type { TimeSettings } from '../../electron/contract/shown-time.ts';
import type { Failure, Result } from '../../native/core/result.ts';
import type { Ui } from './ui.ts';

export interface SettingsSlice {
  /** Null before they were asked for. */
  readonly settings: SettingsState | null;
  readonly failure: Failure | null;
}

export interface Settings {
  readonly store: StoreApi<SettingsSlice>;
  /** Keeps the times that are chosen from now on; `begin`: those that were kept, if any were. Returns what ends that. */
  connect(begin: TimeSettings | undefined): () => void;
  refresh(): Promise<void>;
  set(choice: SettingsChoice): Promise<void>;
  /** Keeps the window above all others, or no longer, and says so. */
  toggleOnTop(): Promise<void>;
  /** Takes over how rows look, as another window or a hand has set it in the file. */
  refreshLook(): Promise<void>;
  /** Gives each process a colour, or none any longer, and says so. `shown`: the columns that the table has. */
  toggleProcessColours(shown: readonly string[]): Promise<void>;
  /** Has the program open the file. */
  openFile(): Promise<void>;
}

export function createSettings({ settings: calls }: Pick<Bridge, 'settings'>, ui: Ui): Settings {
  const store = createStore<SettingsSlice>(() => ({ settings: null, failure: null }));
  /** What the program knows to be chosen. */
  let kept: TimeSettings | null = null;

  function takeTimes(times: TimeSettings): void {
    kept = times;
    if (!sameTimes(ui.store.getState().times, times)) ui.setTimes(times);
  }

  function take(result: Result<SettingsState>): void {
    if (!result.ok) {
      store.setState({ failure: result.failure });
      return;
    }
    store.setState({ settings: result.value, failure: null });
    ui.setLook(lookOf(result.value));
    const { times } = result.value;
    if (times !== null) takeTimes(times);
  }

  const set = async (choice: SettingsChoice): Promise<void> => take(await calls.set(choice));

  return {
    store,
    connect(begin) {
      if (begin !== undefined) takeTimes(begin);
      else kept = ui.store.getState().times;
      return ui.store.subscribe(({ times }) => {
        if (kept !== null && sameTimes(kept, times)) return;
        kept = times;
        void set({ times });
      });
    },
    async refresh() {
      const before = store.getState().settings?.theme;
      take(await calls.read());
      const theme = store.getState().settings?.theme;
      // By hand, in the file: one that was chosen here is known.
      if (before !== undefined && theme !== undefined && theme !== before) ui.setTheme(theme);
    },
    set,
    async toggleOnTop() {
      take(await calls.read());
      const alwaysOnTop = !(store.getState().settings?.alwaysOnTop ?? false);
      await set({ alwaysOnTop });
      if (store.getState().failure !== null) return;
      const message = alwaysOnTop ? 'The window stays above all others.' : 'Other windows may cover this one again.';
      ui.notify({ severity: 'info', message, action: '' });
    },
    async refreshLook() {
      const read = await calls.read();
      // What fails is said where the settings are looked at.
      if (read.ok) ui.setLook(lookOf(read.value));
    },
    async toggleProcessColours(shown) {
      take(await calls.read());
      const processColours = !ui.store.getState().look.processColours;
      await set({ processColours });
      if (store.getState().failure !== null) return;
      const seen = PROCESS_COLUMNS.some((id) => shown.includes(id));
      const message = processColours ? 'Each process has a colour.' : 'Processes have no colours any longer.';
      const action = processColours && !seen ? 'Show the column process or pid to see it.' : '';
      ui.notify({ severity: 'info', message, action });
    },
    async openFile() {
      const opened = await calls.openFile();
      store.setState({ failure: opened.ok ? null : opened.failure });
    },
  };
}

/** The columns that name a process. */
const PROCESS_COLUMNS = ['process', 'pid'];

const sameTimes = (a: TimeSettings, b: TimeSettings): boolean =>
  a.kind === b.kind && a.digits === b.digits && a.delta === b.delta;
