/**
 * Reads the files that explain the messages of a trace: TMF files, private PDBs, manifests and PE files of providers.
 * They are named one by one, by their folders, or by a symbol path as debuggers have it. Nothing is downloaded.
 */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../core/result.ts';
import { openFailure } from '../file/byte-feed.ts';
import { detectEncoding } from '../file/encoding.ts';
import { Manifests } from '../manifest/manifests.ts';
import { isPeFile } from '../manifest/pe-resources.ts';
import { addManifest, addPeFile } from '../manifest/symbol-manifests.ts';
import type { BrokenPlace } from '../source.ts';
import { isPdb, MSF_MAGIC_BYTES } from './pdb/msf.ts';
import { readPdbMessages, type TraceControl } from './pdb/pdb-messages.ts';
import type { Build } from './traced-builds.ts';
import { readTmf, TmfTable } from './wpp/tmf.ts';

export interface Symbols {
  readonly table: TmfTable;
  /** Events of manifests, and messages by number. */
  readonly manifests: Manifests;
  /** The PDBs among them. */
  readonly pdbs: readonly Build[];
  /** What the PDBs say their messages are switched on by. */
  readonly controls: readonly TraceControl[];
  /** Files that cannot be used, and why. */
  readonly problems: readonly BrokenPlace[];
}

/** A longer file is neither a TMF file nor a manifest. */
const MOST_TEXT_BYTES = 256 * 1024 * 1024;

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

/** Reads every place. Failures: source-not-found, permission-denied, bad-argument, bad-magic (a damaged PDB), io-error. */
export function readSymbols(paths: readonly string[]): Result<Symbols> {
  const table = new TmfTable();
  const manifests = new Manifests();
  const pdbs: Build[] = [];
  const controls: TraceControl[] = [];
  const problems: BrokenPlace[] = [];
  // A path that exists is taken literally, even if it contains wildcard characters.
  for (const place of paths.flatMap((path) => (existsSync(path) ? [path] : placesInPath(path)))) {
    const files = filesOf(place);
    if (!files.ok) {
      // A place of a symbol path may be gone; one that was named by itself may not.
      if (paths.includes(place)) return files;
      problems.push({ problem: files.failure.message });
      continue;
    }
    for (const file of files.value) {
      const read = readSymbolFile(file, file === place, { table, manifests, pdbs, controls, problems });
      if (read.ok) continue;
      // One bad file in a folder must not keep the others from being used.
      if (file === place) return read;
      problems.push({ problem: read.failure.message });
    }
  }
  return ok({ table, manifests, pdbs, controls, problems });
}

/** The file itself, or the files directly in the folder. */
function filesOf(place: string): Result<string[]> {
  try {
    if (!statSync(place).isDirectory()) return ok([place]);
    return ok(
      readdirSync(place)
        .filter((name) => /\.(tmf|pdb|man|sys|dll|exe|mui)$/i.test(name))
        .sort()
        .map((name) => join(place, name)),
    );
  } catch (error) {
    return openFailure(place, error);
  }
}

interface Found {
  readonly table: TmfTable;
  readonly manifests: Manifests;
  readonly pdbs: Build[];
  readonly controls: TraceControl[];
  readonly problems: BrokenPlace[];
}

/** `named`: the person named this very file. */
function readSymbolFile(
  file: string,
  named: boolean,
  { table, manifests, pdbs, controls, problems }: Found,
): Result<null> {
  try {
    const head = headOf(file);
    if (isPeFile(head)) return addPeFile(file, named, manifests, problems);
    if (isPdb(head)) {
      const found = readPdbMessages(file, table);
      if (!found.ok) return found;
      pdbs.push({ pdb: file, build: found.value.build });
      controls.push(...found.value.controls);
      if (found.value.messages === 0) {
        const { build } = found.value;
        problems.push({ problem: `${file} (${build}) has no WPP messages: a PDB without private symbols has none` });
      }
      return ok(null);
    }
    if (statSync(file).size > MOST_TEXT_BYTES) {
      return fail(
        'bad-argument',
        `${file} is too large for a TMF file or a manifest`,
        'Name a .tmf, .pdb or .man file, or a driver',
      );
    }
    const bytes = readFileSync(file);
    const { encoding, bomBytes } = detectEncoding(bytes, 'windows-1252', true);
    const text = new TextDecoder(encoding).decode(bytes.subarray(bomBytes));
    if (/^\s*</.test(text)) {
      addManifest(text, file, manifests, problems);
      return ok(null);
    }
    for (const line of readTmf(text, table)) {
      problems.push({ line, problem: `${file} has a line here that this program does not understand` });
    }
    return ok(null);
  } catch (error) {
    return openFailure(file, error);
  }
}

function headOf(file: string): Uint8Array {
  const fd = openSync(file, 'r');
  try {
    const head = new Uint8Array(MSF_MAGIC_BYTES);
    return head.subarray(0, readSync(fd, head, 0, head.length, 0));
  } finally {
    closeSync(fd);
  }
}
