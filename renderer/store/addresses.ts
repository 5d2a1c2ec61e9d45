/**
 * What the addresses in messages mean, asked for row by row when somebody looks at a row: in the details, or with the mouse
 * over it. While the program still looks through the log for modules, it is asked again.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RowAddresses } from '../../electron/contract/addresses.ts';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import type { Failure } from '../../native/core/result.ts';
import type { Later } from './filter.ts';

export interface AddressesState {
  /** Changes when something is known that was not. */
  readonly version: number;
}

export interface Addresses {
  readonly store: StoreApi<AddressesState>;
  /** What is known of a row; null while nothing is. Asks for it if its message can have addresses. */
  of(row: LogRow): RowAddresses | null;
  /** Lets the person choose a list of modules, or a folder with PDBs. */
  openModules(): Promise<void>;
  openSymbols(): Promise<void>;
}

export interface AddressesDependencies {
  readonly bridge: Pick<BoundBridge, 'view' | 'session'>;
  readonly later: Later;
  readonly say: (message: string) => void;
  readonly fail: (failure: Failure) => void;
}

/** What may be an address: so many hexadecimal digits side by side, or in two parts. */
const MAY_HAVE = /[0-9a-f]{5}/i;
/** Until an answer that may not be all is asked for again, milliseconds. */
const AGAIN_MS = 500;

interface Known {
  told: RowAddresses | null;
  /** What has been opened since changes the answer. */
  readonly asked: number;
  due: boolean;
}

export function createAddresses({ bridge, later, say, fail }: AddressesDependencies): Addresses {
  const store = createStore<AddressesState>(() => ({ version: 0 }));
  let known = new WeakMap<LogRow, Known>();
  let opened = 0;

  const news = (): void => store.setState(({ version }) => ({ version: version + 1 }));

  async function ask(row: LogRow, entry: Known): Promise<void> {
    entry.due = false;
    const told = await bridge.view.addresses({ row: row.row });
    if (entry.asked !== opened) return;
    entry.told = told;
    if (!told.complete) {
      later(() => {
        // Asked again only if somebody still looks.
        entry.due = true;
        news();
      }, AGAIN_MS);
    }
    news();
  }

  function openedMore(): void {
    opened++;
    known = new WeakMap();
    news();
  }

  return {
    store,
    of(row) {
      let entry = known.get(row);
      if (entry === undefined) {
        entry = { told: null, asked: opened, due: row.textCut || MAY_HAVE.test(row.text) };
        known.set(row, entry);
      }
      if (entry.due) void ask(row, entry);
      return entry.told;
    },
    async openModules() {
      const read = await bridge.session.openModules();
      if (!read.ok) return fail(read.failure);
      if (read.value === null) return;
      openedMore();
      say(`${read.value.modules.toLocaleString('en')} modules of ${read.value.file}: their addresses are explained`);
    },
    async openSymbols() {
      const read = await bridge.session.openSymbols();
      if (!read.ok) return fail(read.failure);
      if (read.value === null) return;
      openedMore();
      say(`Functions are looked for in PDBs of ${read.value.folder}`);
    },
  };
}
