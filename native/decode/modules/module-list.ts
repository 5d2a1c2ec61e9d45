/**
 * Reads a list of loaded modules that a person opens: what `lm` (also `lmv`, `lmf`, `lmt`) of WinDbg and kd prints, CSV
 * with a line of heads, or JSON. Pure; every line is judged by itself, and what is not understood is counted.
 *
 * CSV and JSON have the columns `name` (or `module`, `path`), `base` (or `start`, `address`), `size` or `end`; and, where
 * they are known, `pid`, `pdb`, `guid` and `age`. Bases and ends are hexadecimal with or without `0x`, sizes decimal
 * unless `0x` says otherwise.
 */
import { fail, ok, type Result } from '../../core/result.ts';
import { fileNameOf, MOST_MODULES, type Module } from './module-map.ts';

/** The longest list that is read, bytes. */
export const MOST_LIST_BYTES = 32 * 1024 * 1024;

export interface ModuleList {
  readonly loaded: readonly Module[];
  /** Those that a debugger lists as unloaded. */
  readonly unloaded: readonly Module[];
}

/** Failure: bad-argument for a text in which no module is found. */
export function readModuleList(text: string): Result<ModuleList> {
  const plain = text.replace(/^\ufeff/, '');
  const list = /^\s*[[{]/.test(plain) ? fromJson(plain) : (fromLm(plain) ?? fromCsv(plain));
  if (list !== null && list.loaded.length + list.unloaded.length > 0) return ok(list);
  return fail(
    'bad-argument',
    'No loaded modules were found in it',
    'Give what lm of WinDbg prints, or CSV or JSON with the columns name, base and size',
  );
}

const LM = /^([0-9a-f]{8}(?:`?[0-9a-f]{8})?)\s+([0-9a-f]{8}(?:`?[0-9a-f]{8})?)\s+(\S+)(.*)$/i;
const FILE = /^[^()*?"<>|]+\.(?:sys|exe|dll|efi|drv|ocx|cpl|scr|ax|mui)$/i;
/** As a symbol store names folders: 32 digits of a GUID, and an age. */
const STORED = /([^\\/]+\.pdb)[\\/]([0-9A-F]{32})([0-9A-F]{1,8})[\\/]/i;

function fromLm(text: string): ModuleList | null {
  const loaded: Module[] = [];
  const unloaded: Module[] = [];
  let into: Module[] = loaded;
  let seen = false;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (/^unloaded modules:/i.test(line)) into = unloaded;
    const image = /^Image name:\s*(\S.*)$/.exec(line)?.[1];
    const last = into.at(-1);
    if (image !== undefined && last !== undefined) into[into.length - 1] = { ...last, name: fileNameOf(image) };
    const found = LM.exec(line);
    if (found === null) continue;
    seen = true;
    const [, from = '', to = '', name = '', rest = ''] = found;
    const base = hexOf(from);
    const end = hexOf(to);
    if (base === null || end === null || end <= base || loaded.length + unloaded.length >= MOST_MODULES) continue;
    into.push({ name: fileIn(rest) ?? fileNameOf(name), base, bytes: end - base, pid: null, ...storedPdb(rest) });
  }
  return seen ? { loaded, unloaded } : null;
}

/** The file that a line of `lmf` or `lmt` names behind the module's name. */
function fileIn(rest: string): string | null {
  const words = rest.trim();
  if (words.startsWith('(')) return null;
  const first = words.split(/\s{2,}|\t|\s+(?=(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )/)[0] ?? '';
  return FILE.test(first) ? fileNameOf(first) : null;
}

function storedPdb(rest: string): Pick<Module, 'pdb' | 'build'> {
  const found = STORED.exec(rest);
  if (found === null) return { pdb: null, build: null };
  const [, pdb = '', guid = '', age = ''] = found;
  return { pdb, build: buildText(guid, Number.parseInt(age, 16)) };
}

/** `{11111111-2222-3333-4444-555566667777} 2` out of the 32 digits of a GUID. */
export function buildText(digits: string, age: number): string {
  const each = digits.toUpperCase();
  return `{${each.slice(0, 8)}-${each.slice(8, 12)}-${each.slice(12, 16)}-${each.slice(16, 20)}-${each.slice(20)}} ${age}`;
}

/** Heads that mean the same, in small letters without blanks. */
const HEADS: Readonly<Record<string, string>> = {
  ...{ name: 'name', module: 'name', modulename: 'name', image: 'name', path: 'path', file: 'path', imagepath: 'path' },
  ...{ base: 'base', start: 'base', address: 'base', baseaddress: 'base', imagebase: 'base', loadaddress: 'base' },
  ...{ size: 'size', bytes: 'size', imagesize: 'size', end: 'end', endaddress: 'end' },
  ...{ pid: 'pid', processid: 'pid', pdb: 'pdb', guid: 'guid', age: 'age' },
};

const headOf = (text: string): string => HEADS[text.toLowerCase().replace(/[\s_-]/g, '')] ?? '';

function fromCsv(text: string): ModuleList | null {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const separator = [',', ';', '\t'].find((each) => first.includes(each)) ?? ',';
  const heads = fieldsOf(first, separator).map(headOf);
  if (!heads.includes('base')) return null;
  const loaded: Module[] = [];
  for (const line of lines) {
    if (line.trim() === '' || loaded.length >= MOST_MODULES) continue;
    const fields = fieldsOf(line, separator);
    const module = moduleOf(Object.fromEntries(heads.map((head, at) => [head, fields[at] ?? ''])));
    if (module !== null) loaded.push(module);
  }
  return { loaded, unloaded: [] };
}

/** Fields of a line; quotes hold separators together, and a quote in one is written twice. */
function fieldsOf(line: string, separator: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string;
    if (quoted && character === '"' && line[at + 1] === '"') {
      field += '"';
      at++;
    } else if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      fields.push(field.trim());
      field = '';
    } else field += character;
  }
  return [...fields, field.trim()];
}

function fromJson(text: string): ModuleList | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const list = Array.isArray(value) ? value : (value as { readonly modules?: unknown } | null)?.modules;
  if (!Array.isArray(list)) return null;
  const loaded: Module[] = [];
  for (const each of list.slice(0, MOST_MODULES)) {
    if (typeof each !== 'object' || each === null) continue;
    const fields = Object.entries(each).map(([name, said]) => [headOf(name), fieldText(said)] as const);
    const module = moduleOf(Object.fromEntries(fields));
    if (module !== null) loaded.push(module);
  }
  return { loaded, unloaded: [] };
}

