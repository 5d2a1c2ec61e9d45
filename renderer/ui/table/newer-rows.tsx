/**
 * Shown while the table does not follow: how many rows are newer than those shown, and a way to get there. A line below the
 * rows rather than a pill over them, which hid the ends of messages.
 */
import { useEffect, useRef } from 'react';
import { formatPlural } from '../../model/format.ts';
import { onceAFrame } from '../../model/frames.ts';
import { visibleRange } from '../../model/scroll.ts';
import { keyFor } from '../../store/commands.ts';
import { extentOf, type ViewState } from '../../store/view-state.ts';
import { useApp, useView } from '../app-context.ts';

const below = (view: ViewState): number => view.end - visibleRange(view.top, extentOf(view)).end;

export function NewerRows() {
  const shown = useView((view) => !view.follow && below(view) > 0);
  return shown ? <Newer /> : null;
}

function Newer() {
  const app = useApp();
  const button = useRef<HTMLButtonElement>(null);
  // Without React, once a frame: the number changes with every step of the wheel.
  useEffect(() => {
    const write = () => {
      if (button.current)
        button.current.textContent = `↓ ${formatPlural(below(app.view.store.getState()), 'row')} below`;
    };
    write();
    return app.view.store.subscribe(onceAFrame(app.frames.draw, write));
  }, [app]);
  return (
    <button
      ref={button}
      type="button"
      className="newer"
      data-testid="newer-rows"
      title={`Go to the newest row and follow (${keyFor('follow')})`}
      onClick={() => app.view.setFollow(true)}
    />
  );
}
