/** Everything that opens over the window: sheets, dialogs, the palette. Each is there only while it is open. */
import { CheatSheet } from './cheat-sheet.tsx';
import { FiltersSheet } from './filters-sheet.tsx';
import { HighlightsSheet } from './highlights-sheet.tsx';
import { LogDialog } from './log-dialog.tsx';
import { Palette } from './palette.tsx';
import { RetentionDialog } from './retention-dialog.tsx';
import { SessionsDialog } from './sessions-dialog.tsx';
import { SettingsSheet } from './settings-sheet.tsx';
import { WatchesSheet } from './watches-sheet.tsx';

export function Sheets() {
  return (
    <>
      <CheatSheet />
      <RetentionDialog />
      <SessionsDialog />
      <LogDialog />
      <FiltersSheet />
      <HighlightsSheet />
      <WatchesSheet />
      <SettingsSheet />
      <Palette />
    </>
  );
}
