import type { OpenDialogOptions } from 'electron';
import { expect, it, vi } from 'vitest';
import { LOG_ENDINGS } from '../contract/log-kinds.ts';

const asked: OpenDialogOptions[] = [];

vi.mock('electron', () => ({
  dialog: {
    showOpenDialog: async (options: OpenDialogOptions) => {
      asked.push(options);
      return { canceled: true, filePaths: [] };
    },
  },
}));
// Test files share their modules, and those before may have put something else in Electron's place.
vi.resetModules();
const { Dialogs } = await import('./dialogs.ts');

it('asks for every kind of log file', async () => {
  expect(await new Dialogs(() => null).askForFiles()).toEqual([]);
  expect(asked).toMatchObject([{ filters: [{ extensions: LOG_ENDINGS }, { extensions: ['*'] }] }]);
});
