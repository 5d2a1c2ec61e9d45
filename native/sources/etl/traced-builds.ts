/**
 * Which builds of modules wrote a trace. The trace states the GUID and age of their PDBs, so that a PDB of another
 * build can be told. Layouts: the MOF classes EventTrace/DbgIdRSDS and ImageID/DbgID_RSDS.
 */
import { registryGuidAt } from '../../core/guid.ts';
import { bytesOf, endOf } from './event-bytes.ts';
import type { TraceEvent } from './trace-event.ts';

/** The provider of ImageID events. */
export const IMAGE_ID = 'b3e675d7-2554-4f18-830b-2762732560de';
export const IMAGE_ID_RSDS = 36;
export const HEADER_RSDS = 64;
/** Modules that are kept; a hostile trace must not fill the memory. */
const MOST_BUILDS = 10_000;

const utf8 = new TextDecoder();

export interface Build {
  /** Name of the PDB without its folder. */
  readonly pdb: string;
  /** GUID and age, as symbol servers tell builds apart. */
  readonly build: string;
}

/** The last part of a path of either system. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

/** GUID, age and name of the PDB that lie at `at`; null if the event ends before. */
export function readBuild(view: DataView, event: TraceEvent, at: number): Build | null {
  if (at + 20 > event.dataEnd) return null;
  const name = utf8.decode(bytesOf(view, at + 20, endOf(view, at + 20, event.dataEnd, 1)));
  return name === ''
    ? null
    : { pdb: fileName(name), build: `${registryGuidAt(view, at)} ${view.getUint32(at + 16, true)}` };
}

export class TracedBuilds {
  private readonly builds = new Map<string, Set<string>>();
  private count = 0;

  note({ pdb, build }: Build): void {
    const name = pdb.toLowerCase();
    const known = this.builds.get(name);
    if (known?.has(build) || this.count >= MOST_BUILDS) return;
    this.count++;
    if (known === undefined) this.builds.set(name, new Set([build]));
    else known.add(build);
  }

  /** Says that a given PDB is of another build than the traced one; null if it is not, or if the trace does not say. */
  problemOf({ pdb, build }: Build): string | null {
    const traced = this.builds.get(fileName(pdb).toLowerCase());
    if (traced === undefined || traced.has(build)) return null;
    const others = [...traced].slice(0, 3).join(', ');
    return `${pdb} is of another build (${build}) than what was traced (${others}): its messages may be missing, or wrong`;
  }
}
