/** Files that are open for reading, a few at a time: opened when somebody reads from them, closed in the order they were opened. */

/** Files open at a time. */
const MOST_OPEN = 16;

export class OpenFiles<T> {
  private readonly files = new Map<string, T>();
  private readonly open: (name: string) => T;
  private readonly close: (file: T) => void;

  constructor(open: (name: string) => T, close: (file: T) => void) {
    this.open = open;
    this.close = close;
  }

  /** The file of that name. Throws what opening it throws. */
  of(name: string): T {
    const known = this.files.get(name);
    if (known !== undefined) return known;
    for (const first of this.files.keys()) {
      if (this.files.size < MOST_OPEN) break;
      this.forget(first);
    }
    const file = this.open(name);
    this.files.set(name, file);
    return file;
  }

  /** Closes the files that `which` names, by default all. A file is opened again when somebody reads from it. */
  closeAll(which: (name: string) => boolean = () => true): void {
    for (const name of this.files.keys()) if (which(name)) this.forget(name);
  }

  /** Forgotten first: of a file that cannot be closed the system may have given the number to another already. */
  private forget(name: string): void {
    const file = this.files.get(name) as T;
    this.files.delete(name);
    this.close(file);
  }
}
