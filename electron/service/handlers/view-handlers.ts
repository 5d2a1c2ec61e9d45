/** Handlers of calls about one view. The decisions are made in the session; this file only passes calls on. */
import { fail, ok } from '../../../native/core/result.ts';
import type { viewCalls } from '../../contract/calls/view-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import { worstFirst } from '../../contract/doctor.ts';
import { examineCapture } from '../../session/ingest/examine.ts';
import { fieldValues } from '../../session/text/field-values.ts';
import { locate, locateSpans } from '../../session/view/locate.ts';
import { findLoss, lossesBehind } from '../../session/view/loss-walk.ts';
import type { LogView } from '../../session/view/view.ts';
import { type Dependencies, lookedAt, type ViewAndSession } from './dependencies.ts';
import type { Output } from './output.ts';

const changedMeanwhile = () => fail('cancelled', 'The view changed meanwhile', 'Ask again');

export function viewHandlers(dependencies: Dependencies, output: Output): Pick<Handlers, keyof typeof viewCalls> {
  const { feed, wake, now } = dependencies;
  const of = (id: number): ViewAndSession => lookedAt(dependencies, id);
  const logOf = (id: number): LogView => of(id).view.log;
  return {
    'view.setFilter': ({ view, filter }) => {
      const result = dependencies.workspace.setFilter(view, filter);
      wake();
      return result;
    },
    'view.setPaused': ({ view, paused }) => {
      logOf(view).setPaused(paused);
      wake();
      return null;
    },
    'view.setTail': ({ view, rows, fields }) => {
      feed.setTail(of(view).view, rows, fields);
      wake();
      return null;
    },
    'view.ack': ({ view, sequence }) => {
      // While rows arrive, the next tick is soon. When idle it is not, and the update that waited for this confirmation
      // is sent now.
      if (feed.confirm(view, sequence)) wake();
      return null;
    },
    'view.rows': ({ view, generation, first, count, fields }) => {
      const log = logOf(view);
      return generation === log.generation
        ? log.rows(first, count, fieldValues(fields))
        : { generation: log.generation, first: log.first, rows: [] };
    },
    'view.find': ({ view, ...request }) => of(view).view.finder.find(request),
    'view.findLoss': ({ view, generation, from, direction }) => {
      const log = logOf(view);
      return generation === log.generation ? ok(findLoss(log, from, direction)) : changedMeanwhile();
    },
    'view.losses': ({ view, generation, from, most }) => {
      const log = logOf(view);
      return generation === log.generation ? ok(lossesBehind(log, from, most)) : changedMeanwhile();
    },
    'view.countFinds': ({ view, query }) => of(view).view.finder.setCounted(query),
    'view.findSpread': ({ view, generation, buckets }) => of(view).view.finder.spread(generation, buckets),
    'view.foundRows': ({ view, generation, first, count }) => of(view).view.finder.rows(generation, first, count),
    'view.stopScan': ({ view }) => {
      logOf(view).stopScan();
      wake();
      return null;
    },
    'view.resumeScan': ({ view }) => {
      logOf(view).resumeScan();
      wake();
      return null;
    },
    'view.locate': ({ view, target }) => locate(logOf(view), target),
    'view.locateSpans': ({ view, spans }) => locateSpans(logOf(view), spans),
    'view.details': ({ view, row }) => {
      const { view: open, session } = of(view);
      return open.log.details(row, session.startUnixMs, session.eventNames);
    },
    'view.density': ({ view, buckets }) => logOf(view).densityIn(buckets),
    'view.examine': ({ view }) => {
      const { view: open, session } = of(view);
      const { first, end, paused, stopped, filterSpec: filter } = open.log;
      const facts = { filter, paused, stopped, sessionRows: session.store.rowCount, shownRows: end - first };
      return worstFirst([...examineCapture(session.status(now()), facts), ...dependencies.examineSystem()]);
    },
    'view.copy': ({ view, ...request }) => output.copy(of(view), request),
    'view.export': ({ view, ...request }) => output.export(of(view), request),
  };
}
