/**
 * What symbol paths name, as debuggers have them: folders, and symbol stores, which have each build of a PDB in a folder
 * of its own, `driver.pdb/GUIDAGE/driver.pdb`. Nothing is downloaded: of a server only its local store is used.
 */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The variable that debuggers take their symbol path from. */
export const SYMBOL_PATH_VARIABLE = '_NT_SYMBOL_PATH';

/** The newest PDBs of symbol stores that are read, and their bytes: a store of years has every build of Windows. */
const MOST_STORED = 256;
const MOST_STORED_BYTES = 512 * 1024 * 1024;
/** Folders of stores that are looked into. */
const MOST_FOLDERS = 20_000;

/**
 * The files and folders in a symbol path: `C:\a;srv*C:\cache*https://server`. What is on a server is left out.
 */
export function placesInPath(path: string): string[] {
  const places = path.split(';').flatMap((part) => {
    const [first = '', ...rest] = part.trim().split('*');
    if (/^symsrv$/i.test(first)) return rest.filter((place) => !/^symsrv\.dll$/i.test(place.trim()));
    return /^(srv|cache)$/i.test(first) ? rest : [part];
  });
  return places.map((place) => place.trim()).filter((place) => place !== '' && !/^https?:/i.test(place));
}

/** The places that a debugger would look at; none on other machines, which a person has to name. */
export function placesOfEnvironment(environment: Readonly<Record<string, string | undefined>>): string[] {
  return placesInPath(environment[SYMBOL_PATH_VARIABLE] ?? '').filter((place) => !place.startsWith('\\\\'));
}

export interface StoredPdbs {
  /** The oldest first, so that the newest build has the last word. */
  readonly files: readonly string[];
  /** PDBs that are older than those, or too much, and are left out. */
  readonly leftOut: number;
}

/** PDBs of the symbol stores among these folders. What cannot be looked into is passed over. */
export function storedPdbs(folders: readonly string[]): StoredPdbs {
  const found: { readonly path: string; readonly bytes: number; readonly timeMs: number }[] = [];
  const left = { folders: MOST_FOLDERS };
  for (const folder of folders) {
    for (const named of foldersOfPdbs(folder, left)) {
      for (const build of foldersIn(named.path, left)) {
        if (!/^[0-9a-f]{33,40}$/i.test(build)) continue;
        const path = join(named.path, build, named.name);
        const facts = statSync(path, { throwIfNoEntry: false });
        if (facts?.isFile()) found.push({ path, bytes: facts.size, timeMs: facts.mtimeMs });
      }
    }
  }
  found.sort((a, b) => b.timeMs - a.timeMs);
  const files: string[] = [];
  let bytes = 0;
  for (const each of found) {
    if (files.length >= MOST_STORED || bytes + each.bytes > MOST_STORED_BYTES) continue;
    bytes += each.bytes;
    files.push(each.path);
  }
  return { files: files.reverse(), leftOut: found.length - files.length };
}

/** The folders of a store that are named after a PDB. A store of two tiers has them in folders of their first two letters. */
function foldersOfPdbs(store: string, left: { folders: number }): { readonly name: string; readonly path: string }[] {
  return foldersIn(store, left).flatMap((name) => {
    if (/\.pdb$/i.test(name)) return [{ name, path: join(store, name) }];
    if (name.length !== 2) return [];
    const tier = join(store, name);
    return foldersIn(tier, left)
      .filter((inner) => /\.pdb$/i.test(inner) && inner.toLowerCase().startsWith(name.toLowerCase()))
      .map((inner) => ({ name: inner, path: join(tier, inner) }));
  });
}

function foldersIn(folder: string, left: { folders: number }): string[] {
  if (left.folders <= 0) return [];
  left.folders--;
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
