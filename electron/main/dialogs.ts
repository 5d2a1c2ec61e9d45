/** What the app asks of a person by dialogs of the system: paths come from nowhere else, and what is deleted is asked here. */
import {
  type BrowserWindow,
  dialog,
  type MessageBoxOptions,
  type OpenDialogOptions,
  type SaveDialogOptions,
} from 'electron';
import { EXPORT_FORMAT_NAMES, saveFilters } from '../contract/export-formats.ts';
import { LOG_ENDINGS } from '../contract/log-kinds.ts';
import type { SymbolPlace } from '../contract/merging.ts';
import type { SaveRequest } from '../service/handlers/dependencies.ts';
import { suggestAnswerName, suggestFileName, suggestLogName, suggestPackName } from '../service/save-name.ts';

/** Names listed in a question at most. */
const MOST_NAMES = 8;

const FILTERS = { name: 'Filters', extensions: ['json'] };
const SYMBOLS = ['pdb', 'tmf', 'man', 'sys', 'dll', 'exe', 'mui'];

function saveOptions(request: SaveRequest): SaveDialogOptions {
  if ('pack' in request)
    return {
      title: 'Make one file of the session',
      defaultPath: suggestPackName(request.pack),
      filters: [{ name: 'Packed sessions', extensions: ['tar'] }],
    };
  const at = new Date();
  if ('answer' in request)
    return {
      title: 'Export the answer',
      defaultPath: suggestAnswerName(request.answer, at),
      filters: [
        { name: request.answer === 'parquet' ? 'Parquet' : request.answer.toUpperCase(), extensions: [request.answer] },
      ],
    };
  if ('log' in request)
    return {
      title:
        'Log to a file: {date}, {time}, {session} and {n} in its name stand for when it begins, whose rows it has, its number',
      defaultPath: suggestLogName(request.log),
      filters: [...saveFilters(request.log)],
    };
  return {
    title: 'Export the log',
    defaultPath: suggestFileName(request, at),
    filters: [...saveFilters(request.format, EXPORT_FORMAT_NAMES)],
  };
}

export class Dialogs {
  private readonly window: () => BrowserWindow | null;

  /** `window`: the one they belong to, if there is one. */
  constructor(window: () => BrowserWindow | null) {
    this.window = window;
  }

  /** Where to write; null if the person dismissed it. */
  readonly askForPath = async (request: SaveRequest): Promise<string | null> => {
    const options = saveOptions(request);
    const window = this.window();
    const answer =
      window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
    return answer.canceled || answer.filePath === '' ? null : answer.filePath;
  };

  readonly askForFiles = async (): Promise<readonly string[]> => {
    const answer = await this.open({
      title: 'Open log files',
      filters: [
        { name: 'Logs and packed sessions', extensions: [...LOG_ENDINGS] },
        { name: 'All files', extensions: ['*'] },
      ],
      properties: ['openFile', 'multiSelections'],
    });
    return answer.canceled ? [] : answer.filePaths;
  };

  readonly askForSymbols = async (from: SymbolPlace): Promise<readonly string[]> => {
    if (from === 'folder') {
      const folder = await this.askForSymbolFolder();
      return folder === null ? [] : [folder];
    }
    const answer = await this.open({
      title: 'What explains the events',
      filters: [
        { name: 'Symbols, formats, manifests, drivers', extensions: SYMBOLS },
        { name: 'All files', extensions: ['*'] },
      ],
      properties: ['openFile', 'multiSelections'],
    });
    return answer.canceled ? [] : answer.filePaths;
  };

  /** Where to write the filters that the person has named; null if the person dismissed it. */
  readonly askForFilterTarget = async (): Promise<string | null> => {
    const options = { title: 'Export the saved filters', defaultPath: 'ringview-filters.json', filters: [FILTERS] };
    const window = this.window();
    const answer =
      window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
    return answer.canceled || answer.filePath === '' ? null : answer.filePath;
  };

  readonly askForFilterFile = async (): Promise<string | null> => {
    const answer = await this.open({ title: 'Import filters', filters: [FILTERS], properties: ['openFile'] });
    return answer.canceled ? null : (answer.filePaths[0] ?? null);
  };

  /** Where actions on a match save the last minutes; null if the person dismissed it. */
  readonly askForSaveFolder = async (): Promise<string | null> => {
    const answer = await this.open({
      title: 'Where matches save the last minutes',
      buttonLabel: 'Save here',
      properties: ['openDirectory', 'createDirectory'],
    });
    return answer.canceled ? null : (answer.filePaths[0] ?? null);
  };

  readonly askForSchemas = async (): Promise<readonly string[]> => {
    const answer = await this.open({
      title: 'Add schemas of typed records',
      filters: [
        { name: 'Schemas', extensions: ['json'] },
        { name: 'All files', extensions: ['*'] },
      ],
      properties: ['openFile', 'multiSelections'],
    });
    return answer.canceled ? [] : answer.filePaths;
  };

  readonly askForModules = async (): Promise<string | null> => {
    const answer = await this.open({
      title: 'Open a list of loaded modules',
      filters: [
        { name: 'What lm prints, CSV, JSON', extensions: ['txt', 'log', 'csv', 'json'] },
        { name: 'All files', extensions: ['*'] },
      ],
      properties: ['openFile'],
    });
    return answer.canceled ? null : (answer.filePaths[0] ?? null);
  };

  readonly askForSymbolFolder = async (): Promise<string | null> => {
    const answer = await this.open({
      title: 'A folder with PDBs or what else explains events, or a symbol store',
      properties: ['openDirectory'],
    });
    return answer.canceled ? null : (answer.filePaths[0] ?? null);
  };

  readonly askForDriver = async (): Promise<string | null> => {
    const answer = await this.open({
      title: 'The driver to install',
      buttonLabel: 'Install',
      filters: [{ name: 'Drivers', extensions: ['sys'] }],
      properties: ['openFile'],
    });
    return answer.canceled ? null : (answer.filePaths[0] ?? null);
  };

  /** Whether these sessions go for good. */
  readonly askToDelete = async (names: readonly string[], why: string): Promise<boolean> => {
    const listed = names.slice(0, MOST_NAMES).join('\n');
    const more = names.length > MOST_NAMES ? `\nand ${names.length - MOST_NAMES} more` : '';
    const options: MessageBoxOptions = {
      type: 'warning',
      message: names.length === 1 ? `Delete the session ${names[0]}?` : `Delete ${names.length} sessions?`,
      detail: names.length === 1 ? why : `${why}\n\n${listed}${more}`,
      buttons: ['Cancel', 'Delete'],
      defaultId: 0,
      cancelId: 0,
    };
    const window = this.window();
    const answer =
      window === null ? await dialog.showMessageBox(options) : await dialog.showMessageBox(window, options);
    return answer.response === 1;
  };

  /** Whether the window closes although so many live rows go with it. */
  readonly askToClose = async (rows: number): Promise<boolean> => {
    const options: MessageBoxOptions = {
      type: 'warning',
      message: `Close, and lose ${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}?`,
      detail: 'They came live, and nothing records them. Export them first (Ctrl+S), or record sessions (Ctrl+,).',
      buttons: ['Stay', 'Close'],
      defaultId: 0,
      cancelId: 0,
    };
    const window = this.window();
    const answer =
      window === null ? await dialog.showMessageBox(options) : await dialog.showMessageBox(window, options);
    return answer.response === 1;
  };

  private open(options: OpenDialogOptions): Promise<Electron.OpenDialogReturnValue> {
    const window = this.window();
    return window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options);
  }
}
