/** Where PDBs are looked for, and no server: as the command line says, then as debuggers are told. */
import { existsSync } from 'node:fs';
import { placesInPath, placesOfEnvironment } from '../../native/sources/etl/symbol-path.ts';

export function symbolFolders(named: readonly string[]): string[] {
  const given = named.flatMap((path) => (existsSync(path) ? [path] : placesInPath(path)));
  return [...given, ...placesOfEnvironment(process.env)];
}
