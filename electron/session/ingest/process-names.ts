/**
 * What the processes of a log are called, as far as their sources know: one name a source and process number, the last
 * one known. Numbers of ended processes go to new ones, so a name is right for the newest rows of its number.
 */
import type { ProcessName } from '../../contract/machine.ts';

/** The name of a process of a source; undefined if nobody knows it. */
export type NameOfProcess = (source: number, pid: number) => string | undefined;

export class ProcessNames {
  private readonly names = new Map<number, Map<number, string>>();
  /** Known and not yet told, by source and number. */
  private readonly news = new Map<string, ProcessName>();

  get known(): boolean {
    return this.names.size > 0;
  }

  readonly nameOf: NameOfProcess = (source, pid) => this.names.get(source)?.get(pid);

  /** Takes what a source knows by now. */
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
      this.news.set(`${source} ${pid}`, { source, pid, name });
    }
  }

  /** Every name that is known. */
  all(): ProcessName[] {
    return [...this.names].flatMap(([source, names]) => [...names].map(([pid, name]) => ({ source, pid, name })));
  }

  /** What was learnt since the last call, each number once. */
  takeNews(): ProcessName[] {
    const news = [...this.news.values()];
    this.news.clear();
    return news;
  }

  /** Makes news of everything again, for who knows nothing yet. */
  tellAgain(): void {
    for (const [source, names] of this.names) {
      for (const [pid, name] of names) this.news.set(`${source} ${pid}`, { source, pid, name });
    }
  }
}
