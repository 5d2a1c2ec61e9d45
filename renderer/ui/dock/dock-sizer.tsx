/** The upper edge of the dock, by which its height is dragged, or changed with the arrow keys. */
import type { KeyboardEvent, PointerEvent } from 'react';
import { LEAST_PANE_PX, MOST_PANE_PX, PANE_PX } from '../../model/panes.ts';
import { useApp, useUi } from '../app-context.ts';

const STEP_PX = 20;

export function DockSizer() {
  const app = useApp();
  const px = useUi((ui) => ui.panePx);
  /** Heights that the window has no room for are not kept, or dragging back would seem to do nothing at first. */
  const set = (edge: HTMLElement, wanted: number): void => {
    const room = edge.parentElement?.parentElement?.clientHeight ?? MOST_PANE_PX;
    app.ui.setPanePx(Math.min(wanted, room / 2));
  };
  const paneBelow = (edge: HTMLElement) => edge.parentElement?.querySelector('.dock-pane')?.getBoundingClientRect();
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const edge = event.currentTarget;
    const pane = paneBelow(edge);
    if (pane === undefined) return;
    const grip = pane.top - event.clientY;
    edge.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => set(edge, pane.bottom - moved.clientY - grip);
    edge.addEventListener('pointermove', move);
    edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), { once: true });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowUp' ? STEP_PX : event.key === 'ArrowDown' ? -STEP_PX : 0;
    if (step === 0) return;
    event.preventDefault();
    set(event.currentTarget, (paneBelow(event.currentTarget)?.height ?? px) + step);
  };
  return (
    <div
      className="dock-sizer"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the pane below the log"
      aria-valuenow={px}
      aria-valuemin={LEAST_PANE_PX}
      aria-valuemax={MOST_PANE_PX}
      tabIndex={0}
      data-testid="dock-sizer"
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={() => app.ui.setPanePx(PANE_PX)}
    />
  );
}
