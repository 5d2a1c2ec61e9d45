/** The XML of an event as a tree, and as text. Pure. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
}

export interface XmlAttribute {
  readonly name: string;
  readonly value: string;
}

export type XmlNode = XmlElement | string;

/** An element of which attributes and children are still being read. */
export interface OpenElement {
  readonly name: string;
  readonly attributes: XmlAttribute[];
  readonly children: XmlNode[];
}

/** The characters of the entities that XML has by itself. */
export const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The first child of a name. */
export function child(element: XmlElement | null, name: string): XmlElement | null {
  for (const node of element?.children ?? []) if (typeof node !== 'string' && node.name === name) return node;
  return null;
}

export function attribute(element: XmlElement | null, name: string): string | null {
  return element?.attributes.find((each) => each.name === name)?.value ?? null;
}

/** The text directly in an element. */
export function textOf(element: XmlElement | null): string {
  return (element?.children ?? []).filter((node) => typeof node === 'string').join('');
}

export function elementsOf(element: XmlElement | null): XmlElement[] {
  return (element?.children ?? []).filter((node): node is XmlElement => typeof node !== 'string');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] as string);
}

/** The element as XML without white space between elements. */
export function xmlText(node: XmlNode): string {
  if (typeof node === 'string') return escaped(node);
  const attributes = node.attributes.map(({ name, value }) => ` ${name}="${escaped(value)}"`).join('');
  if (node.children.length === 0) return `<${node.name}${attributes}/>`;
  return `<${node.name}${attributes}>${node.children.map(xmlText).join('')}</${node.name}>`;
}
