/** What an event of a trace says, in one line, and which level it has. Pure but for the tables it is given. */
import { Level } from '../../core/entry.ts';
import { type EventNames, NO_EVENT_NAMES } from '../../core/event-names.ts';
import { dataText } from '../evtx/values.ts';
import { fieldsText, type ReadField, readFields } from '../manifest/event-fields.ts';
import { filledMessage, type ManifestEvent, type Manifests } from '../manifest/manifests.ts';
import { bytesOf } from './event-bytes.ts';
import type { GuidCache } from './guid-cache.ts';
import { kernelText } from './kernel/kernel-events.ts';
import type { KernelNames } from './kernel/kernel-names.ts';
import type { StreamManifests } from './stream-manifests.ts';
import type { TraceEvent } from './trace-event.ts';
import { describeSelf, providerName } from './trace-logging.ts';
import type { Loser } from './trace-losses.ts';
import { HEADER_RSDS, IMAGE_ID, IMAGE_ID_RSDS, readBuild, type TracedBuilds } from './traced-builds.ts';
import { formatMessage } from './wpp/format.ts';
import type { ItemContext } from './wpp/items.ts';
import type { TmfTable } from './wpp/tmf.ts';

export interface TextSources {
  readonly tmf: TmfTable;
  readonly pointerBytes: 4 | 8;
  /** Ticks a second of the clock of the trace. */
  readonly frequency: bigint;
  readonly kernel: KernelNames;
  readonly manifests: Manifests;
  readonly builds: TracedBuilds;
  readonly stream: StreamManifests;
  readonly guids: GuidCache;
  readonly ansi: (bytes: Uint8Array) => string;
  readonly statusName: ItemContext['statusName'];
}

export interface EventText {
  readonly text: string;
  /** A `Level`. */
  readonly level: number;
  readonly names: EventNames;
  /** GUID and number of a WPP message whose format is missing; null for all others. */
  readonly missing: string | null;
  /** Records that the event says were lost: what a logging session that is read live could not deliver. */
  readonly lost: number;
  /** Who lost them. */
  readonly loser?: Loser;
}

const KERNEL = 'Windows Kernel';
const LEVELS = [Level.Info, Level.Error, Level.Error, Level.Warning, Level.Info, Level.Trace];
const DATA_SHOWN = 256;

/** Levels by the names that sources give them; few are different among millions of messages. */
const wppLevels = new Map<string, number>();
const MOST_LEVELS = 1000;

function wppLevel(name: string): number {
  let level = wppLevels.get(name);
  if (level === undefined) {
    level = levelNamed(name);
    if (wppLevels.size < MOST_LEVELS) wppLevels.set(name, level);
  }
  return level;
}

/** The level of a message by the name its source gives it. */
function levelNamed(name: string): number {
  const lower = name.toLowerCase();
  if (/error|fatal|critical/.test(lower)) return Level.Error;
  if (/warn/.test(lower)) return Level.Warning;
  return /verbose|noise|reserved/.test(lower) ? Level.Trace : Level.Info;
}

/** The data of an event behind a colon. */
function dataPart(view: DataView, { dataStart, dataEnd }: TraceEvent): string {
  const data = dataText(bytesOf(view, dataStart, dataEnd), DATA_SHOWN);
  return data === '' ? '' : ` ${data}`;
}

/** Events by which a logging session says that it lost something while it was read live: RT_LostEvent. */
const LOST_EVENT = '6a399ae0-4bc6-4de9-870b-3657f8947e7e';
const LOST_ONE = 32;
const LOST_WHAT: Readonly<Record<number, string>> = { [LOST_ONE]: 'an event', 33: 'a buffer', 34: 'a file' };

export function eventText(view: DataView, event: TraceEvent, sources: TextSources): EventText {
  const level = LEVELS[event.level] ?? Level.Trace;
  const guid = event.guidAt < 0 ? '' : sources.guids.textOf(view, event.guidAt);
  switch (event.kind) {
    case 'system':
    case 'perfinfo':
      if (event.group === 0 && event.opcode === HEADER_RSDS) {
        const told = buildEvent(view, event, event.dataStart, 'EventTrace/DbgIdRSDS', sources);
        if (told !== null) return told;
      }
      return kernelEvent(view, event, sources);
    case 'message':
      return messageText(view, event, guid, sources);
    case 'event':
      return { ...fullEvent(view, event, guid, sources), level, missing: null, lost: 0 };
    default: {
      if (guid === IMAGE_ID && event.opcode === IMAGE_ID_RSDS) {
        const width = (event.is32Bit ?? sources.pointerBytes === 4) ? 4 : 8;
        const told = buildEvent(view, event, event.dataStart + width + 4, 'ImageID/DbgID_RSDS', sources);
        if (told !== null) return told;
      }
      const names = { ...NO_EVENT_NAMES, provider: guid, event: String(event.opcode) };
      if (guid === LOST_EVENT) {
        const what = LOST_WHAT[event.opcode] ?? 'something';
        const text = `the logging session lost ${what} while it was read live`;
        // An event that is lost found no room in the kernel; buffers and files are lost to whoever reads them.
        const loser = event.opcode === LOST_ONE ? 'kernel' : 'reader';
        return { text, level: Level.Warning, names, missing: null, lost: 1, loser };
      }
      const text = `{${guid}}${event.kind === 'instance' ? ` instance ${event.id}` : ''} type ${event.opcode}, version ${event.version}:${dataPart(view, event)}`;
      return { text, level, names, missing: null, lost: 0 };
    }
  }
}

