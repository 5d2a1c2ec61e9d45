/** Handlers of calls about what a person highlights, and about the word that is marked. */
import type { colourCalls } from '../../contract/calls/colour-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import { orRefuse } from '../refused.ts';
import { type Dependencies, lookedAt } from './dependencies.ts';

export function colourHandlers(dependencies: Dependencies): Pick<Handlers, keyof typeof colourCalls> {
  const { colours, workspace } = dependencies;
  return {
    'colours.list': () => colours.all,
    'colours.set': ({ rules }) => colours.set(rules),
    'session.highlights': ({ session }) => orRefuse(workspace.session(session)).highlights,
    'session.dropHighlights': ({ session }) => {
      orRefuse(workspace.session(session)).highlights = [];
      return null;
    },
    'view.colours': ({ view, generation, first, count }) => {
      const { view: looked, session } = lookedAt(dependencies, view);
      const { log, painter } = looked;
      if (generation !== log.generation) return { generation: log.generation, first, colours: [], given: [] };
      return painter.colours(colours.with(session.highlights), first, count);
    },
    'view.countWord': ({ view, query }) => lookedAt(dependencies, view).view.marker.setCounted(query),
  };
}
