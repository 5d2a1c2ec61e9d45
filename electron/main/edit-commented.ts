/**
 * Changes values in a commented JSON text where they stand. Everything else stays as it was, byte for byte: comments, blank
 * lines, the order of names, and names that nobody here knows.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type ArrayNode,
  endOfRemark,
  memberOf,
  type Node,
  type ObjectNode,
  plainValue,
  readCommented,
} from './commented-json.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const STEP = '  ';

/** The white space before the first character of the line that `at` is in. */
function indentAt(text: string, at: number): string {
  const line = text.slice(0, at).match(/[^\r\n]*$/)?.[0] ?? '';
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

const written = (value: unknown, indent: string): string =>
  JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);

const hasComment = (text: string, { start, end }: Node): boolean =>
  /\/\/|\/\*/.test(text.slice(start, end).replace(/"(?:[^"\\]|\\.)*"/g, ''));

/** What is put behind the last of some members, whose texts `more` are; `open` is the bracket, for where there are none. */
function appended(text: string, node: ObjectNode | ArrayNode, more: readonly string[]): Edit[] {
  const members = node.kind === 'object' ? node.members : node.items;
  const last = members.at(-1);
  const first = node.kind === 'object' ? node.members[0]?.start : node.items[0]?.value.start;
  const outer = indentAt(text, node.start);
  const ownLine = first !== undefined && /[\r\n]/.test(text.slice(node.start, first));
  const indent = ownLine && first !== undefined ? indentAt(text, first) : outer + STEP;
  const body = more.join(`,\n${indent}`);
  if (last === undefined) {
    const at = endOfRemark(text, node.start + 1);
    const closing = /[\r\n]/.test(text.slice(at, node.end - 1)) ? '' : `\n${outer}`;
    return [{ start: at, end: at, text: `\n${indent}${body}${closing}` }];
  }
  const behind = last.comma === null ? last.value.end : last.comma + 1;
  const at = endOfRemark(text, behind);
  const closing = /[\r\n]/.test(text.slice(at, node.end - 1)) ? '' : `\n${outer}`;
  const comma = last.comma === null ? [{ start: behind, end: behind, text: ',' }] : [];
  return [...comma, { start: at, end: at, text: `\n${indent}${body}${closing}` }];
}

/** Takes out a span, and the line that would be left empty. */
function removal(text: string, start: number, end: number): Edit {
  const before = /[\r\n][ \t]*$/.exec(text.slice(0, start));
  const after = /^[ \t]*(?:\r\n|\r|\n)/.exec(text.slice(end));
  if (before === null || after === null) return { start, end, text: '' };
  return { start: before.index + 1, end: end + after[0].length, text: '' };
}

/** A list: what is the same at both ends stays where it stands, with its comments. */
function listEdits(text: string, node: ArrayNode, value: readonly unknown[]): Edit[] {
  const { items } = node;
  const same = (at: number, to: number): boolean =>
    isDeepStrictEqual(plainValue((items[at] as ArrayNode['items'][number]).value), value[to]);
  const least = Math.min(items.length, value.length);
  let head = 0;
  while (head < least && same(head, head)) head++;
  let tail = 0;
  while (tail < least - head && same(items.length - 1 - tail, value.length - 1 - tail)) tail++;
  const fresh = value.slice(head, value.length - tail);
  const old = items.slice(head, items.length - tail);
  const indent = indentAt(text, items[0]?.value.start ?? node.start);
  const texts = fresh.map((each) => written(each, indent));
  const [from, to] = [old[0], old.at(-1)];
  if (from !== undefined && to !== undefined) {
    if (fresh.length > 0) return [{ start: from.value.start, end: to.value.end, text: texts.join(`,\n${indent}`) }];
    const comma = items[head - 1]?.comma ?? null;
    const gone = removal(text, from.value.start, to.comma === null ? to.value.end : to.comma + 1);
    return comma === null || to.comma !== null ? [gone] : [{ start: comma, end: comma + 1, text: '' }, gone];
  }
  if (fresh.length === 0) return [];
  const next = items[head];
  if (next === undefined) return appended(text, node, texts);
  const at = next.value.start;
  return [{ start: at, end: at, text: texts.map((each) => `${each},\n${indent}`).join('') }];
}

/** Makes a node say `value`. Within `merge` levels of objects, names that the value does not have stay. */
function nodeEdits(text: string, node: Node, value: unknown, merge: number): Edit[] {
  if (isDeepStrictEqual(plainValue(node), value)) return [];
  if (node.kind === 'object' && isFields(value)) {
    const kept = merge > 0 || node.members.every(({ name }) => Object.hasOwn(value, name));
    if (kept) return fieldEdits(text, node, value, merge - 1);
  }
  if (node.kind === 'array' && Array.isArray(value) && hasComment(text, node)) return listEdits(text, node, value);
  return [{ start: node.start, end: node.end, text: written(value, indentAt(text, node.start)) }];
}

function fieldEdits(text: string, node: ObjectNode, fields: Fields, merge: number): Edit[] {
  const edits: Edit[] = [];
  const more: string[] = [];
  const first = node.members[0]?.start;
  const ownLine = first !== undefined && /[\r\n]/.test(text.slice(node.start, first));
  const indent = ownLine && first !== undefined ? indentAt(text, first) : indentAt(text, node.start) + STEP;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const member = memberOf(node, name);
    if (member === undefined) more.push(`${JSON.stringify(name)}: ${written(value, indent)}`);
    else edits.push(...nodeEdits(text, member.value, value, merge));
  }
  return more.length === 0 ? edits : [...edits, ...appended(text, node, more)];
}

/**
 * The text with these fields changed; a field that is an object changes only what it names of the object that is there.
 * Null if the text is not one whole object.
 */
export function withFields(text: string, fields: Fields): string | null {
  const { root, broken } = readCommented(text);
  if (root?.kind !== 'object' || broken !== null) return null;
  // From the end on, so that places stay right; of two at one place, what is to come last is put first.
  const edits = fieldEdits(text, root, fields, 1)
    .toReversed()
    .toSorted((a, b) => b.start - a.start);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  let result = text;
  for (const { start, end, text: put } of edits)
    result = result.slice(0, start) + put.replaceAll('\n', eol) + result.slice(end);
  return result;
}
