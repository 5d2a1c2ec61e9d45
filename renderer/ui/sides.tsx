/**
 * The log, or two views side by side: each with a line that says what it shows and closes it, between them an edge that is
 * dragged. The active one owns everything around the logs; a click into the other one, or a key that goes there, makes
 * that active. In a narrow window one is above the other, for lines of a log are long.
 */
import { DismissRegular, LinkDismissRegular, LinkRegular } from '@fluentui/react-icons';
import {
  type CSSProperties,
  Fragment,
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useLayoutEffect,
  useRef,
} from 'react';
import { useStore } from 'zustand';
import { LEAST_SHARE, MOST_SHARE } from '../../electron/contract/page-state.ts';
import { formatCount } from '../model/format.ts';
import { bondWords } from '../model/together.ts';
import type { App } from '../store/app.ts';
import { bondBetween } from '../store/beside.ts';
import { keyFor } from '../store/commands.ts';
import { AppContext, useActive, useApp, useBeside, usePage, useView } from './app-context.ts';
import { DensityStrip } from './density-strip.tsx';
import { NameEnds } from './name-ends.tsx';
import { useSideName } from './side-name.ts';
import { LogTable } from './table/log-table.tsx';
import { focusTable } from './use-keys.ts';

export function Sides({ active }: { readonly active: number }) {
  const page = usePage();
  const pair = useBeside((state) => state.pair);
  const share = useBeside((state) => state.share);
  useLeading();
  return (
    <main
      className={pair === null ? 'sides' : 'sides two'}
      aria-label="Log"
      style={{ '--share': share } as CSSProperties}
      data-testid="sides"
    >
      {(pair ?? [active]).map((view, at) => {
        const app = page.appOf(view);
        return app === null ? null : (
          <Fragment key={view}>
            {at > 0 && <SideSizer share={share} />}
            <AppContext value={app}>
              <Side paired={pair !== null} right={at > 0} />
            </AppContext>
          </Fragment>
        );
      })}
    </main>
  );
}

/** A key acts on the active view, so that this one leads. */
function useLeading(): void {
  const page = usePage();
  useEffect(() => {
    const lead = () => {
      const { active } = page.tabs.getState();
      if (active !== null) page.beside.lead(active);
    };
    window.addEventListener('keydown', lead, true);
    return () => window.removeEventListener('keydown', lead, true);
  }, [page]);
}

function Side({ paired, right }: { readonly paired: boolean; readonly right: boolean }) {
  const page = usePage();
  const app = useApp();
  const active = useActive();
  const name = useSideName(app);
  const { view } = app.look;
  const pressed = useRef(false);
  const side = useRef<HTMLDivElement>(null);
  // Who goes to the other side by a key goes there with the keys.
  useLayoutEffect(() => {
    const focused = document.activeElement;
    const elsewhere = focused === document.body || focused?.closest('.side') !== null;
    if (active && paired && elsewhere && !side.current?.contains(focused)) focusTable();
  }, [active, paired]);
  return (
    <div
      ref={side}
      className={active ? 'side active' : 'side'}
      {...(paired && { role: 'group', 'aria-label': `${right ? 'Right' : 'Left'}: ${name}` })}
      data-testid={paired ? (right ? 'side-right' : 'side-left') : 'side'}
      data-view={view}
      onWheelCapture={() => page.beside.lead(view)}
      onPointerDownCapture={() => {
        page.beside.lead(view);
        pressed.current = true;
      }}
      // Not with the press: what is above the logs may be of another height, and would move a row from under the pointer.
      onPointerUpCapture={(event) => {
        pressed.current = false;
        if (!isButton(event.target)) page.show(view);
      }}
      onPointerCancelCapture={() => {
        pressed.current = false;
      }}
      onContextMenuCapture={() => page.show(view)}
      onFocusCapture={(event) => {
        if (!pressed.current && !isButton(event.target)) page.show(view);
      }}
    >
      {paired && <SideHead app={app} name={name} right={right} />}
      <div className="table-and-strip">
        <LogTable />
        <DensityStrip />
      </div>
    </div>
  );
}

/** What closes a side or lets go of the other is no wish to work there. */
const isButton = (target: EventTarget): boolean => target instanceof Element && target.closest('.side-button') !== null;

interface HeadProps {
  readonly app: App;
  readonly name: string;
  readonly right: boolean;
}

function SideHead({ app, name, right }: HeadProps) {
  const page = usePage();
  const shown = useView(({ matchedEntries }) => matchedEntries);
  const other = useBeside(({ pair }) => pair?.find((view) => view !== app.look.view) ?? null);
  const beside = other === null ? null : page.appOf(other);
  return (
    <div className="side-head">
      <span className="side-name" title={name} data-testid="side-name">
        <NameEnds name={name} />
      </span>
      <span className="tab-count" data-testid="side-count">
        {formatCount(shown)}
      </span>
      <span className="side-space" />
      {right && beside !== null && <TogetherButton app={app} beside={beside} />}
      <button
        type="button"
        className="side-button"
        aria-label={`Show ${name} no longer`}
        title={`Show it no longer; its tab stays (${keyFor('showBeside')})`}
        data-testid="side-close"
        onClick={() => {
          if (other !== null) page.show(other);
          page.beside.close();
          focusTable();
        }}
      >
        <DismissRegular fontSize={12} />
      </button>
    </div>
  );
}

function TogetherButton({ app, beside }: { readonly app: App; readonly beside: App }) {
  const page = usePage();
  const together = useBeside((state) => state.together);
  // What two sessions agree by is known once both have said what their times are.
  useStore(app.status.store, ({ status }) => status?.origin);
  useStore(beside.status.store, ({ status }) => status?.origin);
  const words = bondWords(bondBetween(app, beside));
  return (
    <button
      type="button"
      className="side-button"
      aria-pressed={together}
      aria-label={`Scroll both together, ${words}`}
      title={`Scroll both together, ${words} (${keyFor('scrollTogether')})`}
      data-testid="side-together"
      onClick={() => page.beside.setTogether(!together)}
    >
      {together ? <LinkRegular fontSize={14} /> : <LinkDismissRegular fontSize={14} />}
      {together ? words : 'each by itself'}
    </button>
  );
}

const STEP = 5;

/** The edge between two sides: dragged, or moved with the arrow keys. */
function SideSizer({ share }: { readonly share: number }) {
  const { beside } = usePage();
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const edge = event.currentTarget;
    const sides = edge.parentElement;
    if (sides === null) return;
    edge.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => {
      const { left, top, width, height } = sides.getBoundingClientRect();
      const stacked = getComputedStyle(sides).flexDirection === 'column';
      beside.setShare(stacked ? ((moved.clientY - top) / height) * 100 : ((moved.clientX - left) / width) * 100);
    };
    edge.addEventListener('pointermove', move);
    edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), { once: true });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const { key } = event;
    const less = key === 'ArrowLeft' || key === 'ArrowUp';
    if (!less && key !== 'ArrowRight' && key !== 'ArrowDown') return;
    event.preventDefault();
    beside.setShare(share + (less ? -STEP : STEP));
  };
  return (
    <div
      className="side-sizer"
      role="separator"
      aria-label="Width of the left log"
      aria-valuenow={share}
      aria-valuemin={LEAST_SHARE}
      aria-valuemax={MOST_SHARE}
      tabIndex={0}
      data-testid="side-sizer"
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={() => beside.setShare(50)}
    />
  );
}
