/** Calls that concern the program as a whole, and which sessions and views are open in it. */
import { type Bootstrap, THEMES } from '../app.ts';
import { done, essential, result } from '../call.ts';
import { nothing, object, oneOf } from '../check.ts';
import { pageState } from '../page-state.ts';
import { nothingElse, ofSession, ofView, viewId } from './ids.ts';

export const appCalls = {
  /** What a page begins with. Its first call, made once it has subscribed to all events. */
  'app.bootstrap': essential<Bootstrap>()(nothing),
  'app.setTheme': done((value) => ({ theme: oneOf(object(value).theme, THEMES, 'theme') })),
  /** What the page is now, kept for the one that takes its place should it end. */
  'app.remember': done((value) => ({ state: pageState(object(value).state) })),
  /** Opens a session without sources, with one view. Failure: overloaded, where too many are open. */
  'workspace.openSession': result<{ readonly session: number; readonly view: number }>()(nothing),
  /**
   * Asks for log files and opens each in a session of its own; the reply is the view of the last, null if the person
   * dismissed the dialog. Failure: that of the first that cannot be opened; the others are open all the same.
   */
  'workspace.openFiles': result<{ readonly session: number; readonly view: number } | null>()(nothing),
  /** Ends its capture and forgets its rows. The last session that is closed is followed by an empty one. */
  'workspace.closeSession': done(ofSession(nothingElse)),
  /** Opens one more view of a session, with the filter of another of its views. Failure: overloaded, closed. */
  'workspace.openView': result<{ readonly view: number }>()((value) => ({ like: viewId(object(value).like) })),
  /** Closes a view, and with its last one the session. */
  'workspace.closeView': done(ofView(nothingElse)),
};
