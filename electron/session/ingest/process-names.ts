/**
 * The names of the processes of a log, as far as their sources know them: for each source and process number, the last
 * name that was known. Windows reuses the numbers of ended processes, so a name is right only for the newest rows with
 * its number.
 */
import type { ProcessName } from '../../contract/machine.ts';

/** The name of a process of a source; undefined if it is not known. */
export type NameOfProcess = (source: number, pid: number) => string | undefined;

export class ProcessNames {
  private readonly names = new Map<number, Map<number, string>>();
  /** Grows with each name that is learnt. */
  version = 0;
  /** Names that were learnt but not yet reported, by source and number. */
  private readonly news = new Map<string, ProcessName>();

  get known(): boolean {
    return this.names.size > 0;
  }

  readonly nameOf: NameOfProcess = (source, pid) => this.names.get(source)?.get(pid);

  /** Takes over the names that a source knows by now. */
  note(source: number, names: ReadonlyMap<number, string>): void {
    if (names.size === 0) return;
    let own = this.names.get(source);
    if (own === undefined) {
      own = new Map();
      this.names.set(source, own);
    }
    for (const [pid, name] of names) {
      if (own.get(pid) === name) continue;
      own.set(pid, name);
      this.version++;
      this.news.set(`${source} ${pid}`, { source, pid, name });
    }
  }

  /** The last one known of each number. */
  get all(): ProcessName[] {
    return [...this.names].flatMap(([source, names]) => [...names].map(([pid, name]) => ({ source, pid, name })));
  }

  /** The names learnt since the last call, each number once. */
  takeNews(): ProcessName[] {
    const news = [...this.news.values()];
    this.news.clear();
    return news;
  }

  /** Reports all names again, for a page that was just loaded and knows none. */
  tellAgain(): void {
    for (const [source, names] of this.names) {
      for (const [pid, name] of names) this.news.set(`${source} ${pid}`, { source, pid, name });
    }
  }
}
