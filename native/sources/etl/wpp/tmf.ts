/**
 * Trace message format files: they have the texts of WPP messages; tracepdb or the WPP preprocessor writes them. A file
 * has blocks of messages, each under the GUID of its source file.
 */

export interface TmfItem {
  /** `ItemLong`, `ItemString`, `ItemListLong(false,true)` ... */
  readonly type: string;
  /** What stands in parentheses behind the type. */
  readonly values: readonly string[];
}

export interface TmfMessage {
  readonly guid: string;
  readonly number: number;
  /** The name made of its source file and line: `irp_c42`. */
  readonly name: string;
  /** Its text, with `%N!spec!` for item N. */
  readonly format: string;
  /** By their number in the format, from 10. */
  readonly items: ReadonlyMap<number, TmfItem>;
  readonly module: string;
  readonly sourceFile: string;
  readonly line: number;
  readonly level: string;
  readonly flags: string;
  readonly function: string;
}

/** Messages by GUID and number. */
export class TmfTable {
  /** By GUID, then by number: a text made of both for each event would take longer than looking twice. */
  private readonly messages = new Map<string, Map<number, TmfMessage>>();
  private count = 0;
  /** Names of enumerations with the names of their values: `#enumv`. */
  readonly enums = new Map<string, ReadonlyMap<number, string>>();

  get size(): number {
    return this.count;
  }

  /** `guid` in lower case without braces. */
  find(guid: string, number: number): TmfMessage | null {
    return this.messages.get(guid)?.get(number) ?? null;
  }

  has(guid: string): boolean {
    return this.messages.has(guid);
  }

  add(message: TmfMessage): void {
    let own = this.messages.get(message.guid);
    if (own === undefined) {
      own = new Map();
      this.messages.set(message.guid, own);
    }
    if (!own.has(message.number)) this.count++;
    own.set(message.number, message);
  }
}

const GUID_LINE = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\s+(\S*)\s*(?:\/\/\s*SRC=(\S*))?/i;
const TYPE_LINE = /^#typev\s+(\S+)\s+(\d+)\s+"((?:[^"\\]|\\.)*)"\s*(?:\/\/\s*(.*))?$/;
const ITEM_LINE = /,\s*(Item\w+)(?:\(([^)]*)\))?\s*--\s*(\d+)\s*$/;
const ENUM_LINE = /^#enumv\s+(\S+)/;
/** Longer lines are not read: a format is a sentence. */
const MOST_LINE = 16_384;

/** Reads a file into the table. Returns the numbers of the lines that could not be understood. */
export function readTmf(text: string, table: TmfTable): number[] {
  const broken: number[] = [];
  let guid = '';
  let module = '';
  let source = '';
  let open: { message: Omit<TmfMessage, 'items'>; items: Map<number, TmfItem> } | null = null;
  let values: Map<number, string> | null = null;
  let inBlock = false;
  for (const [at, whole] of text.split(/\r?\n/).entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('//') || line.length > MOST_LINE) continue;
    if (line === '{') {
      inBlock = true;
    } else if (line === '}') {
      if (open !== null) table.add({ ...open.message, items: open.items });
      open = null;
      values = null;
      inBlock = false;
    } else if (inBlock && open !== null) {
      const item = ITEM_LINE.exec(line);
      if (item) open.items.set(Number(item[3]), { type: item[1] as string, values: splitList(item[2]) });
      else broken.push(at + 1);
    } else if (inBlock && values !== null) {
      const named =
        /^(-?\d+|0x[0-9a-f]+)\s*[,=]\s*(\S+?),?$/i.exec(line) ?? /^(\S+?)\s*=\s*(-?\d+|0x[0-9a-f]+),?$/i.exec(line);
      if (named) {
        const number = Number(/^-?\d|^0x/i.test(named[1] as string) ? named[1] : named[2]);
        values.set(number, (/^-?\d|^0x/i.test(named[1] as string) ? named[2] : named[1]) as string);
      } else broken.push(at + 1);
    } else {
      const head = GUID_LINE.exec(line);
      const type = TYPE_LINE.exec(line);
      const enumeration = ENUM_LINE.exec(line);
      if (head) {
        guid = (head[1] as string).toLowerCase();
        module = head[2] ?? '';
        source = head[3] ?? '';
      } else if (type && guid !== '') {
        const notes = type[4] ?? '';
        open = {
          message: {
            guid,
            number: Number(type[2]),
            name: type[1] as string,
            format: unescaped(type[3] as string),
            module,
            sourceFile: source,
            line: Number(/(\d+)$/.exec(type[1] as string)?.[1] ?? 0),
            level: /\bLEVEL=(\S+)/.exec(notes)?.[1] ?? '',
            flags: /\bFLAGS=(\S+)/.exec(notes)?.[1] ?? '',
            function: /\bFUNC=(\S+)/.exec(notes)?.[1] ?? '',
          },
          items: new Map(),
        };
      } else if (enumeration) {
        values = new Map();
        table.enums.set(enumeration[1] as string, values);
      } else if (!line.startsWith('#')) broken.push(at + 1);
    }
  }
  return broken;
}

function splitList(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',').map((value) => value.trim());
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_all, character: string) =>
    character === 'n' ? '\n' : character === 't' ? '\t' : character === 'r' ? '\r' : character,
  );
}
