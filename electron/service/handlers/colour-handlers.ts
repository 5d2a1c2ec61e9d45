/** Handlers of calls about what a person highlights, and about the word that is marked. */
import type { colourCalls } from '../../contract/calls/colour-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import { type Dependencies, lookedAt } from './dependencies.ts';

export function colourHandlers(dependencies: Dependencies): Pick<Handlers, keyof typeof colourCalls> {
  const { colours } = dependencies;
  return {
    'colours.list': () => colours.all,
    'colours.set': ({ rules }) => colours.set(rules),
    'view.colours': ({ view, generation, first, count }) => {
      const { log, painter } = lookedAt(dependencies, view).view;
      if (generation !== log.generation) return { generation: log.generation, first, colours: [], given: [] };
      return painter.colours(colours.all, first, count);
    },
    'view.countWord': ({ view, query }) => lookedAt(dependencies, view).view.marker.setCounted(query),
  };
}
