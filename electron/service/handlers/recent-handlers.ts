/** Calls about the files that were opened lately: what each does is in ../recent-files.ts. */
import { ok } from '../../../native/core/result.ts';
import type { recentCalls } from '../../contract/calls/recent-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import { type Dependencies, openPathBy } from './dependencies.ts';

export function recentHandlers(dependencies: Dependencies): Pick<Handlers, keyof typeof recentCalls> {
  const { recent, wake } = dependencies;
  const openPath = openPathBy(dependencies);
  return {
    'recent.list': async () => ok(await recent.list()),
    'recent.open': async ({ id }) => {
      const path = recent.pathOf(id);
      if (!path.ok) return path;
      const opened = await openPath(path.value);
      wake();
      return opened.ok ? ok({ session: opened.value.session, view: opened.value.id }) : opened;
    },
    'recent.forget': ({ id }) => {
      recent.forget(id);
      return null;
    },
  };
}
