/** Handlers of calls that merge the files of a session anew. What is read is decided in the session. */
import { fail, ok } from '../../../native/core/result.ts';
import type { mergeCalls } from '../../contract/calls/merge-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { Carrying } from '../../session/ingest/carried-marks.ts';
import type { FilesQuestion } from '../files-question.ts';
import { fileSource } from '../open-file.ts';
import { isRecorded } from '../open-recorded.ts';
import { readAgain } from '../read-again.ts';
import { orRefuse } from '../refused.ts';
import type { Dependencies } from './dependencies.ts';

const noLog = (path: string) =>
  fail(
    'bad-argument',
    `${path} is a recorded session, which is not read as a log file`,
    'Open it by itself (Ctrl+O), export it as text, and open that file beside this one',
  );

export function mergeHandlers(
  dependencies: Dependencies,
  question: FilesQuestion,
): Pick<Handlers, keyof typeof mergeCalls> {
  const { workspace, wake, recent } = dependencies;
  return {
    'session.openBeside': async ({ session: id, stands }) => {
      orRefuse(workspace.session(id));
      const asked = await question.paths();
      if (!asked.ok) return asked;
      const paths = asked.value;
      if (paths.length === 0) return ok(null);
      const recorded = paths.find(isRecorded);
      if (recorded !== undefined) return noLog(recorded);
      // It may have been closed while the person chose.
      const session = orRefuse(workspace.session(id));
      const read = (carrying: Carrying) => {
        const added = session.files.add(paths.map(fileSource), carrying);
        if (added.ok) for (const path of paths) recent.note(path);
        wake();
        return added;
      };
      const added = await readAgain(session, stands, read, dependencies);
      return added.ok ? ok({ ...added.value, files: paths.length }) : added;
    },
    'session.setOffset': ({ session: id, id: source, ns, stands }) => {
      const session = orRefuse(workspace.session(id));
      const read = (carrying: Carrying) => {
        const set = session.files.setOffset(source, ns, carrying);
        wake();
        return set;
      };
      return readAgain(session, stands, read, dependencies);
    },
  };
}
