/**
 * Sessions and views as tabs: all sessions beside the toolbar, and the views of the session that is shown beside the
 * filter of the active one. A tab also tells the state of what is not shown: for a session whether it is captured, for a view how many rows it shows.
 */
import { Button } from '@fluentui/react-components';
import { AddRegular, DismissRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Layout, SessionInfo } from '../../electron/contract/app.ts';
import { boxOf } from '../model/filter-edit.ts';
import { formatCount, formatRate } from '../model/format.ts';
import { shortTitles } from '../model/short-names.ts';
import { isLive } from '../model/source-state.ts';
import type { App } from '../store/app.ts';
import { keyFor, tip } from '../store/commands.ts';
import { isFiltering } from '../store/filter.ts';
import { useApp, usePage, useRun, useTabs } from './app-context.ts';
import { NameEnds } from './name-ends.tsx';
import { useRovingFocus } from './roving-focus.ts';
import { TabMenu, type TabVerb } from './tab-menu.tsx';

/** The tab owns what it captures: it says how fast rows come. */
export function SessionTabs() {
  const { session } = useApp().look;
  const layout = useTabs((tabs) => tabs.layout);
  const run = useRun();
  const roving = useRovingFocus();
  const names = shortTitles(layout.map(({ name }) => name));
  return (
    <div className="tabs session-tabs" data-testid="tabs">
      <div className="tab-list" role="tablist" aria-label="Sessions" {...roving}>
        {layout.map((info, at) => (
          <SessionTab
            key={info.session}
            info={info}
            name={names[at] ?? info.name}
            active={info.session === session}
            closable={layout.length > 1}
          />
        ))}
      </div>
      <AddButton label={tip('newSession')} testId="new-session" onClick={() => run('newSession')} />
    </div>
  );
}

export function ViewTabs() {
  const { session } = useApp().look;
  const layout = useTabs((tabs) => tabs.layout);
  const run = useRun();
  const roving = useRovingFocus();
  const own = layout.find((info) => info.session === session);
  return (
    <div className="tabs view-tabs">
      <div className="tab-list" role="tablist" aria-label="Views of this session" {...roving}>
        {own?.views.map(({ view }, at) => (
          <ViewTab key={view} view={view} number={at + 1} closable={own.views.length > 1} />
        ))}
      </div>
      <AddButton label={tip('newView')} testId="new-view" onClick={() => run('newView')} />
    </div>
  );
}

interface AddProps {
  readonly label: string;
  readonly testId: string;
  readonly onClick: () => void;
}

function AddButton({ label, testId, onClick }: AddProps) {
  return (
    <Button
      size="small"
      appearance="subtle"
      icon={<AddRegular />}
      aria-label={label}
      title={label}
      data-testid={testId}
      onClick={onClick}
    />
  );
}

interface SessionProps {
  readonly info: SessionInfo;
  /** Its name where there is little room: of a file the end of its path that tells it from the others. */
  readonly name: string;
  readonly active: boolean;
  readonly closable: boolean;
}

function SessionTab({ info, name, active, closable }: SessionProps) {
  const page = usePage();
  const app = page.appOf(info.views[0]?.view ?? -1);
  return (
    <Tab
      name={name}
      tip={`Session ${info.session}: ${info.name}`}
      active={active}
      testId="session-tab"
      onShow={() => page.showSession(info.session)}
      onClose={closable ? () => page.closeSession(info.session) : null}
      verbs={active ? [] : [besideVerb(() => page.showBeside(page.lastOf(info.session)))]}
    >
      {app !== null && <LiveDot app={app} />}
    </Tab>
  );
}

function LiveDot({ app }: { readonly app: App }) {
  const live = useStore(app.status.store, ({ status }) => isLive(status));
  const rate = useStore(app.status.store, ({ status }) => (isLive(status) ? formatRate(status?.perSecond ?? 0) : ''));
  return (
    <>
      {rate !== '' && <span className="tab-count tab-rate">{rate}</span>}
      <span
        className={live ? 'live-dot on' : 'live-dot'}
        role="img"
        aria-label={live ? 'capturing' : 'not capturing'}
        title={live ? 'capturing' : 'not capturing'}
      />
    </>
  );
}

