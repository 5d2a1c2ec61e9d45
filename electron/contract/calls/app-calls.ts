/** Calls about the program as a whole, and about which sessions and views are open in it. */
import { type Bootstrap, THEMES } from '../app.ts';
import { done, essential, result } from '../call.ts';
import { flag, nothing, object, oneOf } from '../check.ts';
import { pageState } from '../page-state.ts';
import { nothingElse, ofSession, ofView, viewId } from './ids.ts';

export const appCalls = {
  /** Everything a page needs to start. This is its first call, made once it has subscribed to all events. */
  'app.bootstrap': essential<Bootstrap>()(nothing),
  'app.setTheme': done((value) => ({ theme: oneOf(object(value).theme, THEMES, 'theme') })),
  /** Stores the state of the page for the one that takes its place, should it end. */
  'app.remember': done((value) => ({ state: pageState(object(value).state) })),
  /**
   * Ends the program and starts it again with the rights of an administrator, once the person has let Windows do that, with the
   * sessions, sources and views that there are. Failures: source-unsupported off Windows, bad-argument with these rights already,
   * cancelled if the person declined (nothing has changed then), overloaded while another such question is open.
   */
  'app.elevate': result<null>()(nothing),
  /** Opens a session without sources, with one view. Failure: overloaded, if too many are open. */
  'workspace.openSession': result<{ readonly session: number; readonly view: number }>()(nothing),
  /**
   * Asks the person for log files and opens each in a session of its own. The reply is the view of the last one;
   * null if the person dismissed the dialog. Failure: that of the first file that cannot be opened; the others are
   * opened all the same.
   */
  'workspace.openFiles': result<{ readonly session: number; readonly view: number } | null>()(nothing),
  /** Ends the session's capture and discards its rows. If it was the last session, an empty one is opened. */
  'workspace.closeSession': done(ofSession(nothingElse)),
  /**
   * Opens one more view of a session, with the filter of another of its views; or `linked`, which shows all that the other
   * shows, filters it further, and follows its filter. Failure: overloaded, closed.
   */
  'workspace.openView': result<{ readonly view: number }>()((value) => {
    const { like, linked } = object(value);
    return { like: viewId(like), ...(linked === undefined ? {} : { linked: flag(linked, 'linked') }) };
  }),
  /**
   * Shows a view in a window of its own; of a window that has no other, one like it. Failure: overloaded, if too many
   * windows or views are open, closed.
   */
  'workspace.openWindow': result<null>()(ofView(nothingElse)),
  /** Closes a view, and with a session's last view the session. */
  'workspace.closeView': done(ofView(nothingElse)),
};
