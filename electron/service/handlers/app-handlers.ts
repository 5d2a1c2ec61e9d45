/** Calls that concern the program as a whole, and which sessions and views are open in it. */
import { type Failure, fail, ok } from '../../../native/core/result.ts';
import type { appCalls } from '../../contract/calls/app-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import { MOST_WINDOWS } from '../../contract/limits.ts';
import { type AskForFiles, type Dependencies, openPathBy } from './dependencies.ts';

export function appHandlers(
  dependencies: Dependencies,
  askForFiles: AskForFiles,
): Pick<Handlers, keyof typeof appCalls> {
  const { workspace, places, feed, wake } = dependencies;
  const openPath = openPathBy(dependencies);
  return {
    'app.bootstrap': () => {
      feed.pageLoaded();
      // The page that asked is gone.
      dependencies.questions.stop();
      wake();
      return { ...dependencies.bootstrap(), layout: feed.layout };
    },
    'app.setTheme': ({ theme }) => {
      dependencies.setTheme(theme);
      return null;
    },
    'app.remember': ({ state }) => {
      dependencies.remember(state);
      return null;
    },
    'app.elevate': () => dependencies.elevate(),
    'workspace.openSession': () => {
      const opened = workspace.openSession();
      if (opened.ok) places.put(opened.value.id, feed.number);
      wake();
      return opened.ok ? ok({ session: opened.value.session, view: opened.value.id }) : opened;
    },
    'workspace.openFiles': async () => {
      const asked = await askForFiles();
      places.use(feed.number);
      if (!asked.ok) return asked;
      let last = null;
      let failure: Failure | null = null;
      for (const path of asked.value) {
        const opened = await openPath(path);
        wake();
        if (opened.ok) last = { session: opened.value.session, view: opened.value.id };
        else failure ??= opened.failure;
      }
      return failure === null ? ok(last) : { ok: false, failure };
    },
    'workspace.closeSession': ({ session }) => {
      workspace.closeSession(session);
      wake();
      return null;
    },
    'workspace.openView': ({ like, linked = false }) => {
      const opened = workspace.openView(like, linked);
      if (opened.ok) places.put(opened.value.id, feed.number);
      wake();
      return opened.ok ? ok({ view: opened.value.id }) : opened;
    },
    'workspace.openWindow': ({ view }) => {
      if (places.count >= MOST_WINDOWS)
        return fail('overloaded', `${MOST_WINDOWS} windows are open already`, 'Close one first');
      // A window that shows nothing any more would close: it keeps its last view, and the other one gets one like it.
      const only = places.viewsOf(places.of(view)).length === 1;
      const opened = only ? workspace.openView(view) : workspace.view(view);
      if (!opened.ok) return opened;
      dependencies.openWindow(opened.value.id);
      wake();
      return ok(null);
    },
    'workspace.closeView': ({ view }) => {
      workspace.closeView(view);
      wake();
      return null;
    },
  };
}
