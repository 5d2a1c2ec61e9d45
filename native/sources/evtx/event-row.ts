/** Makes a row of an event: its system fields become columns, its data becomes the message. Pure. */
import { Level } from '../../core/entry.ts';
import { filledMessage, type Manifests } from '../manifest/manifests.ts';
import { errorLogPacket } from './error-log-packet.ts';
import { attribute, child, elementsOf, textOf, type XmlElement } from './xml-tree.ts';

export interface EventRow {
  readonly provider: string;
  readonly eventId: number;
  /** A `Level`. */
  readonly level: number;
  readonly pid: number;
  /** 0 where the event names no thread. */
  readonly tid: number;
  readonly channel: string;
  readonly computer: string;
  /** `Provider 4001: name=value, name=value`. */
  readonly text: string;
}

/** Windows' levels: critical, error, warning, information, verbose; 0 says always. */
const LEVELS = [Level.Info, Level.Error, Level.Error, Level.Warning, Level.Info, Level.Trace];

function numberOf(text: string | null, most: number): number {
  const number = text !== null && /^\d{1,10}$/.test(text.trim()) ? Number(text) : 0;
  return number <= most ? number : 0;
}

/** `manifests`: the sentences of events. An event without one is shown by its data alone. */
export function eventRow(event: XmlElement, manifests: Manifests | null = null): EventRow {
  const system = child(event, 'System');
  const named = child(system, 'Provider');
  const provider =
    attribute(named, 'Name') || attribute(named, 'EventSourceName') || attribute(named, 'Guid') || 'unknown';
  const eventId = numberOf(textOf(child(system, 'EventID')), 0xffff);
  const data = messageOf(event, provider, eventId, manifests) ?? dataTexts(event, eventId).join(', ');
  return {
    provider,
    eventId,
    level: LEVELS[numberOf(textOf(child(system, 'Level')), 255)] ?? Level.Trace,
    pid: numberOf(attribute(child(system, 'Execution'), 'ProcessID'), 0xffffffff),
    tid: numberOf(attribute(child(system, 'Execution'), 'ThreadID'), 0xffffffff),
    channel: textOf(child(system, 'Channel')),
    computer: textOf(child(system, 'Computer')),
    text: `${provider} ${eventId}${data === '' ? '' : `: ${data}`}`,
  };
}

/** The sentence of the event with its data in it, if a manifest or a message table has one. */
function messageOf(event: XmlElement, provider: string, eventId: number, manifests: Manifests | null): string | null {
  if (manifests === null || manifests.isEmpty) return null;
  const system = child(event, 'System');
  const guid = (attribute(child(system, 'Provider'), 'Guid') ?? '').replace(/[{}]/g, '').toLowerCase();
  const version = numberOf(textOf(child(system, 'Version')), 255);
  const qualifiers = numberOf(attribute(child(system, 'EventID'), 'Qualifiers'), 0xffff);
  const number = qualifiers * 0x10000 + eventId;
  const message = manifests.find(guid, eventId, version)?.message ?? manifests.message(provider, number);
  if (message === null) return null;
  const parts = elementsOf(child(event, 'EventData'));
  const values = parts.filter(({ name }) => name === 'Data').map(textOf);
  const packets = parts.flatMap((part) => packetText(part, eventId) ?? []).filter((text) => text !== '');
  return [filledMessage(message, values), ...packets].join(', ');
}

/** Everything of the event but its system fields, as `name=value` or the value alone. */
function dataTexts(event: XmlElement, eventId: number): string[] {
  const texts: string[] = [];
  for (const part of elementsOf(event)) {
    if (part.name === 'System') continue;
    if (part.name === 'EventData')
      for (const each of elementsOf(part)) texts.push(packetText(each, eventId) ?? dataText(each));
    else collect(part, texts);
  }
  return texts.filter((text) => text !== '');
}

/** The binary data of an event that a driver wrote; null for all other data. */
function packetText(element: XmlElement, eventId: number): string | null {
  return element.name === 'Binary' ? errorLogPacket(textOf(element), eventId) : null;
}

function dataText(element: XmlElement): string {
  const name = element.name === 'Data' ? attribute(element, 'Name') : element.name;
  const inner = elementsOf(element);
  const text = inner.length > 0 ? inner.map(dataText).join(', ') : textOf(element);
  return name === null || name === '' ? text : text === '' ? '' : `${name}=${text}`;
}

/** Elements without elements in them, at any depth. */
function collect(element: XmlElement, texts: string[]): void {
  const inner = elementsOf(element);
  if (inner.length === 0) texts.push(dataText(element));
  else for (const each of inner) collect(each, texts);
}
