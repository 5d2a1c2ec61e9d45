/**
 * Makes status-table.ts from the headers of mingw-w64, which are in the public domain:
 *
 *   node native/decode/generate-status-names.mjs /usr/share/mingw-w64/include
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder with ntstatus.h and winerror.h');

/** The first name of each code, in the order of the codes. */
function table(/** @type {string} */ header, /** @type {RegExp} */ line) {
  /** @type {Map<number, string>} */
  const names = new Map();
  for (const text of readFileSync(join(/** @type {string} */ (folder), header), 'latin1').split('\n')) {
    const found = line.exec(text);
    if (!found) continue;
    const code = Number(found[2]) >>> 0;
    if (!names.has(code)) names.set(code, /** @type {string} */ (found[1]));
  }
  return [...names]
    .sort(([a], [b]) => a - b)
    .map(([code, name]) => `${code.toString(16)} ${name}`)
    .join('\n');
}

const NTSTATUS =
  /^#define\s+((?:STATUS(?!_SEVERITY)|DBG|RPC_NT|EPT_NT)_\w+)\s+\(?\(?(?:\(NTSTATUS\)\s*)?(0x[0-9A-Fa-f]+)/;
const WIN32 = /^#define\s+((?:ERROR|RPC_S|RPC_X|EPT_S)_\w+)\s+(?:__MSABI_LONG\()?(\d+)[lL]?\)?\s*$/;
const HRESULT = /^#define\s+([A-Z]\w*)\s+_HRESULT_TYPEDEF_\((0x[0-9A-Fa-f]+)\)/;

writeFileSync(
  join(import.meta.dirname, 'status-table.ts'),
  `/** Names of status codes, made by generate-status-names.mjs from the headers of mingw-w64 (public domain). */

/** A code in hexadecimal digits and its name, a line each. */
export const NTSTATUS_NAMES = \`${table('ntstatus.h', NTSTATUS)}\`;

export const WIN32_NAMES = \`${table('winerror.h', WIN32)}\`;

export const HRESULT_NAMES = \`${table('winerror.h', HRESULT)}\`;
`,
);
