/**
 * Finds the PDB of a module in folders, as debuggers lay them out, and tells whether it is of the build that ran. Only names
 * that are made here are looked for, nothing is downloaded, and what is read is kept for the next question.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { failureMessage } from '../../native/core/result.ts';
import { fileNameOf, stemOf } from '../../native/decode/modules/module-map.ts';
import { functionAt, type PdbFunctions, readPdbFunctions } from '../../native/sources/etl/pdb/pdb-functions.ts';

/** What is asked about the places of one module. */
export interface SymbolQuestion {
  /** Folders and PDB files, in the order in which they are looked at. */
  readonly paths: readonly string[];
  readonly name: string;
  readonly pdb: string | null;
  readonly build: string | null;
  /** Bytes from the base of the module. */
  readonly places: readonly number[];
}

export interface SymbolAnswer {
  /** What lies at each place, `RxComplete+0x12`; null where nothing is known. */
  readonly functions: readonly (string | null)[];
  /** What a person should know of the symbols, a few words; empty where there is nothing to say. */
  readonly remark: string;
}

/** PDBs that are kept in memory: those of the modules of one stack. */
const MOST_KEPT = 12;
/** Of all of them together, beside the one that was read last. */
const MOST_KEPT_BYTES = 512 * 1024 * 1024;
/** Builds of a module in a symbol store that are looked through where it is not known which one ran. */
const MOST_BUILDS = 64;

/** The kernel is called otherwise than its PDB, by whichever name it goes. */
const KERNEL_PDBS: Readonly<Record<string, string>> = {
  ...{ nt: 'ntkrnlmp', ntoskrnl: 'ntkrnlmp', ntkrnlpa: 'ntkrpamp' },
};

interface Kept {
  readonly path: string;
  readonly stamp: string;
  readonly functions: PdbFunctions | null;
  readonly problem: string;
}

export class SymbolFiles {
  private kept: Kept[] = [];

  /** Never fails: what is wrong with a file is a remark. */
  answer({ paths, name, pdb, build, places }: SymbolQuestion): SymbolAnswer {
    let remark = '';
    for (const path of candidates(paths, pdbNameOf(name, pdb), build)) {
      const { functions, problem } = this.read(path);
      if (functions === null) {
        remark ||= problem;
        continue;
      }
      if (build !== null && !functions.builds.includes(build)) {
        remark ||= `${basename(path)} is of another build (${functions.builds[0] ?? 'unknown'}) than what ran (${build})`;
        continue;
      }
      return {
        functions: places.map((place) => textOf(functions, place)),
        remark: build === null ? `by ${basename(path)}, whose build was not checked: the log does not state it` : '',
      };
    }
    return { functions: places.map(() => null), remark };
  }

  private get keptBytes(): number {
    return this.kept.reduce((sum, { functions }) => sum + (functions === null ? 0 : bytesOf(functions)), 0);
  }

  private read(path: string): Kept {
    const stamp = stampOf(path);
    const known = this.kept.find((each) => each.path === path && each.stamp === stamp);
    if (known !== undefined) {
      this.kept = [...this.kept.filter((each) => each !== known), known];
      return known;
    }
    const read = readPdbFunctions(path);
    const kept = {
      ...{ path, stamp, functions: read.ok ? read.value : null },
      problem: read.ok ? '' : failureMessage(read.failure),
    };
    this.kept = [...this.kept.filter((each) => each.path !== path), kept].slice(-MOST_KEPT);
    while (this.kept.length > 1 && this.keptBytes > MOST_KEPT_BYTES) this.kept.shift();
    return kept;
  }
}

const bytesOf = ({ places, names }: PdbFunctions): number => places.length * 12 + names.length;

function textOf(functions: PdbFunctions, place: number): string | null {
  const found = functionAt(functions, place);
  if (found === null) return null;
  return found.offset === 0 ? found.name : `${found.name}+0x${found.offset.toString(16)}`;
}

/** The file name of the PDB of a module; never a path, whatever the log says. */
function pdbNameOf(name: string, pdb: string | null): string {
  if (pdb !== null) return fileNameOf(pdb);
  const stem = stemOf(name);
  return `${Object.hasOwn(KERNEL_PDBS, stem) ? KERNEL_PDBS[stem] : stem}.pdb`;
}

/** Files that can be the PDB, the best first. Each exists. */
function candidates(paths: readonly string[], name: string, build: string | null): string[] {
  // What could lead out of a folder is no name of a file.
  if (/[\\/:\0]/.test(name) || name === '' || name.startsWith('.')) return [];
  const found: string[] = [];
  for (const path of paths) {
    if (stemOf(path) === stemOf(name) && /\.pdb$/i.test(path) && isFile(path)) found.push(path);
    const plain = entryOf(path, name);
    if (plain === null) continue;
    if (isFile(plain)) {
      found.push(plain);
      continue;
    }
    const keys = build === null ? listed(plain) : [storeKey(build)];
    for (const key of keys.slice(0, MOST_BUILDS)) {
      const folder = entryOf(plain, key);
      const stored = folder === null ? null : entryOf(folder, name);
      if (stored !== null && isFile(stored)) found.push(stored);
    }
  }
  return found;
}

/** `{11111111-2222-3333-4444-555566667777} 10` as a symbol store names a folder: digits of the GUID, the age in hexadecimal. */
export function storeKey(build: string): string {
  const [guid = '', age = ''] = build.split(' ');
  return `${guid.replace(/[{}-]/g, '')}${Number(age).toString(16).toUpperCase()}`;
}

/** An entry of a folder, whatever the case of its letters; null where there is none. */
function entryOf(folder: string, name: string): string | null {
  const exact = join(folder, name);
  if (stampOf(exact) !== '') return exact;
  const found = listed(folder).find((entry) => entry.toLowerCase() === name.toLowerCase());
  return found === undefined ? null : join(folder, found);
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Changes when the file does; empty where there is none. */
function stampOf(path: string): string {
  try {
    const { size, mtimeMs } = statSync(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}
