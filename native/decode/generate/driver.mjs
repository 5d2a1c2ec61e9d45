/**
 * Makes driver-table.ts from the headers of mingw-w64 that are in the public domain (those of the driver kit come from
 * ReactOS and say the same of themselves):
 *
 *   node native/decode/generate/driver.mjs /usr/share/mingw-w64/include
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { headerText, macrosOf, numberOf, publicHeaders, tableText } from './headers.mjs';

/** @typedef {readonly [name: string, value: number]} Pair */

const given = process.argv[2];
if (given === undefined) throw new Error('name the folder with bugcodes.h and ddk/wdm.h');
const folder = given;

const wdm = headerText(folder, 'ddk/wdm.h');
const wdmMacros = macrosOf(wdm);

/** The macros of a text whose names fit, with what they come to. */
function constants(
  /** @type {string} */ text,
  /** @type {RegExp} */ fits,
  /** @type {readonly import('./headers.mjs').Macros[]} */ more = [],
) {
  const macros = macrosOf(text);
  return [...macros].flatMap(([name, { params, body }]) => {
    if (params !== null || !fits.test(name)) return [];
    const value = numberOf(body, [macros, ...more]);
    return value === null ? [] : [/** @type {Pair} */ ([name, value])];
  });
}

/** Bug checks are numbers without a severity; the header has texts of the boot screen among them, which have one. */
const bugChecks = constants(headerText(folder, 'bugcodes.h'), /^(?!STATUS_SEVERITY|FACILITY|__)[A-Z]\w+$/).filter(
  ([, value]) => value < 0x4000_0000,
);

const majors = constants(wdm, /^IRP_MJ_(?!MAXIMUM)\w+$/);
const majorOf = new Map(majors);

/**
 * The headers list the minor functions of each major one together, but do not name it. This is the first of each list and
 * the major function it belongs to, by the reference of the driver kit.
 */
const MINOR_LISTS = /** @type {const} */ ({
  IRP_MN_NORMAL: ['IRP_MJ_READ', 'IRP_MJ_WRITE'],
  IRP_MN_MDL_DPC: ['IRP_MJ_READ', 'IRP_MJ_WRITE'],
  IRP_MN_FLUSH_AND_PURGE: ['IRP_MJ_FLUSH_BUFFERS'],
  IRP_MN_QUERY_DIRECTORY: ['IRP_MJ_DIRECTORY_CONTROL'],
  IRP_MN_USER_FS_REQUEST: ['IRP_MJ_FILE_SYSTEM_CONTROL'],
  IRP_MN_SCSI_CLASS: ['IRP_MJ_INTERNAL_DEVICE_CONTROL'],
  IRP_MN_LOCK: ['IRP_MJ_LOCK_CONTROL'],
  IRP_MN_WAIT_WAKE: ['IRP_MJ_POWER'],
  IRP_MN_QUERY_ALL_DATA: ['IRP_MJ_SYSTEM_CONTROL'],
  IRP_MN_REGINFO_EX: ['IRP_MJ_SYSTEM_CONTROL'],
  IRP_MN_START_DEVICE: ['IRP_MJ_PNP'],
  IRP_MN_QUERY_DEVICE_RELATIONS: ['IRP_MJ_PNP'],
  IRP_MN_READ_CONFIG: ['IRP_MJ_PNP'],
  IRP_MN_DEVICE_ENUMERATED: ['IRP_MJ_PNP'],
  IRP_MN_QUERY_LEGACY_BUS_INFORMATION: ['IRP_MJ_PNP'],
});

