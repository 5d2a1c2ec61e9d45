/** Calls about the recorded sessions of this machine: what each does is in ../library.ts. */
import type { libraryCalls } from '../../contract/calls/library-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { Dependencies } from './dependencies.ts';
import type { Output } from './output.ts';

export function libraryHandlers(dependencies: Dependencies, output: Output): Pick<Handlers, keyof typeof libraryCalls> {
  const { library, workspace, wake } = dependencies;
  return {
    'library.list': () => library.list(),
    'library.offers': () => library.crashed(),
    'library.dismiss': () => {
      library.dismiss();
      return null;
    },
    'library.open': ({ id }) => {
      const opened = library.openIn(workspace, id);
      wake();
      return opened;
    },
    'library.rename': ({ id, name }) => library.rename(id, name),
    'library.pin': ({ id, pinned }) => library.pin(id, pinned),
    'library.delete': ({ id }) => library.delete(workspace, id),
    'library.pack': async ({ id }) => {
      const found = await library.atRest(id);
      return found.ok ? output.pack(found.value) : found;
    },
    'library.setSettings': ({ settings }) => library.setSettings(settings),
  };
}
