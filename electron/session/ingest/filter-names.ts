/** Gathers what the names and clock times in a filter may stand for: see search/name-binding.ts. */
import type { EventNameTable } from '../../../native/core/event-names.ts';
import type { TimeOrigin } from '../../contract/shown-time.ts';
import type { SourceName } from '../../contract/status.ts';
import type { FilterNames } from '../search/name-binding.ts';
import { schemaVersion } from '../text/schemas.ts';
import type { ProcessNames } from './process-names.ts';

/** What of a session has names. */
export interface Named {
  readonly sourceNames: readonly SourceName[];
  readonly processes: ProcessNames;
  readonly eventNames: EventNameTable;
  readonly origin: TimeOrigin;
}

/** Who is called what just now. The processes are listed only where somebody asks for them: there can be thousands. */
export function filterNames({ sourceNames: sources, processes, eventNames, origin }: Named): FilterNames {
  const { startUnixMs } = origin;
  const named = sources.map(({ id, name }) => `${id} ${name}`).join('\n');
  return {
    startUnixMs,
    version: `${schemaVersion()} ${startUnixMs} ${processes.version} ${eventNames.size} ${named}`,
    sources,
    get processes() {
      return processes.all;
    },
    events: [{ source: null, table: eventNames }],
  };
}
