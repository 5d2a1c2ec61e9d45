/**
 * Which module an address lies in, at a time. Modules are loaded and unloaded while a log goes on, so each has a span of
 * time: an address is told by what was there then, and where nothing was, by what was there before or came later, which is
 * said. Addresses of the kernel are the same for everybody, those of programs only within their process.
 */

/** A module as an event or a list tells it. */
export interface Module {
  /** File name, or what a debugger calls it: `nicfilt.sys`, `nt`. */
  readonly name: string;
  readonly base: bigint;
  /** Bytes from the base; 0 where it is not known, which finds nothing. */
  readonly bytes: bigint;
  /** The process that it is loaded in; null: the kernel, or a list that does not say. */
  readonly pid: number | null;
  /** File name of its PDB; null where it is not stated. */
  readonly pdb: string | null;
  /** GUID and age of its PDB, `{1111...} 2`; null where they are not stated. */
  readonly build: string | null;
}

/** `there`: loaded at that time; the others: not then, but before or after it. */
export type Presence = 'there' | 'unloaded before' | 'loaded later';

export interface FoundModule {
  readonly module: Module;
  /** Bytes from the base to the address. */
  readonly offset: bigint;
  readonly presence: Presence;
}

interface Span {
  module: Module;
  /** Nanoseconds of the log; -Infinity from its begin, Infinity to its end. */
  readonly fromNs: number;
  toNs: number;
}

/** A hostile log must not fill the memory: modules that are kept, the first of them. */
export const MOST_MODULES = 50_000;

/** What a number of a process stands for in the map: the kernel is nobody's. */
const KERNEL = -1;

/** The modules of one process, or of the kernel. */
interface Space {
  readonly spans: Span[];
  /** Those that are still there, by their bases. */
  readonly open: Map<bigint, Span>;
}

export class ModuleMap {
  private readonly spaces = new Map<number, Space>();
  /** PDBs that were stated by themselves, by their names without endings. */
  private readonly builds = new Map<string, { readonly pdb: string; readonly build: string }>();
  private count = 0;

  /** Modules that are known, those that were unloaded among them. */
  get size(): number {
    return this.count;
  }

  /** A module is there from a time on. What lay there before must have gone. */
  load(module: Module, timeNs: number): void {
    const space = this.of(module.pid);
    const before = space.open.get(module.base);
    if (before !== undefined && sameName(before.module, module)) {
      before.module = merged(before.module, module);
      return;
    }
    if (before !== undefined) before.toNs = timeNs;
    this.add(space, { module, fromNs: timeNs, toNs: Number.POSITIVE_INFINITY });
  }

  /** A module was there before the log began and, as far as is known, is still. Nothing changes if it is known. */
  present(module: Module): void {
    const space = this.of(module.pid);
    const known = space.open.get(module.base);
    if (known !== undefined && sameName(known.module, module)) known.module = merged(known.module, module);
    else this.add(space, { module, fromNs: Number.NEGATIVE_INFINITY, toNs: Number.POSITIVE_INFINITY });
  }

  /** A module is gone from a time on. One that nobody saw come was there from the begin. */
  unload(module: Module, timeNs: number): void {
    const space = this.of(module.pid);
    const known = space.open.get(module.base);
    if (known !== undefined && known.fromNs <= timeNs) {
      known.toNs = timeNs;
      space.open.delete(module.base);
    } else this.add(space, { module, fromNs: Number.NEGATIVE_INFINITY, toNs: timeNs });
  }

  /** What lies at an address, for a process at a time; null where nothing ever did that is known. */
  find(address: bigint, timeNs: number, pid: number): FoundModule | null {
    let best: { readonly span: Span; readonly farNs: number } | null = null;
    for (const space of [this.spaces.get(pid), this.spaces.get(KERNEL)]) {
      for (const span of space?.spans ?? []) {
        const { base, bytes } = span.module;
        if (address < base || address >= base + bytes) continue;
        const farNs = timeNs < span.fromNs ? span.fromNs - timeNs : timeNs >= span.toNs ? timeNs - span.toNs : -1;
        // Of two that are there, the one that came last has taken the place of the other.
        if (best === null || farNs < best.farNs || (farNs < 0 && span.fromNs >= best.span.fromNs))
          best = { span, farNs };
      }
    }
    if (best === null) return null;
    const { module, fromNs } = best.span;
    const presence = best.farNs < 0 ? 'there' : timeNs < fromNs ? 'loaded later' : 'unloaded before';
    return { module: this.stated(module), offset: address - module.base, presence };
  }

  /** States the PDB of modules of a name, for those of which nothing else states it. The first statement holds. */
  noteBuild(pdb: string, build: string): void {
    const stem = stemOf(pdb);
    if (this.builds.size < MOST_MODULES && !this.builds.has(stem)) this.builds.set(stem, { pdb, build });
  }

  private stated(module: Module): Module {
    const { pdb, build } = (module.build === null && this.builds.get(stemOf(module.pdb ?? module.name))) || module;
    return { ...module, pdb, build };
  }

  private of(pid: number | null): Space {
    const key = pid ?? KERNEL;
    const known = this.spaces.get(key);
    if (known !== undefined) return known;
    const own = { spans: [], open: new Map() };
    this.spaces.set(key, own);
    return own;
  }

  private add(space: Space, span: Span): void {
    if (this.count >= MOST_MODULES) return;
    this.count++;
    space.spans.push(span);
    if (span.toNs === Number.POSITIVE_INFINITY) space.open.set(span.module.base, span);
  }
}

const sameName = (a: Module, b: Module): boolean => stemOf(a.name) === stemOf(b.name);

/** What two statements about one module say together. */
function merged(known: Module, said: Module): Module {
  return {
    ...known,
    name: known.name.includes('.') ? known.name : said.name,
    bytes: known.bytes > said.bytes ? known.bytes : said.bytes,
    pdb: known.pdb ?? said.pdb,
    build: known.build ?? said.build,
  };
}

/** The last part of a path of either system. */
export function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

/** A file name in lower case without its ending: by it a module and its PDB are told to belong together. */
export function stemOf(name: string): string {
  const file = fileNameOf(name).toLowerCase();
  const dot = file.lastIndexOf('.');
  return dot > 0 ? file.slice(0, dot) : file;
}
