/** Calls that concern the program as a whole, and which sessions and views are open in it. */
import { type Failure, fail, ok } from '../../../native/core/result.ts';
import type { appCalls } from '../../contract/calls/app-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import { type Dependencies, openPathBy } from './dependencies.ts';

export function appHandlers(dependencies: Dependencies): Pick<Handlers, keyof typeof appCalls> {
  const { workspace, feed, wake } = dependencies;
  const openPath = openPathBy(dependencies);
  let asking = false;
  return {
    'app.bootstrap': () => {
      feed.pageLoaded();
      // The page that asked is gone.
      dependencies.questions.stop();
      wake();
      return { ...dependencies.bootstrap(), layout: workspace.layout };
    },
    'app.setTheme': ({ theme }) => {
      dependencies.setTheme(theme);
      return null;
    },
    'app.remember': ({ state }) => {
      dependencies.remember(state);
      return null;
    },
    'workspace.openSession': () => {
      const opened = workspace.openSession();
      wake();
      return opened.ok ? ok({ session: opened.value.session, view: opened.value.id }) : opened;
    },
    'workspace.openFiles': async () => {
      if (asking) return fail('overloaded', 'Files to open are being chosen', 'Choose those first');
      asking = true;
      const paths = await dependencies.askForFiles().finally(() => {
        asking = false;
      });
      let last = null;
      let failure: Failure | null = null;
      for (const path of paths) {
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
      wake();
      return opened.ok ? ok({ view: opened.value.id }) : opened;
    },
    'workspace.closeView': ({ view }) => {
      workspace.closeView(view);
      wake();
      return null;
    },
  };
}
