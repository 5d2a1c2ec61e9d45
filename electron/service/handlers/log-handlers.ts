/** Calls about logs that are written to files while rows come: what each does is in ../file-logs.ts. */
import { ok } from '../../../native/core/result.ts';
import type { logCalls } from '../../contract/calls/log-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import { OneQuestion } from '../one-question.ts';
import { type Dependencies, lookedAt } from './dependencies.ts';

export function logHandlers(dependencies: Dependencies): Pick<Handlers, keyof typeof logCalls> {
  const { fileLogs, workspace, wake, askForPath } = dependencies;
  const question = new OneQuestion('A file to log to is being chosen', 'Choose that first');
  return {
    'view.startLog': async ({ view, log }) => {
      const { view: open, session } = lookedAt(dependencies, view);
      const free = fileLogs.free(open.session);
      if (!free.ok) return free;
      const asked = await question.ask(() => askForPath({ log: log.format }));
      if (!asked.ok) return asked;
      if (asked.value === null) return ok(null);
      // It may have been closed while the person chose.
      const still = workspace.view(view);
      if (!still.ok) return still;
      const name = workspace.layout.find(({ session: id }) => id === open.session)?.name ?? '';
      const started = await fileLogs.start({ session, id: open.session, name }, open, log, asked.value);
      wake();
      return started;
    },
    'session.stopLog': async ({ session }) => {
      const stopped = await fileLogs.stop(session);
      wake();
      return ok(stopped);
    },
  };
}
