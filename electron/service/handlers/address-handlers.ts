/** Handlers of calls about addresses. What they mean is told by addresses.ts. */
import { NO_ADDRESSES } from '../../contract/addresses.ts';
import type { addressCalls } from '../../contract/calls/address-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import { orRefuse } from '../refused.ts';
import { type Dependencies, lookedAt } from './dependencies.ts';

export function addressHandlers(dependencies: Dependencies): Pick<Handlers, keyof typeof addressCalls> {
  const { addresses, workspace, wake, now } = dependencies;
  return {
    'view.addresses': async ({ view, row }) => {
      const { view: open, session } = lookedAt(dependencies, view);
      const details = open.log.details(row, session.startUnixMs, session.eventNames);
      if (details === null) return NO_ADDRESSES;
      const { timeNs, pid } = details.row;
      const { modules } = orRefuse(workspace.gathered(open.session));
      const told = await addresses.explain(modules, { message: details.text ?? details.row.text, timeNs, pid }, now());
      wake();
      return told;
    },
    'session.life': ({ session, value }) => {
      const told = orRefuse(workspace.gathered(session)).lives.report(value, now());
      wake();
      return told;
    },
    'session.intervals': ({ session, start, end, goOn }) => {
      const told = orRefuse(workspace.gathered(session)).intervals.report({ start, end }, goOn, now());
      wake();
      return told;
    },
    'session.lanes': ({ session, range }) => {
      const told = orRefuse(workspace.gathered(session)).lanes.report(range, now());
      wake();
      return told;
    },
    'session.openModules': async ({ session }) => {
      orRefuse(workspace.gathered(session));
      const read = await addresses.openModules(() => workspace.gathered(session));
      wake();
      return read;
    },
    'session.openSymbols': ({ session }) => {
      orRefuse(workspace.gathered(session));
      return addresses.openSymbols();
    },
  };
}
