/** Adds the events and messages of a manifest, or of a PE file with its resources, to those that are known. */
import { basename } from 'node:path';
import { ok, type Result } from '../../core/result.ts';
import type { BrokenPlace } from '../source.ts';
import { readManifest } from './man-file.ts';
import type { Manifests } from './manifests.ts';
import { MessageTable } from './message-table.ts';
import { RT_MESSAGETABLE, readResources } from './pe-resources.ts';
import { readWevtTemplate } from './wevt-template.ts';

const TEMPLATES = 'WEVT_TEMPLATE';
const ENGLISH = 0x409;

/** Adds the manifest in a text. If it is not a manifest, the problem is told. */
export function addManifest(text: string, file: string, into: Manifests, problems: BrokenPlace[]): void {
  const providers = readManifest(text);
  if (typeof providers === 'string') problems.push({ problem: `${file} is no manifest of events: ${providers}` });
  else for (const provider of providers) into.add(provider);
}

/**
 * Adds the events and messages of a PE file, in English where it has several languages. `named`: the person named this very
 * file, so that nothing in it is worth a word. Failures: those of reading it.
 */
export function addPeFile(file: string, named: boolean, into: Manifests, problems: BrokenPlace[]): Result<null> {
  const read = readResources(file, [RT_MESSAGETABLE, TEMPLATES]);
  if (!read.ok) return read;
  const tables = read.value.filter(({ type }) => type === RT_MESSAGETABLE);
  const messages = tables.find(({ language }) => language === ENGLISH) ?? tables[0];
  const table = messages === undefined ? null : new MessageTable(messages.bytes);
  // `probe.sys.mui` has the texts of `probe.sys`.
  const name = basename(file)
    .toLowerCase()
    .replace(/\.mui$/, '')
    .replace(/\.\w{1,4}$/, '');
  if (table !== null) into.messageFiles.push({ name, table });
  let providers = 0;
  for (const { type, bytes } of read.value) {
    if (type !== TEMPLATES) continue;
    const text = (number: number): string | null => table?.find(number) ?? into.message(name, number);
    for (const provider of readWevtTemplate(bytes, text, (problem) =>
      problems.push({ problem: `${file}: ${problem}` }),
    )) {
      into.add(provider);
      providers++;
    }
  }
  if (named && providers === 0 && table === null) {
    problems.push({ problem: `${file} has neither a manifest of events nor a message table` });
  }
  return ok(null);
}
