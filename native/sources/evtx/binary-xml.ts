/**
 * Binary XML of event log files: templates with values put in their places. Read from one chunk, within which all offsets
 * lie. Every offset is checked, every step goes forward or is counted, and depth is bounded: a damaged or hostile chunk
 * gives an error that names the place, never an endless loop.
 *
 * Layout: [MS-EVEN6] 2.2.12 and the documentation of libevtx.
 */
import { utf16Text, ValueType, valueText } from './values.ts';
import { ENTITIES, type OpenElement, type XmlAttribute, type XmlElement, type XmlNode } from './xml-tree.ts';

/** Says what is wrong, and where in the chunk. Caught by whoever reads records. */
export class DamagedXml extends Error {
  override readonly name = 'DamagedXml';
}

const MOST_DEPTH = 64;
/** The most elements, attributes and values of one record. */
const MOST_NODES = 20_000;
const MOST_VALUES = 4096;
/** The most characters of one record. A chunk has 64 KiB, but a template may repeat a value any number of times. */
const MOST_CHARACTERS = 1_048_576;

const Token = {
  End: 0x00,
  OpenElement: 0x01,
  CloseStart: 0x02,
  CloseEmpty: 0x03,
  EndElement: 0x04,
  Value: 0x05,
  Attribute: 0x06,
  CData: 0x07,
  CharRef: 0x08,
  EntityRef: 0x09,
  InstructionTarget: 0x0a,
  InstructionData: 0x0b,
  Template: 0x0c,
  Substitution: 0x0d,
  OptionalSubstitution: 0x0e,
  Fragment: 0x0f,
} as const;

/** The bit of a token that says that more tokens of its kind follow. */
const MORE = 0x40;

/** A value for a place in a template. */
interface Substituted {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

export class BinaryXmlReader {
  private readonly chunk: Uint8Array;
  private readonly view: DataView;
  private nodes = 0;
  private characters = 0;
  private at = 0;
  private end = 0;

  /** `chunk`: the whole chunk, or for a template of a resource, the resource. */
  constructor(chunk: Uint8Array) {
    this.chunk = chunk;
    this.view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }

  /** The root element of the fragment in `start..end-1`. Throws DamagedXml. */
  read(start: number, end: number): XmlElement {
    this.nodes = 0;
    this.characters = 0;
    const found = this.fragment(start, end, [], 0);
    const root = found.find((node): node is XmlElement => typeof node !== 'string');
    if (root === undefined) throw this.damaged(start, 'there is no element');
    return root;
  }

  private damaged(at: number, what: string): DamagedXml {
    return new DamagedXml(`${what} at ${at} of the chunk`);
  }

  private count(at: number): void {
    if (++this.nodes > MOST_NODES) throw this.damaged(at, `more than ${MOST_NODES} parts`);
  }

  /** Reads the fragment in `start..end-1`, then returns to the place before. */
  private fragment(start: number, end: number, values: readonly Substituted[], depth: number): XmlNode[] {
    if (depth > MOST_DEPTH) throw this.damaged(start, `deeper than ${MOST_DEPTH} levels`);
    if (end > this.chunk.length || start > end) throw this.damaged(start, 'a part that ends beyond the chunk');
    const { at: back, end: backEnd } = this;
    this.at = start;
    this.end = end;
    const nodes = this.content(values, depth);
    this.at = back;
    this.end = backEnd;
    return nodes;
  }

  private content(values: readonly Substituted[], depth: number): XmlNode[] {
    const top: XmlNode[] = [];
    const open: OpenElement[] = [];
    while (this.at < this.end) {
      const at = this.at;
      const token = this.u8() & ~MORE;
      this.count(at);
      const into = open.at(-1)?.children ?? top;
      switch (token) {
        case Token.End:
          return this.closeAll(open, top);
        case Token.Fragment:
          this.skip(3);
          break;
        case Token.OpenElement:
          if (open.length + depth > MOST_DEPTH) throw this.damaged(at, `deeper than ${MOST_DEPTH} levels`);
          open.push(this.element(at, values, depth));
          break;
        case Token.CloseStart:
          break;
        case Token.CloseEmpty:
        case Token.EndElement: {
          const closed = open.pop();
          if (closed === undefined) throw this.damaged(at, 'an element ends that did not begin');
          (open.at(-1)?.children ?? top).push(closed);
          break;
        }
        case Token.Value:
        case Token.CData:
        case Token.CharRef:
        case Token.EntityRef:
          into.push(this.literal(token, at));
          break;
        case Token.InstructionTarget:
          this.name();
          break;
        case Token.InstructionData:
          this.countedText();
          break;
        case Token.Template:
          into.push(...this.template(depth));
          break;
        case Token.Substitution:
        case Token.OptionalSubstitution:
          into.push(...this.substituted(values, token === Token.OptionalSubstitution, depth));
          break;
        default:
          throw this.damaged(at, `an unknown token 0x${token.toString(16)}`);
      }
    }
    return this.closeAll(open, top);
  }

  /** Closes the elements that are still open at the end of a fragment that was cut off. */
  private closeAll(open: OpenElement[], top: XmlNode[]): XmlNode[] {
    for (let element = open.pop(); element !== undefined; element = open.pop()) {
      (open.at(-1)?.children ?? top).push(element);
    }
    return top;
  }