/** A number of JSON is decimal wherever it stands, so that it is written as what `0x` announces. */
function fieldText(said: unknown): string {
  if (typeof said === 'string') return said.trim();
  return typeof said === 'number' && Number.isSafeInteger(said) && said >= 0 ? `0x${said.toString(16)}` : '';
}

function moduleOf(fields: Readonly<Record<string, string | undefined>>): Module | null {
  const {
    name = '',
    path = '',
    base: from = '',
    size = '',
    end = '',
    pid = '',
    pdb = '',
    guid = '',
    age = '',
  } = fields;
  const called = fileNameOf(path === '' ? name : path);
  const base = hexOf(from);
  const stop = hexOf(end);
  const bytes = end === '' ? sizeOf(size) : stop === null || base === null ? null : stop - base;
  if (called === '' || base === null || bytes === null || bytes <= 0n) return null;
  const digits = guid.replace(/[{}-]/g, '');
  const known = /^[0-9a-f]{32}$/i.test(digits) && /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(age);
  const process = sizeOf(pid);
  return {
    ...{ name: called, base, bytes, pdb: pdb === '' ? null : fileNameOf(pdb) },
    build: known ? buildText(digits, Number(age)) : null,
    // The system process has what the kernel has.
    pid: process === null || process === 0n || process === 4n || process > 0xffff_ffffn ? null : Number(process),
  };
}

function hexOf(text: string): bigint | null {
  const digits = /^(?:0x)?([0-9a-f]{1,8}`?[0-9a-f]{0,8})$/i.exec(text)?.[1]?.replace('`', '');
  return digits === undefined ? null : BigInt(`0x${digits}`);
}

function sizeOf(text: string): bigint | null {
  const plain = text.replace(/[_ ]/g, '');
  return /^(?:0x[0-9a-f]{1,16}|\d{1,19})$/i.test(plain) ? BigInt(plain) : null;
}
