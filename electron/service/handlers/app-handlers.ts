/** Calls that concern the program as a whole, and which sessions and views are open in it. */
import { ok } from '../../../native/core/result.ts';
import type { appCalls } from '../../contract/calls/app-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { Dependencies } from './dependencies.ts';

export function appHandlers(dependencies: Dependencies): Pick<Handlers, keyof typeof appCalls> {
  const { workspace, feed, wake } = dependencies;
  return {
    'app.bootstrap': () => {
      feed.pageLoaded();
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
    'workspace.closeSession': ({ session }) => {
      workspace.closeSession(session);
      wake();
      return null;
    },
    'workspace.openView': ({ like }) => {
      const opened = workspace.openView(like);
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
