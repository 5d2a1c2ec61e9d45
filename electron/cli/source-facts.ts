/** What whatever is written of open sources may say of them; a source's number is its place. */
import type { LogSource } from '../../native/sources/source.ts';
import type { SourceName } from '../contract/status.ts';
import { fieldsOfSource } from '../files/source-fields.ts';
import type { NameOfProcess } from '../session/ingest/process-names.ts';
import { ALL_FIELDS, type NamesOfEvent, type SourceFields } from '../session/output/output-facts.ts';

export interface SourceFacts {
  readonly names: readonly SourceName[];
  /** Names the process of a row; null where no source knows any. Decided before the first row: a column cannot come later. */
  readonly processOf: NameOfProcess | null;
  /** What events are called; null where no source is a trace or an event log. */
  readonly eventOf: NamesOfEvent | null;
  /** What is known of the rows of a source. */
  readonly fieldsOf: (id: number) => SourceFields;
}

export function factsOf(sources: readonly LogSource[]): SourceFacts {
  const named = sources.some(({ processNames }) => processNames !== undefined);
  return {
    names: sources.map(({ info }, id) => ({ id, name: info.name })),
    processOf: named ? (source, pid) => sources[source]?.processNames?.get(pid) : null,
    eventOf: sources.some(({ eventNames }) => eventNames !== undefined)
      ? (source, event) => sources[source]?.eventNames?.at(event) ?? null
      : null,
    fieldsOf: (id) => {
      const source = sources[id];
      return source === undefined ? ALL_FIELDS : fieldsOfSource(source);
    },
  };
}
