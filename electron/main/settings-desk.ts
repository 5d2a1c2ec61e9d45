/**
 * What a page may do about the settings: see them, set a few, and have the file opened, whose path is the program's own. What
 * is set counts at once, as does what a person has changed in the file when it is next looked at.
 */
import { type BrowserWindow, nativeTheme, shell } from 'electron';
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { Notice } from '../contract/app.ts';
import { lookOf } from '../contract/log-look.ts';
import { problemText, type SettingsChoice, type SettingsState } from '../contract/settings.ts';
import type { SettingsDesk } from '../service/handlers/dependencies.ts';
import type { SettingsFile } from './settings-file.ts';

export function settingsDesk(
  file: SettingsFile,
  largestCapBytes: number,
  windows: () => readonly BrowserWindow[],
  tray: { readonly settle: () => void; readonly hindrance: () => string | null },
): SettingsDesk {
  function state(): SettingsState {
    const { theme, times, alwaysOnTop, askBeforeClosing, retention, library, commands } = file.value;
    const { tray: icon, closeToTray } = file.value;
    return {
      ...{ theme, times, alwaysOnTop, askBeforeClosing, retention, largestCapBytes, library },
      ...lookOf(file.value),
      ...{ tray: icon, closeToTray, trayHindrance: tray.hindrance() },
      commands: { allowed: commands.allowed, names: commands.list.map(({ name }) => name) },
      ...{ problems: file.problems, place: file.path },
    };
  }
  function settle(): SettingsState {
    const now = state();
    for (const shown of windows()) if (shown.isAlwaysOnTop() !== now.alwaysOnTop) shown.setAlwaysOnTop(now.alwaysOnTop);
    tray.settle();
    return now;
  }
  return {
    read() {
      const { theme } = file.value;
      file.reload();
      // A theme that was named at the start counts until another is chosen.
      if (file.value.theme !== theme) nativeTheme.themeSource = file.value.theme;
      return settle();
    },
    set(choice: SettingsChoice) {
      file.update(choice);
      return settle();
    },
    async openFile(): Promise<Result<null>> {
      const made = file.make();
      const text = await shell.openPath(file.path);
      if (text === '') return ok(null);
      const action = made ? `Open ${file.path} in an editor` : 'Check the folder and its disk';
      return fail('io-error', 'The file of settings was not opened', action, { code: 'open', text });
    },
  };
}

/** What is said at the start of what is wrong in the file; null if nothing is. */
export function problemNotice({ problems }: SettingsFile): Notice | null {
  const [first, ...others] = problems;
  if (first === undefined) return null;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return {
    severity: 'warning',
    message: `Settings file, ${problemText(first)}${more}`,
    action: 'All else is used. The settings (Ctrl+,) list what is wrong and open the file',
  };
}
