/** Calls about the settings, which the surrounding process keeps. */

import { ok } from '../../../native/core/result.ts';
import type { settingsCalls } from '../../contract/calls/settings-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { Dependencies } from './dependencies.ts';

export function settingsHandlers({ settings }: Dependencies): Pick<Handlers, keyof typeof settingsCalls> {
  return {
    'settings.read': () => ok(settings.read()),
    'settings.set': (choice) => ok(settings.set(choice)),
    'settings.openFile': () => settings.openFile(),
  };
}