interface ViewProps {
  readonly view: number;
  readonly number: number;
  readonly closable: boolean;
}

function ViewTab({ view, number, closable }: ViewProps) {
  const page = usePage();
  const active = useTabs((tabs) => tabs.active === view);
  const app = page.appOf(view);
  if (app === null) return null;
  return (
    <OpenViewTab
      app={app}
      number={number}
      active={active}
      verbs={[besideVerb(() => page.showBeside(view)), windowVerb(() => page.openWindow(view))]}
      onShow={() => page.show(view)}
      onClose={closable ? () => page.closeView(view) : null}
    />
  );
}

interface OpenViewProps {
  readonly app: App;
  readonly number: number;
  readonly active: boolean;
  readonly verbs: readonly TabVerb[];
  readonly onShow: () => void;
  readonly onClose: (() => void) | null;
}

function OpenViewTab({ app, number, active, verbs, onShow, onClose }: OpenViewProps) {
  const pattern = useStore(app.filter.store, ({ applied }) => boxOf(applied).pattern);
  const filtering = useStore(app.filter.store, isFiltering);
  const shown = useStore(app.view.store, ({ matchedEntries }) => matchedEntries);
  const own = pattern !== '' ? pattern : filtering ? `Filter ${number}` : 'All';
  const linked = useTabs(({ layout }) => isLinked(layout, app.look.view));
  const name = linked ? `\u21b3 ${own}` : own;
  return (
    <Tab
      name={name}
      tip={`View ${number}: ${own}${linked ? ', within another view' : ''}, ${formatCount(shown)} shown`}
      active={active}
      testId="view-tab"
      verbs={verbs}
      onShow={onShow}
      onClose={onClose}
    >
      <span className="tab-count" data-testid="view-tab-count">
        {formatCount(shown)}
      </span>
    </Tab>
  );
}

const isLinked = (layout: Layout, view: number): boolean =>
  layout.some(({ views }) => views.some((each) => each.view === view && each.within !== undefined));

const besideVerb = (run: () => void): TabVerb => ({
  id: 'beside',
  label: 'Show beside',
  keys: keyFor('showBeside'),
  run,
});

const windowVerb = (run: () => void): TabVerb => ({
  id: 'window',
  label: 'Open in new window',
  keys: keyFor('openWindow'),
  run,
});

interface TabProps {
  readonly name: string;
  readonly tip: string;
  readonly active: boolean;
  readonly testId: string;
  readonly verbs: readonly TabVerb[];
  readonly onShow: () => void;
  readonly onClose: (() => void) | null;
  readonly children: React.ReactNode;
}

function Tab({ name, tip: title, active, testId, verbs, onShow, onClose, children }: TabProps) {
  const [target, setTarget] = useState<HTMLElement | null>(null);
  return (
    <div className={active ? 'tab active' : 'tab'} role="presentation">
      <button
        type="button"
        role="tab"
        aria-selected={active}
        title={title}
        data-testid={testId}
        onClick={onShow}
        onContextMenu={(event) => {
          event.preventDefault();
          if (verbs.length > 0) setTarget(event.currentTarget);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Delete') onClose?.();
        }}
      >
        <NameEnds name={name} />
        {children}
      </button>
      {onClose !== null && (
        // By keyboard, Delete on the tab.
        <button
          type="button"
          className="tab-close"
          tabIndex={-1}
          aria-label={`Close ${title}`}
          title="Close (Delete)"
          onClick={onClose}
        >
          <DismissRegular fontSize={12} />
        </button>
      )}
      {target !== null && <TabMenu verbs={verbs} target={target} onClose={() => setTarget(null)} />}
    </div>
  );
}
