/** Handlers of calls about one session: from which sources it captures, and which rows it keeps. */
import { fail, ok } from '../../../native/core/result.ts';
import type { sessionCalls } from '../../contract/calls/session-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { Session } from '../../session/ingest/session.ts';
import { orRefuse } from '../refused.ts';
import type { Dependencies } from './dependencies.ts';

const MIB = 1024 ** 2;

const stillEnding = () =>
  fail('overloaded', 'The disk has not taken the rows of earlier sessions yet', 'Wait a moment, then clear again');

export function sessionHandlers(dependencies: Dependencies): Pick<Handlers, keyof typeof sessionCalls> {
  const { workspace, wake, now, largestCapBytes } = dependencies;
  const of = (id: number): Session => orRefuse(workspace.session(id));
  return {
    'session.start': async ({ session, source }) => {
      const started = await dependencies.openSource(of(session), source, 'alone');
      wake();
      return started;
    },
    'session.add': async ({ session, source }) => {
      const added = await dependencies.openSource(of(session), source, 'beside');
      wake();
      return added;
    },
    'session.remove': ({ session, id }) => {
      of(session).remove(id);
      wake();
      return null;
    },
    'session.stop': ({ session }) => {
      of(session).stop();
      wake();
      return null;
    },
    'session.clear': ({ session }) => {
      const cleared = of(session);
      orRefuse(dependencies.mayEnd() ? ok(null) : stillEnding());
      cleared.clear();
      wake();
      return null;
    },
    'session.setCaptureFilter': ({ session, filter }) => {
      const set = of(session).setCaptureFilter(filter);
      wake();
      return set;
    },
    'session.templates': ({ session, order, most }) => {
      const marked = of(session).bookmarks.all.map(({ row }) => row);
      wake();
      return orRefuse(workspace.gathered(session)).templates.report(now(), order, most, marked);
    },
    'session.setRetention': ({ session, settings }) => {
      if (settings.memoryCapBytes > largestCapBytes) {
        const megabytes = Math.floor(largestCapBytes / MIB).toLocaleString('en');
        return fail(
          'bad-argument',
          'The rows cannot have so much of the memory of this machine',
          `Choose at most ${megabytes} MB; rows beyond it are kept on disk`,
        );
      }
      workspace.setPolicy(of(session), settings.policy);
      workspace.setMemoryCap(settings.memoryCapBytes);
      dependencies.retentionChanged(settings);
      wake();
      return ok(null);
    },
  };
}
