/** What a trace says about the names of processes and files, by the numbers that its other events have. */

/** Names of each kind that are kept; a hostile trace must not fill the memory. */
const MOST_NAMES = 100_000;
const MOST_CHARACTERS = 1024;

export class KernelNames {
  readonly processes = new Map<number, string>();
  private readonly files = new Map<bigint, string>();

  noteProcess(pid: number, name: string): void {
    keep(this.processes, pid, name);
  }

  noteFile(key: bigint, name: string): void {
    keep(this.files, key, name);
  }

  /** `4321(probe.exe)`, or the number alone. */
  process(pid: number): string {
    const name = this.processes.get(pid);
    return name === undefined ? String(pid) : `${pid}(${name})`;
  }

  /** The name of a file, or its key. */
  file(key: bigint): string {
    return this.files.get(key) ?? `0x${key.toString(16)}`;
  }
}

function keep<K>(names: Map<K, string>, key: K, name: string): void {
  if (names.size < MOST_NAMES || names.has(key)) names.set(key, name.slice(0, MOST_CHARACTERS));
}
