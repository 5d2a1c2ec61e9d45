/**
 * Reads constants out of C headers: macros without and with arguments, and what they come to. Only headers that say
 * themselves that they are in the public domain are read; another one is refused by name.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ params: readonly string[] | null, body: string }} Macro */
/** @typedef {Map<string, Macro>} Macros */

/** So much of a header is its licence. */
const LICENCE_LINES = 60;

/** The text of a header without comments, lines that were continued made one. */
export function headerText(/** @type {string} */ folder, /** @type {string} */ header) {
  const text = readFileSync(join(folder, header), 'latin1');
  if (!isPublic(text)) throw new Error(`${header} does not say that it is in the public domain`);
  return text
    .replaceAll('\r', '')
    .replace(/\\\n/g, ' ')
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (found) => '\n'.repeat(found.split('\n').length - 1));
}

const isPublic = (/** @type {string} */ text) =>
  /public domain/i.test(text.split('\n').slice(0, LICENCE_LINES).join(' '));

/** Names of the headers of a folder that are in the public domain and hold a text. */
export function publicHeaders(
  /** @type {string} */ folder,
  /** @type {string} */ below,
  /** @type {string} */ holding,
) {
  return readdirSync(join(folder, below))
    .filter((name) => name.endsWith('.h'))
    .sort()
    .map((name) => (below === '' ? name : `${below}/${name}`))
    .filter((name) => {
      const text = readFileSync(join(folder, name), 'latin1');
      return text.includes(holding) && isPublic(text);
    });
}

/** The macros of a text, the first definition of each. */
export function macrosOf(/** @type {string} */ text) {
  /** @type {Macros} */
  const macros = new Map();
  for (const [, name, params, body] of text.matchAll(
    /^[ \t]*#[ \t]*define[ \t]+(\w+)(?:\(([^)]*)\))?[ \t]*([^\n]*)$/gm,
  )) {
    if (name === undefined || body === undefined || macros.has(name)) continue;
    macros.set(name, { params: params?.split(',').map((each) => each.trim()) ?? null, body: body.trim() });
  }
  return macros;
}

const TOKEN = /\s*(0x[0-9a-f]+|\d+|'.'|\w+|<<|[|+(),])([uUlL]*)/iy;
/** Casts, which change nothing of a number of 32 bits. */
const CASTS = /\(\s*(?:ULONG|DWORD|LONG|USHORT|UCHAR|NTSTATUS|HRESULT)\s*\)/g;
const DEEPEST = 20;

/** What an expression comes to, 32 bits unsigned; null where it is none of numbers alone. */
export function numberOf(/** @type {string} */ expression, /** @type {readonly Macros[]} */ scopes, depth = 0) {
  const text = expression.replace(CASTS, '');
  let at = 0;
  const next = () => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) return null;
    at = TOKEN.lastIndex;
    return /** @type {string} */ (found[1]);
  };
  const peek = () => {
    const before = at;
    const token = next();
    at = before;
    return token;
  };
  /** @returns {number} */
  const either = () => {
    let value = shifted();
    while (peek() === '|') {
      next();
      value = (value | shifted()) >>> 0;
    }
    return value;
  };
  /** @returns {number} */
  const shifted = () => {
    let value = summed();
    while (peek() === '<<') {
      next();
      value = (value << summed()) >>> 0;
    }
    return value;
  };
  /** @returns {number} */
  const summed = () => {
    let value = single();
    while (peek() === '+') {
      next();
      value = (value + single()) >>> 0;
    }
    return value;
  };
  /** @returns {number} */
  const single = () => {
    const token = next();
    if (token === null) return Number.NaN;
    if (token === '(') {
      const value = either();
      return next() === ')' ? value : Number.NaN;
    }
    if (token.startsWith("'")) return token.charCodeAt(1);
    if (/^\d/.test(token)) return Number(token);
    const macro = scopes.map((scope) => scope.get(token)).find((each) => each !== undefined);
    if (macro === undefined || depth > DEEPEST) return Number.NaN;
    let { body } = macro;
    if (macro.params !== null) {
      const given = argumentsOf();
      if (given?.length !== macro.params.length) return Number.NaN;
      const byName = new Map(macro.params.map((name, place) => [name, given[place]]));
      body = body.replace(/\b[A-Za-z_]\w*\b/g, (name) => (byName.has(name) ? `(${byName.get(name)})` : name));
    }
    return numberOf(body, scopes, depth + 1) ?? Number.NaN;
  };
  /** The texts between the brackets that follow. */
  const argumentsOf = () => {
    if (next() !== '(') return null;
    const given = [''];
    for (let open = 0; at < text.length; at++) {
      const character = /** @type {string} */ (text[at]);
      if (character === ')' && open === 0) {
        at++;
        return given;
      }
      if (character === ',' && open === 0) given.push('');
      else given[given.length - 1] += character;
      if (character === '(') open++;
      if (character === ')') open--;
    }
    return null;
  };
  const value = either();
  return at < text.trimEnd().length || Number.isNaN(value) ? null : value >>> 0;
}

/**
 * Numbers and the names they have, as the text of a table: a number in hexadecimal digits and its names, a line each, in
 * the order of the numbers. The name that came first stands first.
 */
export function tableText(/** @type {Iterable<readonly [name: string, value: number]>} */ pairs) {
  /** @type {Map<number, string[]>} */
  const names = new Map();
  for (const [name, value] of pairs) {
    const known = names.get(value);
    if (known === undefined) names.set(value, [name]);
    else if (!known.includes(name)) known.push(name);
  }
  return [...names]
    .sort(([a], [b]) => a - b)
    .map(([value, all]) => `${value.toString(16)} ${all.join(' ')}`)
    .join('\n');
}
