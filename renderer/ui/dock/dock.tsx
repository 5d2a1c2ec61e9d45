/**
 * The dock below the log: tabs of all panes, and the one that is open. Its height is dragged at its upper edge, and never
 * takes more than half of what log and dock have together.
 */
import { ChevronDownRegular } from '@fluentui/react-icons';
import { type CSSProperties, useEffect, useLayoutEffect, useRef } from 'react';
import { PANE_IDS, PANES, type PaneId, paneCommand } from '../../model/panes.ts';
import { keyFor, tip } from '../../store/commands.ts';
import { useApp, useRun, useUi } from '../app-context.ts';
import { useRovingFocus } from '../roving-focus.ts';
import { focusTable } from '../use-keys.ts';
import { DockSizer } from './dock-sizer.tsx';
import { loadPanes, PANE_VIEWS } from './pane-views.tsx';

/** The longest that code which nobody has asked for waits for a page that is busy. */
const IDLE_MS = 5000;
const PANEL_ID = 'dock-pane';
const tabId = (pane: PaneId): string => `dock-tab-${pane}`;

export function Dock() {
  const open = useUi((ui) => ui.pane);
  const px = useUi((ui) => ui.panePx);
  const shown = useRef(open);
  useEffect(() => loadPanes((run) => void requestIdleCallback(run, { timeout: IDLE_MS })), []);
  // What had the focus in a pane is gone with it.
  useLayoutEffect(() => {
    if (open === shown.current) return;
    shown.current = open;
    if (document.activeElement === null || document.activeElement === document.body) focusTable();
  }, [open]);
  return (
    <section className="dock" aria-label="Panes" data-testid="dock" data-pane={open ?? ''}>
      {open !== null && <DockSizer />}
      <DockTabs open={open} />
      {open !== null && (
        <div
          id={PANEL_ID}
          className="dock-pane"
          role="tabpanel"
          aria-labelledby={tabId(open)}
          style={{ '--pane-px': `${px}px` } as CSSProperties}
          data-testid="dock-pane"
          data-own-keys=""
        >
          <OpenPane key={open} pane={open} />
        </div>
      )}
    </section>
  );
}

function OpenPane({ pane }: { readonly pane: PaneId }) {
  const { Pane } = PANE_VIEWS[pane];
  return <Pane />;
}

function DockTabs({ open }: { readonly open: PaneId | null }) {
  const app = useApp();
  const roving = useRovingFocus();
  return (
    <div className="dock-tabs">
      <div className="dock-tab-list" role="tablist" aria-label="Panes" {...roving}>
        {PANE_IDS.map((pane) => (
          <DockTab key={pane} pane={pane} open={open === pane} />
        ))}
      </div>
      {open !== null && (
        <button
          type="button"
          className="dock-close"
          aria-label="Close the pane"
          title={`Close (${keyFor('escape')})`}
          data-testid="dock-close"
          onClick={() => {
            app.ui.closePane();
            focusTable();
          }}
        >
          <ChevronDownRegular fontSize={16} />
        </button>
      )}
    </div>
  );
}

function DockTab({ pane, open }: { readonly pane: PaneId; readonly open: boolean }) {
  const run = useRun();
  const { Count } = PANE_VIEWS[pane];
  return (
    <button
      type="button"
      id={tabId(pane)}
      className="dock-tab"
      role="tab"
      aria-selected={open}
      aria-controls={open ? PANEL_ID : undefined}
      title={tip(paneCommand(pane))}
      data-testid={`dock-tab-${pane}`}
      onClick={() => run(paneCommand(pane))}
    >
      <span className="dock-tab-title" data-title={PANES[pane].title}>
        {PANES[pane].title}
      </span>
      {Count && <Count />}
    </button>
  );
}
