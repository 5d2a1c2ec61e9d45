/**
 * What an event of a trace or an event log is called: its provider, its own name or number, the function and the source
 * file that it was written in. Few are different among millions of rows, so a row has a number, and the names are here.
 */

/** Under these names other programs know them. */
export const EVENT_NAME_FIELDS = ['provider', 'event', 'function', 'source_file'] as const;

export type EventNameField = (typeof EVENT_NAME_FIELDS)[number];
/** Null: the source does not say. */
export type EventNames = { readonly [Field in EventNameField]: string | null };

export const NO_EVENT_NAMES: EventNames = { provider: null, event: null, function: null, source_file: null };

/**
 * Who lost the records of a loss, as it stands behind what is said of it: ` by Boot Logger: kernel buffers full`.
 * Of a loss, `provider` says whose it was and `event` where. Empty where its source does not say.
 */
export function loserText(names: EventNames | null | undefined): string {
  const { provider, event } = names ?? NO_EVENT_NAMES;
  if (event === null) return '';
  return ` by ${provider ?? 'its source'}: ${event}`;
}

/** Numbers of a column of 16 bits, without 0. */
export const MOST_EVENTS = 65_535;
/** Of one name; a hostile trace must not fill the memory with names. */
const MOST_CHARACTERS = 256;

type Level<T> = Map<string | null, T>;

export class EventNameTable {
  private readonly names: EventNames[] = [NO_EVENT_NAMES];
  private readonly numbers: Level<Level<Level<Map<string | null, number>>>> = new Map();
  /** Different events that had no place any more, at least: their rows have no names. */
  full = false;

  /** One above the highest number. */
  get size(): number {
    return this.names.length;
  }

  /** The number of these names, which are taken over if they are new; 0 for none, and once the table is full. */
  numberOf(names: EventNames): number {
    const { provider, event, function: from, source_file: file } = names;
    if (provider === null && event === null && from === null && file === null) return 0;
    // This runs for every event: a look into four small maps costs less than a text made of four.
    const known = this.numbers.get(provider)?.get(event)?.get(from)?.get(file);
    return known ?? this.add(cut(provider), cut(event), cut(from), cut(file));
  }

  /** Takes names over that have their numbers already, 1 first; the table has none yet. Two numbers may be of the same names. */
  restore(all: readonly EventNames[]): void {
    if (this.names.length > 1) throw new Error('names are restored into an empty table');
    for (const { provider, event, function: from, source_file: file } of all.slice(0, MOST_EVENTS)) {
      const number = this.names.push({ provider, event, function: from, source_file: file }) - 1;
      const last = within(within(within(this.numbers, provider), event), from);
      if (!last.has(file)) last.set(file, number);
    }
  }

  private add(provider: string | null, event: string | null, from: string | null, file: string | null): number {
    const known = this.numbers.get(provider)?.get(event)?.get(from)?.get(file);
    if (known !== undefined) return known;
    const number = this.names.length;
    if (number > MOST_EVENTS) {
      this.full = true;
      return 0;
    }
    within(within(within(this.numbers, provider), event), from).set(file, number);
    this.names.push({ provider, event, function: from, source_file: file });
    return number;
  }

  /** The names of a number; null for 0, and for a number that was not given. */
  at(number: number): EventNames | null {
    return number === 0 ? null : (this.names[number] ?? null);
  }

  /** The names of so many numbers at most, from one on, which is 1 or more: those that came since a table was that long. */
  since(from: number, most: number): readonly EventNames[] {
    return this.names.slice(from, from + most);
  }
}

function cut(name: string | null): string | null {
  return name !== null && name.length > MOST_CHARACTERS ? name.slice(0, MOST_CHARACTERS) : name;
}

/** The map under a name, made if there is none. */
function within<K, T>(maps: Level<Map<K, T>>, name: string | null): Map<K, T> {
  let inner = maps.get(name);
  if (inner === undefined) {
    inner = new Map();
    maps.set(name, inner);
  }
  return inner;
}
