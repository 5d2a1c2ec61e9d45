/** The restart as administrator, of this program with what is open in it. */
import { app } from 'electron';
import { startElevated } from '../../native/win32/elevated-start.ts';
import { isElevated } from '../../native/win32/processes.ts';
import type { PageState } from '../contract/page-state.ts';
import { sessionsOf } from '../service/restart-state.ts';
import type { Workspace } from '../session/workspace/workspace.ts';
import { type AppArguments, explaining } from './arguments.ts';
import { unkeptRows } from './closing.ts';
import { Elevation } from './elevation.ts';
import { markRestart } from './resuming.ts';

export interface RestartingDependencies {
  readonly args: AppArguments;
  /** Files of schemas that were named at a start, to this program or one that handed over. */
  readonly schemas: () => readonly string[];
  readonly workspace: Workspace;
  /** What the page last told of itself. */
  readonly page: () => PageState | null;
  /** Whether the program may end although so many rows go with it. */
  readonly askToClose: (rows: number) => Promise<boolean>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** `unkept`: rows that nothing keeps, which would go with the program. */
export function createElevation({ args, schemas, workspace, page, askToClose, now }: RestartingDependencies) {
  const unkept = (): number =>
    unkeptRows(
      workspace.openSessions.map(({ session }) => session),
      now(),
    );
  const elevation = new Elevation({
    folder: app.getPath('userData'),
    ...{ elevated: isElevated, start: startElevated, now },
    program: {
      file: process.execPath,
      before: process.defaultApp ? [app.getAppPath()] : [],
      get behind() {
        return explaining({ ...args, schemas: schemas() });
      },
      folder: process.cwd(),
    },
    state: () => ({ sessions: sessionsOf(workspace), page: page() }),
    mark: () => markRestart(workspace, new Date()),
    mayEnd: async () => unkept() === 0 || askToClose(unkept()),
    quit: () => app.quit(),
  });
  return { elevation, unkept };
}
