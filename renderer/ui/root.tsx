/** Theme and layout of the window: toolbar, chips, table with its panes, status bar. */
import { FluentProvider, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { Fragment } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { AppContext, usePage, useTabs, useUi } from './app-context.ts';
import { BookmarksSheet } from './bookmarks-sheet.tsx';
import { CheatSheet } from './cheat-sheet.tsx';
import { Chips } from './chips.tsx';
import { DensityStrip } from './density-strip.tsx';
import { DetailsPane } from './details-pane.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { FiltersSheet } from './filters-sheet.tsx';
import { FindBar } from './find-bar.tsx';
import { GoToBar } from './go-to-bar.tsx';
import { LogDialog } from './log-dialog.tsx';
import { Messages } from './messages.tsx';
import { Palette } from './palette.tsx';
import { PatternsPane } from './patterns-pane.tsx';
import { RetentionDialog } from './retention-dialog.tsx';
import { SessionsDialog } from './sessions-dialog.tsx';
import { SidePanel } from './side-panel.tsx';
import { SqlPane } from './sql-pane.tsx';
import { StatusBar } from './status-bar.tsx';
import { LogTable } from './table/log-table.tsx';
import { Tabs } from './tabs.tsx';
import { Toolbar } from './toolbar.tsx';
import { useDark } from './use-dark.ts';
import { useKeys } from './use-keys.ts';

/**
 * The table's monospaced font is set by its own style sheet; everything else is a step smaller than Fluent's default.
 */
const TYPE = { fontSizeBase300: '13px', lineHeightBase300: '18px', fontSizeBase200: '12px', lineHeightBase200: '16px' };
const LIGHT = { ...webLightTheme, ...TYPE };
const DARK = { ...webDarkTheme, ...TYPE };

export function Root() {
  const page = usePage();
  const active = useTabs(({ active }) => active);
  const dark = useDark();
  useKeys(page);
  const app = active === null ? null : page.appOf(active);
  return (
    // The frame is a separate element, because Fluent also puts the provider's classes on every menu that it opens.
    <FluentProvider theme={dark ? DARK : LIGHT} style={{ height: '100%' }}>
      {/* Each view has elements of its own, so that nothing of one stays behind in another. */}
      {app !== null && (
        <AppContext key={active} value={app}>
          <Window />
        </AppContext>
      )}
    </FluentProvider>
  );
}

function Window() {
  return (
    <div className="window">
      <Tabs />
      <Toolbar />
      <FilterPanel />
      <Chips />
      <FindBar />
      <GoToBar />
      <Messages />
      <Panes />
      <StatusBar />
      <CheatSheet />
      <RetentionDialog />
      <SessionsDialog />
      <BookmarksSheet />
      <LogDialog />
      <FiltersSheet />
      <Palette />
    </div>
  );
}

function Panes() {
  const panel = useUi((ui) => ui.panel);
  const patterns = useUi((ui) => ui.patterns);
  const sql = useUi((ui) => ui.sql);
  const lower = useUi((ui) => ui.details || ui.patterns || ui.sql);
  const across = useDefaultLayout({ id: 'ringview.across', panelIds: panel ? ['table', 'side'] : ['table'] });
  const down = useDefaultLayout({ id: 'ringview.down', panelIds: lower ? ['upper', 'lower'] : ['upper'] });
  return (
    <Group
      orientation="vertical"
      className="panes"
      defaultLayout={down.defaultLayout}
      onLayoutChanged={down.onLayoutChanged}
    >
      <Panel id="upper" minSize={120}>
        <Group orientation="horizontal" defaultLayout={across.defaultLayout} onLayoutChanged={across.onLayoutChanged}>
          <Panel id="table" minSize={320}>
            <div className="table-and-strip">
              <LogTable />
              <DensityStrip />
            </div>
          </Panel>
          {panel && (
            <Fragment>
              <Separator className="divider" aria-label="Width of the statistics" />
              <Panel id="side" defaultSize={280} minSize={240} groupResizeBehavior="preserve-pixel-size">
                <SidePanel />
              </Panel>
            </Fragment>
          )}
        </Group>
      </Panel>
      {lower && (
        <Fragment>
          <Separator className="divider" aria-label="Height of the pane below" />
          <Panel id="lower" defaultSize={224} minSize={80} groupResizeBehavior="preserve-pixel-size">
            {sql ? <SqlPane /> : patterns ? <PatternsPane /> : <DetailsPane />}
          </Panel>
        </Fragment>
      )}
    </Group>
  );
}
