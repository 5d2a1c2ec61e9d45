/** Calls about actions on a match. None of them carries a path or a program: those come from the person alone. */
import { plain, result } from '../call.ts';
import { nothing, object } from '../check.ts';
import { NO_WATCHES, type WatchesState, watches } from '../watches.ts';

export const watchCalls = {
  'watches.list': plain<WatchesState>(NO_WATCHES)(nothing),
  /** Replaces all of them. One that is the same as before goes on; any other is for rows that arrive from now on. */
  'watches.set': result<WatchesState>()((value) => ({ watches: watches(object(value).watches) })),
  /** Asks the person for the folder where the last minutes are saved; unchanged if they dismissed the dialog. */
  'watches.chooseFolder': result<WatchesState>()(nothing),
};