  private element(at: number, values: readonly Substituted[], depth: number): OpenElement {
    const hasAttributes = ((this.chunk[at] as number) & MORE) !== 0;
    this.skip(2 + 4);
    const name = this.name();
    const attributes: XmlAttribute[] = [];
    if (!hasAttributes) return { name, attributes, children: [] };
    const length = this.u32();
    const end = this.at + length;
    if (end > this.end) throw this.damaged(at, 'attributes that end beyond their element');
    while (this.at < end) {
      const from = this.at;
      this.count(from);
      if ((this.u8() & ~MORE) !== Token.Attribute) throw this.damaged(from, 'something else than an attribute');
      const attribute = this.name();
      const value = this.attributeValue(end, values, depth);
      if (value !== null) attributes.push({ name: attribute, value });
    }
    return { name, attributes, children: [] };
  }

  /** The value up to the next attribute. Null if it has only missing optional parts: the attribute is then omitted. */
  private attributeValue(end: number, values: readonly Substituted[], depth: number): string | null {
    let text: string | null = null;
    while (this.at < end && ((this.chunk[this.at] as number) & ~MORE) !== Token.Attribute) {
      const at = this.at;
      const token = this.u8() & ~MORE;
      this.count(at);
      if (token === Token.Substitution || token === Token.OptionalSubstitution) {
        const found = this.substituted(values, token === Token.OptionalSubstitution, depth);
        const part = found.filter((node) => typeof node === 'string').join('');
        if (found.length > 0 || token === Token.Substitution) text = (text ?? '') + part;
      } else text = (text ?? '') + this.literal(token, at);
    }
    return text;
  }

  private literal(token: number, at: number): string {
    switch (token) {
      case Token.Value: {
        const type = this.u8();
        if (type !== ValueType.Text) throw this.damaged(at, `a literal of type ${type}`);
        return this.countedText();
      }
      case Token.CData:
        return this.countedText();
      case Token.CharRef:
        return String.fromCharCode(this.u16());
      case Token.EntityRef: {
        const entity = this.name();
        return ENTITIES.get(entity) ?? `&${entity};`;
      }
      default:
        throw this.damaged(at, `an unexpected token 0x${token.toString(16)}`);
    }
  }

  /** The number of characters, and the characters, in UTF-16. */
  private countedText(): string {
    const characters = this.u16();
    const start = this.at;
    this.skip(characters * 2);
    return this.counted(start, utf16Text(this.chunk.subarray(start, this.at)));
  }

  private counted(at: number, text: string): string {
    this.characters += text.length;
    if (this.characters > MOST_CHARACTERS) throw this.damaged(at, `more than ${MOST_CHARACTERS} characters`);
    return text;
  }

  /** Reads a name. Its characters lie at its first use; later uses have the offset of that. */
  private name(): string {
    const from = this.at;
    const offset = this.u32();
    const inline = offset === this.at;
    if (offset + 8 > this.chunk.length) throw this.damaged(from, 'a name beyond the chunk');
    const start = offset + 8;
    const end = start + this.view.getUint16(offset + 6, true) * 2;
    if (end + 2 > this.chunk.length) throw this.damaged(from, 'a name that ends beyond the chunk');
    if (inline) this.skip(end + 2 - this.at);
    return utf16Text(this.chunk.subarray(start, end));
  }

  private template(depth: number): XmlNode[] {
    const from = this.at;
    this.skip(1 + 4);
    const offset = this.u32();
    if (offset + 24 > this.chunk.length) throw this.damaged(from, 'a template beyond the chunk');
    const start = offset + 24;
    const end = start + this.view.getUint32(offset + 20, true);
    if (end > this.chunk.length) throw this.damaged(from, 'a template that ends beyond the chunk');
    if (offset === this.at) this.skip(end - this.at);
    return this.fragment(start, end, this.values(), depth + 1);
  }

  private values(): Substituted[] {
    const from = this.at;
    const count = this.u32();
    if (count > MOST_VALUES) throw this.damaged(from, `${count} values`);
    const values: Substituted[] = [];
    let start = this.at + count * 4;
    for (let value = 0; value < count; value++) {
      const length = this.u16();
      const type = this.u8();
      this.skip(1);
      values.push({ type, start, end: start + length });
      start += length;
    }
    if (start > this.end) throw this.damaged(from, 'values that end beyond their record');
    this.at = start;
    return values;
  }

  private substituted(values: readonly Substituted[], optional: boolean, depth: number): XmlNode[] {
    const number = this.u16();
    this.skip(1);
    const value = values[number];
    if (value === undefined) return [];
    const { type, start, end } = value;
    if (type === ValueType.Null && optional) return [];
    if (type === ValueType.BinaryXml) return this.fragment(start, end, [], depth + 1);
    return [this.counted(start, valueText(type, this.chunk.subarray(start, end)))];
  }

  private skip(bytes: number): void {
    if (this.at + bytes > this.end) throw this.damaged(this.at, 'a part that is cut');
    this.at += bytes;
  }

  private u8(): number {
    this.skip(1);
    return this.chunk[this.at - 1] as number;
  }

  private u16(): number {
    this.skip(2);
    return this.view.getUint16(this.at - 2, true);
  }

  private u32(): number {
    this.skip(4);
    return this.view.getUint32(this.at - 4, true);
  }
}
