/** The filter of a capture as a person writes it. Pure. */
import {
  checkFilter,
  EVERYTHING,
  type EventFilter,
  listMode,
  parsePaths,
  parsePids,
} from '../../electron/contract/machine.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';

export interface FilterDraft {
  readonly pids: string;
  /** All but these. */
  readonly pidsOut: boolean;
  readonly paths: string;
  readonly pathsOut: boolean;
}

export function draftOf(filter: EventFilter | null): FilterDraft {
  const { pidMode, pids, pathMode, paths } = filter ?? EVERYTHING;
  return {
    ...{ pids: pids.join(', '), pidsOut: pidMode === 'exclude' },
    ...{ paths: paths.join('; '), pathsOut: pathMode === 'exclude' },
  };
}

/** Without processes or paths, all pass. Failure: bad-argument, for what the driver would not take. */
export function readDraft(draft: FilterDraft): Result<EventFilter> {
  const pids = parsePids(draft.pids);
  if (pids === null) return fail('bad-argument', 'Processes are numbers', 'Write them such as 4, 1234');
  const paths = parsePaths(draft.paths);
  const filter: EventFilter = {
    ...{ pidMode: listMode(pids, draft.pidsOut), pids },
    ...{ pathMode: listMode(paths, draft.pathsOut), paths },
  };
  const checked = checkFilter(filter);
  return checked.ok ? ok(filter) : checked;
}
