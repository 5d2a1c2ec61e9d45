/**
 * An instrumentation manifest (.man): the XML that a provider's author wrote, with the texts beside it. Names of types are
 * those of the schema; what refers to something that is not there is left without it.
 */
import { attribute, child, elementsOf, type XmlElement } from '../evtx/xml-tree.ts';
import {
  type Amount,
  type ManifestEvent,
  type ManifestField,
  type ManifestProvider,
  MOST_EVENTS,
  type ValueMap,
} from './manifests.ts';
import { outTypeNamed } from './out-type.ts';
import { readXml } from './xml.ts';

/** TDH_INTYPE by the names of the schema, without `win:`. */
const TYPES: Readonly<Record<string, number>> = {
  unicodestring: 1,
  ansistring: 2,
  int8: 3,
  uint8: 4,
  int16: 5,
  uint16: 6,
  int32: 7,
  uint32: 8,
  int64: 9,
  uint64: 10,
  float: 11,
  double: 12,
  boolean: 13,
  binary: 14,
  guid: 15,
  pointer: 16,
  filetime: 17,
  systemtime: 18,
  sid: 19,
  hexint32: 20,
  hexint64: 21,
  countedunicodestring: 22,
  countedansistring: 23,
  countedbinary: 25,
};
const MOST_FIELDS = 256;

/** The providers of a manifest; a text that says what is wrong with it if it cannot be read. Never throws. */
export function readManifest(text: string): ManifestProvider[] | string {
  const root = readXml(text);
  if (typeof root === 'string') return root;
  const strings = stringsOf(root);
  const providers: ManifestProvider[] = [];
  let events = 0;
  for (const provider of descendants(root, ['instrumentation', 'events', 'provider'])) {
    const guid = /^\{?([0-9a-f-]{36})\}?$/i.exec(attribute(provider, 'guid') ?? '')?.[1]?.toLowerCase();
    if (guid === undefined) continue;
    const read = providerOf(provider, guid, strings);
    events += read.events.length;
    if (events > MOST_EVENTS) return 'more events than a manifest has';
    providers.push(read);
  }
  return providers.length === 0 ? 'no provider is in it' : providers;
}

/** Elements at the end of a path of names, which may begin with the root. */
function descendants(root: XmlElement, path: readonly string[]): XmlElement[] {
  let level = root.name === path[0] ? [root] : elementsOf(root).filter(({ name }) => name === path[0]);
  for (const step of path.slice(1))
    level = level.flatMap((each) => elementsOf(each).filter(({ name }) => name === step));
  return level;
}

/** The texts of the first language there is. */
function stringsOf(root: XmlElement): Map<string, string> {
  const table = child(child(child(root, 'localization'), 'resources'), 'stringTable');
  const strings = new Map<string, string>();
  for (const each of elementsOf(table)) strings.set(attribute(each, 'id') ?? '', attribute(each, 'value') ?? '');
  return strings;
}

function providerOf(provider: XmlElement, guid: string, strings: ReadonlyMap<string, string>): ManifestProvider {
  const text = (reference: string | null): string | null => {
    const id = /^\$\(string\.(.+)\)$/.exec(reference ?? '')?.[1];
    return id === undefined ? null : (strings.get(id) ?? null);
  };
  const maps = new Map<string, ValueMap>();
  for (const map of elementsOf(child(provider, 'maps'))) maps.set(attribute(map, 'name') ?? '', mapOf(map, text));
  const templates = new Map<string, ManifestField[]>();
  for (const template of elementsOf(child(provider, 'templates'))) {
    templates.set(attribute(template, 'tid') ?? '', fieldsOf(template, maps));
  }
  const events = elementsOf(child(provider, 'events')).flatMap((event): ManifestEvent[] => {
    const id = numberOf(attribute(event, 'value'));
    if (event.name !== 'event' || id === null || id > 0xffff) return [];
    const task = attribute(event, 'task');
    const opcode = attribute(event, 'opcode')?.replace(/^win:/, '') ?? null;
    const named = task === null ? null : opcode === null ? task : `${task}/${opcode}`;
    return [
      {
        id,
        version: numberOf(attribute(event, 'version')) ?? 0,
        name: attribute(event, 'symbol') ?? named,
        message: text(attribute(event, 'message')),
        fields: templates.get(attribute(event, 'template') ?? '') ?? [],
      },
    ];
  });
  return { guid, name: attribute(provider, 'name'), events };
}

function mapOf(map: XmlElement, text: (reference: string | null) => string | null): ValueMap {
  const names = new Map<number, string>();
  for (const each of elementsOf(map)) {
    const value = numberOf(attribute(each, 'value'));
    const name = text(attribute(each, 'message')) ?? attribute(each, 'symbol');
    if (value !== null && name !== null) names.set(value, name.replace(/%n/g, '').trim());
  }
  return { bits: map.name === 'bitMap', names };
}

/** The fields of a template; those of a structure lie in it. */
function fieldsOf(template: XmlElement, maps: ReadonlyMap<string, ValueMap>): ManifestField[] {
  const left = { fields: MOST_FIELDS };
  const read = (parent: XmlElement, ofEvent: readonly ManifestField[] | null): ManifestField[] => {
    const fields: ManifestField[] = [];
    for (const each of elementsOf(parent)) {
      const isStructure = each.name === 'struct';
      if (!isStructure && each.name !== 'data') continue;
      if (--left.fields < 0) break;
      const type = (attribute(each, 'inType') ?? '').replace(/^\w+:/, '').toLowerCase();
      fields.push({
        name: attribute(each, 'name') ?? `field${fields.length + 1}`,
        type: Object.hasOwn(TYPES, type) ? (TYPES[type] as number) : 0,
        out: isStructure ? null : outTypeNamed(attribute(each, 'outType') ?? ''),
        count: amountOf(attribute(each, 'count'), fields, ofEvent),
        length: amountOf(attribute(each, 'length'), fields, ofEvent),
        map: maps.get(attribute(each, 'map') ?? '') ?? null,
        members: isStructure ? read(each, ofEvent ?? fields) : null,
      });
    }
    return fields;
  };
  return read(template, null);
}

/** A number, or the name of an earlier field, of the same structure or of the event; null if there is no field of that name. */
function amountOf(
  text: string | null,
  before: readonly ManifestField[],
  ofEvent: readonly ManifestField[] | null,
): Amount | null {
  if (text === null) return null;
  const fixed = numberOf(text);
  if (fixed !== null) return { fixed };
  const own = before.findIndex(({ name }) => name === text);
  if (own >= 0) return { field: own };
  const outer = ofEvent?.findIndex(({ name }) => name === text) ?? -1;
  return outer < 0 ? null : { field: outer, ofEvent: true };
}

function numberOf(text: string | null): number | null {
  if (text === null || !/^\s*(0x[0-9a-f]{1,8}|\d{1,10})\s*$/i.test(text)) return null;
  return Number(text);
}
