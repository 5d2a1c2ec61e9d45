/** The part of a PDB that lists the modules which were linked, and the streams that their symbols are in. */

/** Its stream, and the bytes before the list. */
export const DBI_STREAM = 3;
export const DBI_HEADER_BYTES = 64;
const MODULE_HEADER_BYTES = 64;
const NO_STREAM = 0xffff;

/** The symbols of a module: the first bytes of a stream. */
export interface ModuleSymbols {
  readonly stream: number;
  readonly bytes: number;
}

/** Those of a stream that is as long as its header at least; the list ends at `end`, or where it is damaged. */
export function modulesOf(view: DataView, dbi: Uint8Array, end: number): ModuleSymbols[] {
  const found: ModuleSymbols[] = [];
  for (let at = DBI_HEADER_BYTES; at + MODULE_HEADER_BYTES < Math.min(end, dbi.length); ) {
    const stream = view.getUint16(at + 34, true);
    if (stream !== NO_STREAM) found.push({ stream, bytes: view.getUint32(at + 36, true) });
    // Two names, each up to its NUL.
    const name = dbi.indexOf(0, at + MODULE_HEADER_BYTES);
    const object = name < 0 ? -1 : dbi.indexOf(0, name + 1);
    if (object < 0) break;
    at = DBI_HEADER_BYTES + ((object + 1 - DBI_HEADER_BYTES + 3) & ~3);
  }
  return found;
}
