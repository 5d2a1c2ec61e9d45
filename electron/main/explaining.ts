/** What the command line names to explain addresses: lists of loaded modules, and places of PDBs. */
import { existsSync } from 'node:fs';
import type { Failure } from '../../native/core/result.ts';
import { placesInPath, placesOfEnvironment } from '../../native/sources/etl/symbol-path.ts';
import { readListFile } from '../service/addresses.ts';
import type { Workspace } from '../session/workspace/workspace.ts';

/** Where PDBs are looked for, and no server: as the command line says, then as debuggers are told. */
export function symbolFolders(named: readonly string[]): string[] {
  const given = named.flatMap((path) => (existsSync(path) ? [path] : placesInPath(path)));
  return [...given, ...placesOfEnvironment(process.env)];
}

/** Opens lists of modules for every session that is open; what cannot be read is told. */
export function openModules(paths: readonly string[], workspace: Workspace, failed: (failure: Failure) => void): void {
  for (const path of paths) {
    const list = readListFile(path);
    if (list.ok) for (const { modules } of workspace.openSessions) modules.add(list.value);
    else failed(list.failure);
  }
}
