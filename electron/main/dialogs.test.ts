import type { OpenDialogOptions } from 'electron';
import { expect, it, vi } from 'vitest';
import { LOG_ENDINGS } from '../contract/log-kinds.ts';
import { Dialogs } from './dialogs.ts';

const asked: OpenDialogOptions[] = [];

vi.mock('electron', () => ({
  dialog: {
    showOpenDialog: async (options: OpenDialogOptions) => {
      asked.push(options);
      return { canceled: true, filePaths: [] };
    },
  },
}));

it('asks for every kind of log file', async () => {
  expect(await new Dialogs(() => null).askForFiles()).toEqual([]);
  expect(asked).toMatchObject([{ filters: [{ extensions: LOG_ENDINGS }, { extensions: ['*'] }] }]);
});
