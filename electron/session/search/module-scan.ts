/**
 * The modules of a session: what its messages tell of images, and lists that a person has opened. A list says what is
 * there, events say when.
 */
import type { Failure } from '../../../native/core/result.ts';
import { imageEvent, noteImage } from '../../../native/decode/modules/image-events.ts';
import type { ModuleList } from '../../../native/decode/modules/module-list.ts';
import { type FoundModule, ModuleMap } from '../../../native/decode/modules/module-map.ts';
import type { SessionStore } from '../store/store.ts';
import { Gathering } from './gathering.ts';
import type { Scanner } from './scanner.ts';

/** Lists of a session: a debugger prints one at each break. */
const MOST_LISTS = 16;

export class ModuleScan {
  private readonly gathering: Gathering;
  private lists: readonly ModuleList[] = [];
  private map = new ModuleMap();

  /** `changed` is called when there is news and `advance` should be called. */
  constructor(store: SessionStore, scanner: Scanner, changed: () => void) {
    this.gathering = new Gathering({
      ...{ store, scanner, query: { images: true }, changed },
      take: ({ segment }, { images = [] }) => {
        for (const { offset, text } of images) {
          const event = imageEvent(text);
          if (event !== null) noteImage(this.map, event, segment.timeNs[offset] as number);
        }
      },
      restart: () => this.begin(),
    });
  }

  /** Takes the modules of a list in. They hold from the begin of the log on, unless an event says otherwise. */
  add(list: ModuleList): void {
    this.lists = [...this.lists, list].slice(-MOST_LISTS);
    this.note(list);
  }

  /** Somebody asks what addresses mean. */
  ask(nowMs: number): void {
    this.gathering.ask(nowMs);
  }

  advance(nowMs: number): void {
    this.gathering.advance(nowMs);
  }

  /** Whether every message was looked at. */
  get complete(): boolean {
    return this.gathering.complete || this.gathering.failure !== null;
  }

  get failure(): Failure | null {
    return this.gathering.failure;
  }

  /** How many modules are known. */
  get size(): number {
    return this.map.size;
  }

  /** What lies at an address, for a process at a time; null where nothing is known. */
  find(address: bigint, timeNs: number, pid: number): FoundModule | null {
    return this.map.find(address, timeNs, pid);
  }

  close(): void {
    this.gathering.close();
  }

  /** Lists outlive a clear: the machine goes on with its modules. */
  private begin(): void {
    this.map = new ModuleMap();
    for (const list of this.lists) this.note(list);
  }

  private note({ loaded, unloaded }: ModuleList): void {
    for (const module of loaded) this.map.present(module);
    for (const module of unloaded) this.map.unload(module, Number.NEGATIVE_INFINITY);
  }
}
