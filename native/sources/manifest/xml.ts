/**
 * As much of XML as manifests are written in: elements, attributes, text, comments, declarations. No entities beyond the five
 * and numbers, no document types: what declares entities cannot blow up here. Depth and number of parts are bounded.
 */
import { ENTITIES, type OpenElement, type XmlAttribute, type XmlElement } from '../evtx/xml-tree.ts';

const MOST_DEPTH = 64;
const MOST_ELEMENTS = 1_000_000;
const NAME = /[^\s=/<>"']+/y;
const ATTRIBUTE = /\s+([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{1,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES.get(name) ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Names count without their prefix: a manifest may bind the namespace to any. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The root element; a text that says what is wrong and where if it cannot be read. Never throws. */
export function readXml(text: string): XmlElement | string {
  const top: OpenElement = { name: '', attributes: [], children: [] };
  const open: OpenElement[] = [top];
  let elements = 0;
  let at = 0;
  const wrong = (what: string): string => `${what} in line ${text.slice(0, at).split('\n').length}`;
  /** Moves behind the next `end`; false if there is none. */
  const skipTo = (end: string): boolean => {
    const found = text.indexOf(end, at);
    at = found < 0 ? text.length : found + end.length;
    return found >= 0;
  };
  while (at < text.length) {
    const begin = text.indexOf('<', at);
    const inner = open.at(-1) as OpenElement;
    const between = text.slice(at, begin < 0 ? text.length : begin);
    if (between.trim() !== '' && open.length > 1) inner.children.push(unescaped(between));
    if (begin < 0) break;
    at = begin + 1;
    if (text.startsWith('!--', at)) {
      if (!skipTo('-->')) return wrong('a comment does not end');
    } else if (text.startsWith('![CDATA[', at)) {
      const from = at + 8;
      if (!skipTo(']]>')) return wrong('a text does not end');
      inner.children.push(text.slice(from, at - 3));
    } else if (text[at] === '?' || text[at] === '!') {
      if (!skipTo('>')) return wrong('a declaration does not end');
    } else if (text[at] === '/') {
      const from = at + 1;
      if (!skipTo('>') || open.length < 2) return wrong('an element ends that did not begin');
      const closed = open.pop() as OpenElement;
      if (text.slice(from, at - 1).trim() !== closed.name) return wrong(`'${closed.name.slice(0, 80)}' does not end`);
      (open.at(-1) as OpenElement).children.push({ ...closed, name: localName(closed.name) });
    } else {
      NAME.lastIndex = at;
      const name = NAME.exec(text)?.[0];
      if (name === undefined) return wrong('an element without a name');
      if (++elements > MOST_ELEMENTS || open.length > MOST_DEPTH) return wrong('more elements than a manifest has');
      at = NAME.lastIndex;
      const attributes: XmlAttribute[] = [];
      for (ATTRIBUTE.lastIndex = at; ; at = ATTRIBUTE.lastIndex) {
        const found = ATTRIBUTE.exec(text);
        if (found === null) break;
        attributes.push({ name: localName(found[1] as string), value: unescaped(found[2] ?? found[3] ?? '') });
      }
      while (/\s/.test(text[at] ?? '')) at++;
      const empty = text.startsWith('/>', at);
      if (!empty && text[at] !== '>') return wrong(`'${name.slice(0, 80)}' has something that is no attribute`);
      at += empty ? 2 : 1;
      const element: OpenElement = { name, attributes, children: [] };
      if (empty) inner.children.push({ ...element, name: localName(name) });
      else open.push(element);
    }
  }
  if (open.length > 1) return wrong(`'${(open.at(-1) as OpenElement).name.slice(0, 80)}' does not end`);
  const root = top.children.find((node): node is XmlElement => typeof node !== 'string');
  return root ?? 'there is no element';
}