function minors() {
  const texts = [wdm, headerText(folder, 'ddk/ntddk.h')];
  const macros = texts.map((text) => macrosOf(text));
  /** @type {Map<number, Pair[]>} */
  const byMajor = new Map();
  for (const text of texts) {
    for (const [list] of text.matchAll(/(?:^#define[ \t]+IRP_MN_\w+[^\n]*\n)+/gm)) {
      const pairs = [...list.matchAll(/(IRP_MN_\w+)[ \t]+([^\n]+)/g)].map(([, name = '', body = '']) => {
        const value = numberOf(body, macros);
        if (value === null) throw new Error(`${name} is no number`);
        return /** @type {Pair} */ ([name, value]);
      });
      const first = /** @type {keyof typeof MINOR_LISTS} */ (pairs[0]?.[0] ?? '');
      if (!(first in MINOR_LISTS)) throw new Error(`nothing says whose minor functions begin with ${first}`);
      for (const major of MINOR_LISTS[first]) {
        const number = /** @type {number} */ (majorOf.get(major));
        byMajor.set(number, [...(byMajor.get(number) ?? []), ...pairs]);
      }
    }
  }
  return [...byMajor].sort(([a], [b]) => a - b);
}

/** Each kind of processor has a list of its own in the header. */
function irqls(/** @type {string} */ processor) {
  const list = new RegExp(`defined\\(${processor}\\)\\s+((?:#define[ \\t]+\\w+_LEVEL[^\\n]*\\n)+)`).exec(wdm)?.[1];
  if (list === undefined) throw new Error(`the header has no levels of ${processor}`);
  return constants(list, /_LEVEL$/);
}

const deviceTypes = constants(headerText(folder, 'winioctl.h'), /^FILE_DEVICE_(?!.*BASE)\w+$/).concat(
  constants(wdm, /^FILE_DEVICE_(?!IS_MOUNTED)\w+$/),
);

function controlCodes() {
  const headers = ['winioctl.h', ...publicHeaders(folder, '', 'CTL_CODE'), ...publicHeaders(folder, 'ddk', 'CTL_CODE')];
  const winioctl = macrosOf(headerText(folder, 'winioctl.h'));
  /** @type {Map<string, number>} */
  const codes = new Map();
  for (const header of headers) {
    for (const [name, value] of constants(headerText(folder, header), /^(IOCTL|FSCTL)_\w+$/, [winioctl, wdmMacros])) {
      // What has no device type is a number that codes are made of.
      if (!codes.has(name) && value > 0xffff) codes.set(name, value);
    }
  }
  return codes;
}

function guids() {
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const header of [
    'devguid.h',
    'winioctl.h',
    'ddk/wdmguid.h',
    'ntddkbd.h',
    'ntddmou.h',
    'ntddser.h',
    'ntddpar.h',
  ]) {
    const text = headerText(folder, header);
    for (const [, name = '', values = ''] of text.matchAll(/^\s*DEFINE_GUID\s*\(\s*(\w+)\s*,([^)]*)\)/gm)) {
      const [first = 0, second = 0, third = 0, ...bytes] = values
        .split(',')
        .map((each) => Number(each.replace(/L\b/i, '')));
      if (bytes.length !== 8 || bytes.some(Number.isNaN)) throw new Error(`${name} is no GUID`);
      const hex = (/** @type {number} */ value, /** @type {number} */ digits) =>
        value.toString(16).padStart(digits, '0');
      const tail = bytes.map((byte) => hex(byte, 2)).join('');
      const guid = `${hex(first, 8)}-${hex(second, 4)}-${hex(third, 4)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
      if (!names.has(guid)) names.set(guid, name);
    }
  }
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join(' '))
    .join('\n');
}

/** The number of the major function before the line of each minor one. */
const minorText = minors()
  .flatMap(([major, pairs]) =>
    tableText(pairs)
      .split('\n')
      .map((line) => `${major.toString(16)} ${line}`),
  )
  .join('\n');

writeFileSync(
  join(import.meta.dirname, '..', 'driver-table.ts'),
  `/**
 * Names of what drivers deal in, made by generate/driver.mjs from the headers of mingw-w64 and of its driver kit that are in
 * the public domain. A number in hexadecimal digits and its names, a line each.
 */

export const BUG_CHECK_NAMES = \`${tableText(bugChecks)}\`;

export const IRP_MAJOR_NAMES = \`${tableText(majors)}\`;

/** The number of the major function stands before that of the minor one. */
export const IRP_MINOR_NAMES = \`${minorText}\`;

/** Levels of x64 and of x86; the header has none of ARM64. */
export const IRQL_X64_NAMES = \`${tableText(irqls('_M_AMD64'))}\`;

export const IRQL_X86_NAMES = \`${tableText(irqls('_M_IX86'))}\`;

export const DEVICE_TYPE_NAMES = \`${tableText(deviceTypes)}\`;

export const CONTROL_CODE_NAMES = \`${tableText(controlCodes())}\`;

/** A GUID in lower case and its name. */
export const GUID_NAMES = \`${guids()}\`;
`,
);
