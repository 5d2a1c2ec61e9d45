/** Handlers of calls about schemas. */
import { ok } from '../../../native/core/result.ts';
import type { schemaCalls } from '../../contract/calls/schema-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { SchemaState } from '../../contract/schemas.ts';
import { OneQuestion } from '../one-question.ts';
import type { Dependencies } from './dependencies.ts';

export function schemaHandlers({ schemas, wake }: Dependencies): Pick<Handlers, keyof typeof schemaCalls> {
  const question = new OneQuestion('Schemas to add are being chosen', 'Choose those first');
  const seen = (state: SchemaState): SchemaState => {
    wake();
    return state;
  };
  return {
    'schemas.read': () => ok(seen(schemas.load())),
    'schemas.add': async () => {
      const added = await question.ask(() => schemas.add());
      wake();
      return added;
    },
    'schemas.remove': ({ id }) => ok(seen(schemas.remove(id))),
  };
}
