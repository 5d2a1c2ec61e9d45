/** What the program does for actions on a match: sound, notification, command, and the folder that the person chose. */
import { Notification, shell } from 'electron';
import type { WatchEffects } from '../service/watching.ts';
import { AllowedCommands, NO_COMMANDS, namesOf } from './allowed-commands.ts';
import type { SettingsFile } from './settings-file.ts';

/** `mayRunCommands`: false where the program has more rights than whoever may write its settings. */
export function matchEffects(
  settings: SettingsFile,
  askForFolder: () => Promise<string | null>,
  report: (line: string) => void,
  mayRunCommands: boolean,
): WatchEffects {
  const allowed = () => (mayRunCommands ? settings.value.commands : NO_COMMANDS);
  const commands = new AllowedCommands(allowed, report);
  return {
    load: () => settings.value.watches,
    keep: (watches) => settings.update({ watches }),
    commands: () => namesOf(allowed()),
    folder: () => settings.value.saveFolder,
    async chooseFolder() {
      const saveFolder = await askForFolder();
      if (saveFolder !== null) settings.update({ saveFolder });
      return saveFolder;
    },
    sound: () => shell.beep(),
    // A row's text is shown as text: the title and the body of a notification are no markup to Electron.
    notify: (title, body) => new Notification({ title, body, silent: true }).show(),
    run: (command, row) => commands.run(command, row),
  };
}
