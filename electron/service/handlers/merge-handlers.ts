/** Handlers of calls that merge the files of a session anew. What is read is decided in the session. */
import { ok, type Result } from '../../../native/core/result.ts';
import type { mergeCalls } from '../../contract/calls/merge-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { FilesAdded, ReadAgain, SymbolPlace } from '../../contract/merging.ts';
import type { Carrying } from '../../session/ingest/carried-marks.ts';
import type { FilesAgain } from '../../session/ingest/files-again.ts';
import type { Session } from '../../session/ingest/session.ts';
import { specsOf } from '../open-file.ts';
import { readAgain, renewedIn } from '../read-again.ts';
import { orRefuse } from '../refused.ts';
import type { AskForFiles, Dependencies } from './dependencies.ts';

type Added = Result<Omit<FilesAdded, 'files'>>;

export function mergeHandlers(
  dependencies: Dependencies,
  askForFiles: AskForFiles,
  askForSymbols: (from: SymbolPlace) => ReturnType<AskForFiles>,
): Pick<Handlers, keyof typeof mergeCalls> {
  const { workspace, wake, recent, library, rememberSymbols } = dependencies;
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

  async function pathsOf(recorded: string): Promise<Result<readonly string[]>> {
    const found = await library.atRest(recorded);
    return found.ok ? ok([found.value.path]) : found;
  }

  async function addTo(session: Session, specs: readonly string[], stands: readonly number[]): Promise<Added> {
    const added = await again(session, stands, (files, carrying) => files.add(specs, carrying));
    return added.ok ? ok({ ...added.value, opened: null }) : added;
  }

  /**
   * The rows of a recorded session stay where they lie, so what is merged with them is a session of its own. The bookmarks
   * of each recording come with its rows.
   */
  function openTogether(specs: readonly string[], stands: readonly number[]): Added {
    const view = workspace.openSession();
    if (!view.ok) return view;
    const { session, id } = view.value;
    const merged = of(session);
    const added = merged.files.add(specs, { marks: [], renew: renewedIn(merged), told: () => {} });
    if (!added.ok) workspace.closeSession(session);
    wake();
    if (!added.ok) return added;
    return ok({ rows: stands.map(() => null), bookmarksLost: 0, opened: { session, view: id } });
  }

  return {
    'session.openBeside': async ({ session: id, recorded, stands }) => {
      const { files, recordedAt } = of(id);
      // Nobody is asked for a file that cannot be opened here.
      const hindrance = recordedAt === null ? files.hindrance : null;
      if (hindrance !== null) return { ok: false, failure: hindrance };
      const asked = recorded === null ? await askForFiles() : await pathsOf(recorded);
      if (!asked.ok) return asked;
      const paths = asked.value;
      if (paths.length === 0) return ok(null);
      const specs: string[] = [];
      for (const path of recordedAt === null ? paths : [recordedAt, ...paths]) {
        const known = specsOf(path);
        if (!known.ok) return known;
        specs.push(...known.value);
      }
      // The session may have been closed while the person chose.
      const added = recordedAt === null ? await addTo(of(id), specs, stands) : openTogether(specs, stands);
      if (!added.ok) return added;
      if (recorded === null) for (const path of paths) recent.note(path);
      return ok({ ...added.value, files: paths.length });
    },
    'session.setOffset': ({ session, id, ns, stands }) =>
      again(of(session), stands, (files, carrying) => files.setOffset(id, ns, carrying)),
    'session.readAs': ({ session, id, encoding, stands }) =>
      again(of(session), stands, (files, carrying) => files.setEncoding(id, encoding, carrying)),
    'session.explainEvents': async ({ session, id, from, stands }) => {
      // Nobody is asked for a file that cannot be used here.
      const { hindrance } = of(session).files;
      if (hindrance !== null) return { ok: false, failure: hindrance };
      const asked = await askForSymbols(from);
      if (!asked.ok) return asked;
      const symbols = asked.value;
      if (symbols.length === 0) return ok(null);
      const read = await again(of(session), stands, (files, carrying) => files.addSymbols(id, symbols, carrying));
      if (read.ok) rememberSymbols(symbols);
      return read.ok ? ok({ ...read.value, files: symbols.length }) : read;
    },
  };
}
