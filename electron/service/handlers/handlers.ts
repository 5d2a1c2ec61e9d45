/** The handlers of all calls of the contract, for one page. */
import type { Handlers } from '../../contract/channels.ts';
import { OneQuestion } from '../one-question.ts';
import { addressHandlers } from './address-handlers.ts';
import { appHandlers } from './app-handlers.ts';
import { bookmarkHandlers } from './bookmark-handlers.ts';
import { colourHandlers } from './colour-handlers.ts';
import type { Dependencies } from './dependencies.ts';
import { filterHandlers } from './filter-handlers.ts';
import { libraryHandlers } from './library-handlers.ts';
import { logHandlers } from './log-handlers.ts';
import { machineHandlers } from './machine-handlers.ts';
import { mergeHandlers } from './merge-handlers.ts';
import { Output } from './output.ts';
import { recentHandlers } from './recent-handlers.ts';
import { schemaHandlers } from './schema-handlers.ts';
import { sessionHandlers } from './session-handlers.ts';
import { settingsHandlers } from './settings-handlers.ts';
import { sqlHandlers } from './sql-handlers.ts';
import { viewHandlers } from './view-handlers.ts';
import { watchHandlers } from './watch-handlers.ts';

export function createHandlers(dependencies: Dependencies): Handlers {
  const output = new Output(dependencies);
  const files = new OneQuestion('Files to open are being chosen', 'Choose those first');
  const askForFiles = () => files.ask(dependencies.askForFiles);
  return {
    ...appHandlers(dependencies, askForFiles),
    ...sessionHandlers(dependencies),
    ...mergeHandlers(dependencies, askForFiles, (from) => files.ask(() => dependencies.askForSymbols(from))),
    ...viewHandlers(dependencies, output),
    ...bookmarkHandlers(dependencies),
    ...colourHandlers(dependencies),
    ...filterHandlers(dependencies),
    ...watchHandlers(dependencies),
    ...libraryHandlers(dependencies, output),
    ...recentHandlers(dependencies),
    ...machineHandlers(dependencies, output),
    ...sqlHandlers(dependencies, output),
    ...logHandlers(dependencies),
    ...addressHandlers(dependencies),
    ...settingsHandlers(dependencies),
    ...schemaHandlers(dependencies),
  };
}
