/**
 * The formats of WPP messages out of a private PDB, and by which GUIDs they are switched on: the WPP preprocessor leaves them
 * as annotations in the symbols of each module, the lines of a TMF file behind the word `TMF:`, and behind `TMC:` a control
 * GUID, its name, and the names of its flags, the one of bit 0 first. Layouts: the public description of the PDB format in LLVM's
 * documentation, and ANNOTATIONSYM of cvinfo.h.
 */

import { guidOf, registryGuidAt } from '../../../core/guid.ts';
import { ok, type Result } from '../../../core/result.ts';
import { openFailure } from '../../file/byte-feed.ts';
import { readTmf, type TmfTable } from '../wpp/tmf.ts';
import { DBI_HEADER_BYTES, DBI_STREAM, type ModuleSymbols, modulesOf } from './dbi.ts';
import { MsfFile } from './msf.ts';

const INFO_STREAM = 1;
const S_ANNOTATION = 0x1019;
/** Symbols of one module that are looked at: more than any compiler writes. */
const MOST_SYMBOL_BYTES = 256 * 1024 * 1024;
/** Modules of one PDB. */
const MOST_MODULE_BYTES = 64 * 1024 * 1024;

const decoder = new TextDecoder();

/** What was found in a PDB. */
export interface PdbFindings {
  /** GUID and age that tell this build from every other, as symbol servers write them. */
  readonly build: string;
  /** Messages found. */
  readonly messages: number;
  /** What switches messages on; each GUID once. */
  readonly controls: readonly TraceControl[];
}

/** A GUID by which the messages of a module are switched on. */
export interface TraceControl {
  /** In lower case, without braces. */
  readonly guid: string;
  readonly name: string;
  /** Names of the flags, that of bit 0 first. */
  readonly flags: readonly string[];
}

/** Control GUIDs of one PDB, and flags of one of them: WPP has 31 of these. */
const MOST_CONTROLS = 64;
const MOST_FLAGS = 64;

/** Reads the messages of a PDB into the table. Failures: those of opening it. */
export function readPdbMessages(path: string, table: TmfTable): Result<PdbFindings> {
  const opened = MsfFile.open(path);
  if (!opened.ok) return opened;
  const file = opened.value;
  try {
    let messages = 0;
    const controls = new Map<string, TraceControl>();
    for (const { stream, bytes } of moduleSymbols(file)) {
      const symbols = file.read(stream, Math.min(bytes, MOST_SYMBOL_BYTES));
      for (const { kind, lines } of annotations(symbols)) {
        if (kind === 'TMC:') {
          const control = controlOf(lines);
          if (control !== null && controls.size < MOST_CONTROLS) controls.set(control.guid, control);
          continue;
        }
        const before = table.size;
        readTmf(lines.join('\n'), table);
        messages += table.size - before;
      }
    }
    return ok({ build: buildOf(file), messages, controls: [...controls.values()] });
  } catch (error) {
    return openFailure(path, error);
  } finally {
    file.close();
  }
}

/**
 * GUID and age. The module was linked with the age in the debug information; that of the file itself grows whenever something
 * is added to it later.
 */
function buildOf(file: MsfFile): string {
  const bytes = file.read(INFO_STREAM, 28);
  if (bytes.length < 28) return 'unknown';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const debug = file.read(DBI_STREAM, 12);
  const age =
    debug.length < 12 ? view.getUint32(8, true) : new DataView(debug.buffer, debug.byteOffset).getUint32(8, true);
  return `${registryGuidAt(view, 12)} ${age}`;
}

/** The streams of the modules' symbols, and how many bytes of each are symbols. */
function moduleSymbols(file: MsfFile): readonly ModuleSymbols[] {
  const header = file.read(DBI_STREAM, DBI_HEADER_BYTES);
  if (header.length < DBI_HEADER_BYTES) return [];
  const moduleBytes = new DataView(header.buffer).getUint32(24, true);
  const dbi = file.read(DBI_STREAM, DBI_HEADER_BYTES + Math.min(moduleBytes, MOST_MODULE_BYTES));
  return modulesOf(new DataView(dbi.buffer, dbi.byteOffset, dbi.byteLength), dbi, dbi.length);
}

function controlOf([text = '', name = '', ...flags]: readonly string[]): TraceControl | null {
  const guid = guidOf(text);
  // A build may be told to mark what is public: that word is no flag.
  const named = flags.filter((flag) => flag !== 'PUBLIC_TMF:').slice(0, MOST_FLAGS);
  return guid === null ? null : { guid, name, flags: named };
}

/** The lines of each annotation of a module's symbols that begins with `TMF:` or `TMC:`. */
function* annotations(symbols: Uint8Array): Generator<{ readonly kind: 'TMF:' | 'TMC:'; readonly lines: string[] }> {
  const view = new DataView(symbols.buffer, symbols.byteOffset, symbols.byteLength);
  // Behind a signature: the length of a record without itself, its kind, its content.
  for (let at = 4; at + 4 <= symbols.length; ) {
    const next = at + 2 + view.getUint16(at, true);
    if (next < at + 4 || next > symbols.length) return;
    if (view.getUint16(at + 2, true) === S_ANNOTATION && at + 12 <= next) {
      const count = view.getUint16(at + 10, true);
      const texts = decoder
        .decode(symbols.subarray(at + 12, next))
        .split('\0')
        .slice(0, count);
      const [kind] = texts;
      if (kind === 'TMF:' || kind === 'TMC:') yield { kind, lines: texts.slice(1) };
    }
    at = next;
  }
}
