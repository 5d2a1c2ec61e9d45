/** What is known of the rows of a session beside them, for whatever writes them to a file. */
import { MOST_EVENTS } from '../../native/core/event-names.ts';
import { movedName } from '../contract/moved-time.ts';
import type { TableFacts } from '../query/table-writer.ts';
import type { NameOfProcess } from '../session/ingest/process-names.ts';
import type { Session } from '../session/ingest/session.ts';
import type { ExportInfo, NamesOfEvent, OutputFacts, SourceFields } from '../session/output/output-facts.ts';
import { schemaTexts } from '../session/text/schemas.ts';

/** What is known of the rows of a source of a session, both by their numbers. */
export type FieldsOf = (session: number, source: number) => SourceFields;

type SessionFacts = Pick<OutputFacts, 'info' | 'sources' | 'processOf' | 'eventOf' | 'fieldsOf'>;

/** `id`: the number of the session. */
export function sessionFacts(session: Session, id: number, fieldsOf: FieldsOf): SessionFacts {
  return {
    info: exportInfo(session),
    sources: session.sourceNames,
    processOf: processOf(session),
    eventOf: eventOf(session),
    fieldsOf: (source) => fieldsOf(id, source),
  };
}

/** The same as values, which another thread can be sent. */
export function tableFacts(session: Session, id: number, fieldsOf: FieldsOf): TableFacts {
  const { sourceNames: sources, processes, eventNames } = session;
  return {
    info: exportInfo(session),
    sources,
    fields: new Map(sources.map((source) => [source.id, fieldsOf(id, source.id)])),
    processes: processes.all,
    events: eventNames.since(1, MOST_EVENTS),
    schemas: schemaTexts(),
  };
}

function exportInfo(session: Session): ExportInfo | null {
  const info = session.sourceInfo;
  if (info === null) return null;
  const source = session
    .facts()
    .sources.map(({ name, statedNs }) => movedName(name, statedNs))
    .join(', ');
  return { source, sessionId: info.ring?.sessionId ?? null, startUnixMs: session.startUnixMs };
}

/** Names processes in what leaves the program; null while none has a name, so that no column stands empty. */
function processOf({ processes }: Session): NameOfProcess | null {
  return processes.known ? processes.nameOf : null;
}

/** What events are called; null without any. A session has one number for each, whatever the source. */
function eventOf({ eventNames }: Session): NamesOfEvent | null {
  return eventNames.size > 1 ? (_source, event) => eventNames.at(event) : null;
}
