/**
 * Tells what the addresses in messages mean: the modules that a session knows, and PDBs in the folders that the program
 * was given. Reading PDBs is another thread's work; an answer waits for it.
 */
import { basename } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { hexValues } from '../../native/decode/modules/addresses.ts';
import { MOST_LIST_BYTES, readModuleList } from '../../native/decode/modules/module-list.ts';
import { type FoundModule, stemOf } from '../../native/decode/modules/module-map.ts';
import type { ExplainedAddress, ModulesRead, RowAddresses } from '../contract/addresses.ts';
import { shownField } from '../contract/shown-text.ts';
import { readSmallFile } from '../files/read-small.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import type { ModuleScan } from '../session/search/module-scan.ts';
import type { SymbolAnswer } from '../symbols/symbol-files.ts';
import type { SymbolPort } from '../symbols/symbol-thread.ts';
import { OneQuestion } from './one-question.ts';

export interface AddressDependencies {
  readonly port: SymbolPort;
  /** Folders with PDBs that the program was started with. */
  readonly symbols: readonly string[];
  /** Asks the person for a list of modules, and for a folder; null if they dismissed the question. */
  readonly askForModules: () => Promise<string | null>;
  readonly askForSymbols: () => Promise<string | null>;
}

/** What of a row its addresses are judged by. */
export interface AddressRow {
  readonly message: string;
  readonly timeNs: number;
  readonly pid: number;
}

interface FoundAddress extends FoundModule {
  readonly value: string;
}

export class Addresses {
  private readonly dependencies: AddressDependencies;
  private readonly question = new OneQuestion('A file or folder is being chosen already', 'Choose that first');
  private folders: readonly string[];

  constructor(dependencies: AddressDependencies) {
    this.dependencies = dependencies;
    this.folders = dependencies.symbols;
  }

  /** The addresses of a row. `nowMs`: monotonic milliseconds. */
  async explain(modules: ModuleScan, { message, timeNs, pid }: AddressRow, nowMs: number): Promise<RowAddresses> {
    modules.ask(nowMs);
    const { size, complete } = modules;
    const found = new Map<string, FoundAddress>();
    for (const { from, to, value: address } of size === 0 ? [] : hexValues(message)) {
      const value = shownField(message.slice(from, to));
      const at = modules.find(address, timeNs, pid);
      if (at !== null && !found.has(value)) found.set(value, { ...at, value });
    }
    return { found: await this.withFunctions([...found.values()]), modules: size, complete };
  }

  async openModules(gathered: () => Result<{ readonly modules: ModuleScan }>): Promise<Result<ModulesRead | null>> {
    const asked = await this.question.ask(this.dependencies.askForModules);
    if (!asked.ok || asked.value === null) return asked as Result<null>;
    const path = asked.value;
    const list = readListFile(path);
    // The session may have been closed while the person chose.
    const into = gathered();
    if (!list.ok) return list;
    if (!into.ok) return into;
    into.value.modules.add(list.value);
    return ok({ modules: list.value.loaded.length + list.value.unloaded.length, file: basename(path) });
  }

  async openSymbols(): Promise<Result<{ readonly folder: string } | null>> {
    const asked = await this.question.ask(this.dependencies.askForSymbols);
    if (!asked.ok || asked.value === null) return asked as Result<null>;
    const folder = asked.value;
    // What was chosen last is looked at first.
    this.folders = [folder, ...this.folders.filter((each) => each !== folder)];
    return ok({ folder: basename(folder) });
  }

  private async withFunctions(found: readonly FoundAddress[]): Promise<ExplainedAddress[]> {
    const paths = this.folders;
    const answers = new Map<string, { readonly of: readonly FoundAddress[]; readonly answer: Promise<SymbolAnswer> }>();
    for (const { module } of paths.length === 0 ? [] : found) {
      const { name, pdb, build, base } = module;
      const key = `${base} ${name}`;
      if (answers.has(key)) continue;
      const own = found.filter((each) => each.module.base === base && each.module.name === name);
      const places = own.map(({ offset }) => Number(BigInt.asUintN(32, offset)));
      answers.set(key, { of: own, answer: this.dependencies.port.ask({ paths, name, pdb, build, places }) });
    }
    const told = new Map<FoundAddress, { readonly text: string | null; readonly remark: string }>();
    for (const { of, answer } of answers.values()) {
      const { functions, remark } = await answer;
      for (const [at, each] of of.entries()) told.set(each, { text: functions[at] ?? null, remark });
    }
    return found.map((each) => explained(each, told.get(each)));
  }
}

function explained(
  { value, module, offset, presence }: FoundAddress,
  told: { readonly text: string | null; readonly remark: string } | undefined,
): ExplainedAddress {
  const name = shownField(module.name);
  const place = `${name}+0x${offset.toString(16)}`;
  const text = told?.text ?? null;
  const remarks = [presence === 'there' ? '' : `${name} was ${WORDS[presence]} at that time`, told?.remark ?? ''];
  const remark = shownField(remarks.filter((each) => each !== '').join('; '));
  if (text === null) return { value, meaning: place, place: '', remark };
  return { value, meaning: shownField(`${stemOf(module.name)}!${text}`), place, remark };
}

const WORDS = { 'unloaded before': 'unloaded already', 'loaded later': 'not loaded yet' } as const;

/** A list of modules in a file. Failures: bad-argument, those of reading a file. */
export function readListFile(path: string): ReturnType<typeof readModuleList> {
  let bytes: Buffer;
  try {
    bytes = readSmallFile(path, MOST_LIST_BYTES);
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `${path} was not read`) };
  }
  // What a debugger logs is of the system's code page or UTF-16; names of modules are ASCII in all of them.
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const read = readModuleList(bytes.toString(wide ? 'utf16le' : 'utf8'));
  if (read.ok) return read;
  return fail(read.failure.code, `${basename(path)} is no list of modules: none was found in it`, read.failure.action);
}
