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
import { placesInPath, placesOfEnvironment, storedPdbs } from './symbol-path.ts';
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

/** Where to look besides the files and folders that a person names for the trace at hand. */
export interface SymbolWishes {
  /**
   * TMF files, private PDBs, manifests, PE files of providers, folders of them, or symbol paths as debuggers have them, named
   * now: what cannot be read is a failure.
   */
  readonly symbols?: readonly string[];
  /**
   * Named once for all traces: what of it is not there any more is passed over. Default, where there are no `symbols` either:
   * the symbol path that debuggers have in the environment.
   */
  readonly symbolsBesides?: readonly string[];
  /** Nothing is looked for: events need no words where it is only asked when a log began. */
  readonly unexplained?: true;
}

/**
 * Reads every place, those that are named now last, so that they have the last word. Failures, of those alone:
 * source-not-found, permission-denied, bad-argument, bad-magic (a damaged PDB), io-error.
 */
export function readSymbols(
  { symbols: paths = [], symbolsBesides = [], unexplained }: SymbolWishes,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Result<Symbols> {
  const found: Found = { table: new TmfTable(), manifests: new Manifests(), pdbs: [], controls: [], problems: [] };
  const { problems } = found;
  if (unexplained) return ok(found);
  const besides = paths.length + symbolsBesides.length > 0 ? symbolsBesides : placesOfEnvironment(environment);
  // A path that exists is taken literally, even if it contains wildcard characters.
  const places = paths.flatMap((path) => (existsSync(path) ? [path] : placesInPath(path)));
  const stored = storedPdbs([...besides, ...places]);
  for (const file of stored.files) readSymbolFile(file, 'found', found);
  if (stored.leftOut > 0) {
    const what =
      stored.leftOut === 1 ? 'One PDB of a symbol store was' : `${stored.leftOut} PDBs of symbol stores were`;
    problems.push({ problem: `${what} not looked at, because there are so many: name the one that is needed` });
  }
  for (const place of besides) {
    const files = filesOf(place);
    for (const file of files.ok ? files.value : []) readSymbolFile(file, 'found', found);
  }
  for (const place of places) {
    const files = filesOf(place);
    if (!files.ok) {
      // A place of a symbol path may be gone; one that was named by itself may not.
      if (paths.includes(place)) return files;
      problems.push({ problem: files.failure.message });
      continue;
    }
    for (const file of files.value) {
      const read = readSymbolFile(file, file === place ? 'named' : 'in folder', found);
      if (read.ok) continue;
      // One bad file in a folder must not keep the others from being used.
      if (file === place) return read;
      problems.push({ problem: read.failure.message });
    }
  }
  return ok(found);
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

/**
 * How a file was come by: the person named it, or its folder, or it is one of many that were found. Of the last, nothing
 * is said where it is of no use: most of what a debugger has is of other programs.
 */
type Known = 'named' | 'in folder' | 'found';

function readSymbolFile(
  file: string,
  known: Known,
  { table, manifests, pdbs, controls, problems }: Found,
): Result<null> {
  const said: BrokenPlace[] = known === 'found' ? [] : problems;
  try {
    const head = headOf(file);
    if (isPeFile(head)) return addPeFile(file, known === 'named', manifests, said);
    if (isPdb(head)) {
      const found = readPdbMessages(file, table);
      if (!found.ok) return found;
      // What was found by itself must not switch anything on, and is no wrong choice of anybody.
      if (known !== 'found') pdbs.push({ pdb: file, build: found.value.build });
      if (known !== 'found') controls.push(...found.value.controls);
      if (found.value.messages === 0) {
        const { build } = found.value;
        said.push({ problem: `${file} (${build}) has no WPP messages: a PDB without private symbols has none` });
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
      addManifest(text, file, manifests, said);
      return ok(null);
    }
    for (const line of readTmf(text, table)) {
      said.push({ line, problem: `${file} has a line here that this program does not understand` });
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
