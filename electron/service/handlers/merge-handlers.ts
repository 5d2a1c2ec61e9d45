/** Handlers of calls that merge the files of a session anew. What is read is decided in the session. */
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { mergeCalls } from '../../contract/calls/merge-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { ReadAgain } from '../../contract/merging.ts';
import type { Carrying } from '../../session/ingest/carried-marks.ts';
import type { FilesAgain } from '../../session/ingest/files-again.ts';
import type { Session } from '../../session/ingest/session.ts';
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
  const of = (id: number): Session => orRefuse(workspace.session(id));

  /** Has the files of a session read again as `how` says. */
  function again(
    session: Session,
    stands: readonly number[],
    how: (files: FilesAgain, carrying: Carrying) => Result<null>,
  ): Promise<Result<ReadAgain>> {
    const read = (carrying: Carrying): Result<null> => {
      const begun = how(session.files, carrying);
      wake();
      return begun;
    };
    return readAgain(session, stands, read, dependencies);
  }

  return {
    'session.openBeside': async ({ session, stands }) => {
      // Nobody is asked for a file that cannot be opened here.
      const { hindrance } = of(session).files;
      if (hindrance !== null) return { ok: false, failure: hindrance };
      const asked = await question.paths();
      if (!asked.ok) return asked;
      const paths = asked.value;
      if (paths.length === 0) return ok(null);
      const recorded = paths.find(isRecorded);
      if (recorded !== undefined) return noLog(recorded);
      // It may have been closed while the person chose.
      const added = await again(of(session), stands, (files, carrying) => files.add(paths.map(fileSource), carrying));
      if (!added.ok) return added;
      for (const path of paths) recent.note(path);
      return ok({ ...added.value, files: paths.length });
    },
    'session.setOffset': ({ session, id, ns, stands }) =>
      again(of(session), stands, (files, carrying) => files.setOffset(id, ns, carrying)),
    'session.readAs': ({ session, id, encoding, stands }) =>
      again(of(session), stands, (files, carrying) => files.setEncoding(id, encoding, carrying)),
  };
}
