/** What is said when the key of a command is pressed that has nothing to do: silence looks like a key that does not work. */
import { COMMANDS, type Command } from './commands.ts';

const NO_SELECTION = 'No row is selected: a click or an arrow key selects one.';
const NO_ROWS = 'No row is shown.';

const WORDS: Readonly<Partial<Record<Command, string>>> = {
  copy: NO_SELECTION,
  copyMarkdown: NO_SELECTION,
  rowMenu: NO_ROWS,
  life: NO_ROWS,
  onlyThisTime: NO_ROWS,
  showEverything: 'Nothing is filtered.',
  undoFilter: 'There is no change of the filter to take back.',
  redoFilter: 'No change of the filter was taken back.',
  nextView: 'There is no other view.',
  previousView: 'There is no other view.',
  changeSide: 'No view is shown beside this one.',
  scrollTogether: 'No view is shown beside this one.',
};

/** Why a command does nothing now, as a sentence. */
export const impossibleWords = (command: Command): string =>
  WORDS[command] ?? `Not possible now: ${COMMANDS[command].label}.`;
