/** Theme and layout of the window: sessions and toolbar, views and filter, chips, the log, or two of them, with its dock, status bar. */
import { FluentProvider, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { lazy, Suspense } from 'react';
import { AppContext, usePage, useTabs } from './app-context.ts';
import { Chips } from './chips.tsx';
import { Dock } from './dock/dock.tsx';
import { FilterBox } from './filter-box.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { FindBar } from './find-bar.tsx';
import { GoToBar } from './go-to-bar.tsx';
import { Messages } from './messages.tsx';
import { Sides } from './sides.tsx';
import { StatusBar } from './status-bar.tsx';
import { SessionTabs, ViewTabs } from './tabs.tsx';
import { Toolbar } from './toolbar.tsx';
import { useDark } from './use-dark.ts';
import { useFocusKept } from './use-focus-kept.ts';
import { useKeys } from './use-keys.ts';

/**
 * The table's monospaced font is set by its own style sheet; everything else is a step smaller than Fluent's default.
 */
const TYPE = { fontSizeBase300: '13px', lineHeightBase300: '18px', fontSizeBase200: '12px', lineHeightBase200: '16px' };
const LIGHT = { ...webLightTheme, ...TYPE };
const DARK = { ...webDarkTheme, ...TYPE };

/** Loaded beside the first rows and not before them: nothing of it is shown until somebody asks for it. */
const Sheets = lazy(async () => ({ default: (await import('./sheets.tsx')).Sheets }));

export function Root() {
  const page = usePage();
  const active = useTabs(({ active }) => active);
  const dark = useDark();
  useKeys(page);
  return (
    // The frame is a separate element, because Fluent also puts the provider's classes on every menu that it opens.
    <FluentProvider theme={dark ? DARK : LIGHT} style={{ height: '100%' }}>
      {active !== null && <Window active={active} />}
    </FluentProvider>
  );
}

/**
 * Each view has elements of its own, so that nothing of one stays behind in another; what is about the session stays as it
 * is from one view of it to the next. Its table is not among those that change with the active view: of two side by side both
 * stay as they are.
 */
function Window({ active }: { readonly active: number }) {
  useFocusKept(active);
  const app = usePage().appOf(active);
  if (app === null) return null;
  return (
    <div className="window">
      <header className="top">
        <AppContext key={`session ${app.look.session}`} value={app}>
          <div className="bar">
            <SessionTabs />
            <Toolbar />
          </div>
        </AppContext>
        <AppContext key={`top ${active}`} value={app}>
          <div className="bar">
            <ViewTabs />
            <FilterBox />
          </div>
          <FilterPanel />
          <Chips />
        </AppContext>
      </header>
      <AppContext key={`bars ${active}`} value={app}>
        <FindBar />
        <GoToBar />
        <Messages />
      </AppContext>
      <div className="panes">
        <Sides active={active} />
        <AppContext key={`dock ${active}`} value={app}>
          <Dock />
        </AppContext>
      </div>
      <AppContext key={`end ${active}`} value={app}>
        <StatusBar />
        <Suspense fallback={null}>
          <Sheets />
        </Suspense>
      </AppContext>
    </div>
  );
}
