/** Calls that ask about a session in SQL: how they are answered is in ../questions.ts. */
import type { sqlCalls } from '../../contract/calls/sql-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import { orRefuse } from '../refused.ts';
import type { Dependencies } from './dependencies.ts';
import type { Output } from './output.ts';

export function sqlHandlers(dependencies: Dependencies, output: Output): Pick<Handlers, keyof typeof sqlCalls> {
  const { questions, workspace } = dependencies;
  return {
    'session.query': ({ session, sql }) => questions.ask(orRefuse(workspace.session(session)), session, sql),
    'session.stopQuery': ({ session }) => {
      questions.stop(session);
      return null;
    },
    'session.exportQuery': ({ session, sql, format }) => {
      orRefuse(workspace.session(session));
      return output.write({ answer: format }, () => questions.export(session, sql, format));
    },
  };
}
