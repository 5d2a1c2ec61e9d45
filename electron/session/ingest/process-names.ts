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
  /** Each name with the version in which it was learnt, by source and number. */
  private readonly learnt = new Map<string, { readonly told: ProcessName; readonly version: number }>();

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
      this.learnt.set(`${source} ${pid}`, { told: { source, pid, name }, version: this.version });
    }
  }

  /** The last one known of each number. */
  get all(): ProcessName[] {
    return [...this.names].flatMap(([source, names]) => [...names].map(([pid, name]) => ({ source, pid, name })));
  }

  /** The names learnt since a version, each number once; all of them since version 0. */
  newsSince(version: number): ProcessName[] {
    if (version === this.version) return [];
    return [...this.learnt.values()].filter((each) => each.version > version).map(({ told }) => told);
  }
}
