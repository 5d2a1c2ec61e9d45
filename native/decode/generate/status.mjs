/**
 * Makes status-table.ts from the headers of mingw-w64, which are in the public domain:
 *
 *   node native/decode/generate/status.mjs /usr/share/mingw-w64/include
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { headerText, tableText } from './headers.mjs';

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder with ntstatus.h and winerror.h');

/** The names of each code, in the order of the codes. */
function table(/** @type {string} */ header, /** @type {RegExp} */ line) {
  return tableText(
    headerText(/** @type {string} */ (folder), header)
      .split('\n')
      .flatMap((text) => {
        const [, name, code] = line.exec(text.trimEnd()) ?? [];
        return name === undefined ? [] : [/** @type {const} */ ([name, Number(code) >>> 0])];
      }),
  );
}

const NTSTATUS =
  /^#define\s+((?:STATUS(?!_SEVERITY)|DBG|RPC_NT|EPT_NT)_\w+)\s+\(?\(?(?:\(NTSTATUS\)\s*)?(0x[0-9A-Fa-f]+)/;
const WIN32 = /^#define\s+((?:ERROR|RPC_S|RPC_X|EPT_S|WAIT)_\w+)\s+(?:__MSABI_LONG\()?(\d+)[lL]?\)?\s*$/;
const FACILITY = /^#define\s+(FACILITY_\w+)\s+(?:__MSABI_LONG\()?(\d+)[lL]?\)?\s*$/;
const HRESULT = /^#define\s+([A-Z]\w*)\s+_HRESULT_TYPEDEF_\((0x[0-9A-Fa-f]+)\)/;

writeFileSync(
  join(import.meta.dirname, '..', 'status-table.ts'),
  `/** Names of status codes, made by generate/status.mjs from the headers of mingw-w64 (public domain). */

/** A code in hexadecimal digits and its names, a line each: the one that is used, and others for the same. */
export const NTSTATUS_NAMES = \`${table('ntstatus.h', NTSTATUS)}\`;

export const WIN32_NAMES = \`${table('winerror.h', WIN32)}\`;

export const HRESULT_NAMES = \`${table('winerror.h', HRESULT)}\`;

/** What an HRESULT comes from. */
export const HRESULT_FACILITY_NAMES = \`${table('winerror.h', FACILITY)}\`;
`,
);
