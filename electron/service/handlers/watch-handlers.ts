/** Handlers of calls about actions on a match: what each does is in ../watching.ts. */
import type { watchCalls } from '../../contract/calls/watch-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { Dependencies } from './dependencies.ts';

export function watchHandlers({ watching }: Dependencies): Pick<Handlers, keyof typeof watchCalls> {
  return {
    'watches.list': () => watching.state,
    'watches.set': ({ watches }) => watching.set(watches),
    'watches.chooseFolder': () => watching.chooseFolder(),
  };
}