/** Which build of a module was traced. */
function buildEvent(
  view: DataView,
  event: TraceEvent,
  at: number,
  name: string,
  { builds }: TextSources,
): EventText | null {
  const found = readBuild(view, event, at);
  if (found === null) return null;
  builds.note(found);
  const names = { ...NO_EVENT_NAMES, provider: KERNEL, event: name };
  const text = `traced module of PDB ${found.pdb}, build ${found.build}`;
  return { text, level: Level.Info, names, missing: null, lost: 0 };
}

function kernelEvent(view: DataView, event: TraceEvent, sources: TextSources): EventText {
  const { pointerBytes, frequency, kernel, statusName } = sources;
  const { text, level, name } = kernelText(view, event, { pointerBytes, frequency, names: kernel, statusName });
  return { text, level, names: { ...NO_EVENT_NAMES, provider: KERNEL, event: name }, missing: null, lost: 0 };
}

/** An event with a full header: it describes itself, or a manifest does. */
function fullEvent(
  view: DataView,
  event: TraceEvent,
  guid: string,
  { manifests, pointerBytes, stream }: TextSources,
): Pick<EventText, 'text' | 'names'> {
  const { schemaAt, schemaBytes, traitsAt, traitsBytes, dataStart, dataEnd, id } = event;
  const own = schemaAt < 0 ? null : describeSelf(view, schemaAt, schemaBytes, dataStart, dataEnd);
  const provider = (traitsAt < 0 ? null : providerName(view, traitsAt, traitsBytes)) ?? guid;
  if (own !== null) {
    const text = `${own.name}${own.fields === '' ? '' : `: ${own.fields}`}`;
    return { text, names: { ...NO_EVENT_NAMES, provider, event: own.name } };
  }
  const part = stream.take(view, event, guid);
  if (part !== null) return { text: part, names: { ...NO_EVENT_NAMES, provider, event: 'ManifestData' } };
  const manifest = manifests.find(guid, id, event.version);
  if (manifest !== null) {
    const is32Bit = event.is32Bit ?? pointerBytes === 4;
    const read = readFields(view, dataStart, dataEnd, manifest.fields, is32Bit);
    const name = manifest.name ?? String(id);
    const names = { ...NO_EVENT_NAMES, provider: manifests.providerName(guid) ?? provider, event: name };
    return { text: manifestText(manifest, read), names };
  }
  const text = `{${guid}} event ${id}, version ${event.version}, task ${event.task}, opcode ${event.opcode}, keywords 0x${view.getBigUint64(event.keywordAt, true).toString(16)}:${dataPart(view, event)}`;
  return { text, names: { ...NO_EVENT_NAMES, provider, event: String(id) } };
}

/** The sentence of the manifest; without one, the name and the fields. */
function manifestText({ id, name, message, fields }: ManifestEvent, read: readonly ReadField[]): string {
  // With a field missing, the sentence could say something that the event does not.
  if (message !== null && read.length === fields.length) {
    return filledMessage(
      message,
      read.map(({ text }) => text),
    );
  }
  const texts = fieldsText(read);
  return `${name ?? `event ${id}`}${texts === '' ? '' : `: ${texts}`}`;
}

function messageText(view: DataView, event: TraceEvent, guid: string, sources: TextSources): EventText {
  const message = sources.tmf.find(guid, event.id);
  if (message === null) {
    const text = `no format for message ${event.id} of {${guid}}:${dataPart(view, event)}`;
    const names = { ...NO_EVENT_NAMES, provider: guid, event: String(event.id) };
    return { text, level: Level.Info, names, missing: `${guid} ${event.id}`, lost: 0 };
  }
  const context: ItemContext = {
    view,
    end: event.dataEnd,
    is32Bit: event.is32Bit ?? sources.pointerBytes === 4,
    ansi: sources.ansi,
    enumOf: (name) => sources.tmf.enums.get(name),
    statusName: sources.statusName,
  };
  const text = formatMessage(message, event.dataStart, context);
  const { module, name, function: from, sourceFile } = message;
  const names = { provider: module || guid, event: name, function: from || null, source_file: sourceFile || null };
  return { text, level: wppLevel(message.level), names, missing: null, lost: 0 };
}
