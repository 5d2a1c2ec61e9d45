/**
 * Writes the last minutes of a session to a file in the folder that the person has chosen, with every field of each row, so
 * that it can be opened again. The name is made here, and no file that is there already is touched.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Failure, fail, ok, type Result } from '../../native/core/result.ts';
import { localDay, localTime } from '../contract/local-time.ts';
import { type LogRow, SHOW_ALL } from '../contract/rows.ts';
import { ExportJob } from '../session/output/export-job.ts';
import { locate } from '../session/view/locate.ts';
import type { OpenSession, Workspace } from '../session/workspace/workspace.ts';
import { Exports } from './exports.ts';
import { type FieldsOf, sessionFacts } from './session-facts.ts';

/** How far before a match the rows begin that are saved. */
const BEFORE_NS = 5 * 60 * 1e9;
/** More files of one second are not made. */
const MOST_NAMES = 100;

export interface LastMinutesDependencies {
  readonly workspace: Workspace;
  readonly folder: () => string | null;
  readonly fieldsOf: FieldsOf;
  readonly unixMs: () => number;
  readonly now: () => number;
}

export class LastMinutes {
  private readonly dependencies: LastMinutesDependencies;
  private readonly told = new Map<number, (failure: Failure | null) => void>();
  private readonly exports: Exports;

  constructor(dependencies: LastMinutesDependencies) {
    this.dependencies = dependencies;
    this.exports = new Exports(({ id, state, failure }) => {
      if (state === 'running') return;
      this.told.get(id)?.(failure);
      this.told.delete(id);
    }, dependencies.now);
  }

  /** Begins to write those before a row, up to the newest; the value is the path. `told` gets what became of it. */
  save({ id, session }: OpenSession, row: LogRow, told: (failure: Failure | null) => void): Result<string> {
    const { workspace, fieldsOf } = this.dependencies;
    const path = this.freePath();
    if (!path.ok) return path;
    const [view] = workspace.viewsOf(id);
    const { store } = session;
    const found = view === undefined ? null : locate(view.log, { timeNs: row.timeNs - BEFORE_NS });
    const job = ExportJob.create(store, {
      format: 'jsonl',
      filter: SHOW_ALL,
      firstRow: found?.row ?? store.firstRow,
      endRow: store.endRow,
      ...sessionFacts(session, id, fieldsOf),
    });
    if (!job.ok) return job;
    const started = this.exports.start(job.value, path.value);
    if (!started.ok) return started;
    this.told.set(started.value, told);
    return path;
  }

  private freePath(): Result<string> {
    const folder = this.dependencies.folder();
    if (folder === null)
      return fail('bad-argument', 'No folder is chosen to save into', 'Choose one beside the actions');
    const at = this.dependencies.unixMs();
    const name = `ringview-match-${localDay(at)}-${localTime(at, '')}`;
    for (let number = 1; number <= MOST_NAMES; number++) {
      const path = join(folder, `${name}${number === 1 ? '' : `-${number}`}.jsonl`);
      if (!existsSync(path)) return ok(path);
    }
    return fail('overloaded', `${folder} has too many files of this second`, 'Wait a moment');
  }
}
