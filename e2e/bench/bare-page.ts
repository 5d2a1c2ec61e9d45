/**
 * The least a page can do for a table that moves: as many lines of text, in the same places, written over in one frame,
 * and a scroll bar. No framework, no cells, no virtualizer, no session. What it reaches on a machine is the floor the
 * real table is held against.
 */
import type { ElectronApplication, Page } from '@playwright/test';

declare global {
  interface Window {
    /** Writes all lines anew, as if so many rows had come in. */
    bareAdvance?: (rows: number) => void;
  }
}

/** Opens it in a window of its own, with `rows` rows. */
export async function openBarePage(app: ElectronApplication, rows: number): Promise<Page> {
  const opened = app.waitForEvent('window');
  await app.evaluate(({ BrowserWindow }) => {
    const other = new BrowserWindow({
      width: 1280,
      height: 800,
      webPreferences: { sandbox: true, backgroundThrottling: false },
    });
    void other.loadURL('about:blank');
  });
  const page = await opened;
  await page.waitForLoadState();
  await page.evaluate(build, rows);
  return page;
}

/** Runs in the page: needs nothing of this module. */
function build(rows: number): void {
  const ROW_PX = 20;
  const SPACER_PX = 8_000_000;
  document.body.innerHTML =
    '<div data-testid="log-table" tabindex="0" style="position:absolute;inset:70px 280px 24px 0;outline:0">' +
    '<div class="body" style="position:absolute;inset:0;overflow-y:scroll;contain:strict">' +
    `<div style="height:${SPACER_PX}px"><div class="stage" style="position:sticky;top:0;overflow:hidden;` +
    'font:12.5px/20px monospace;white-space:pre"></div></div></div></div>';
  const table = document.querySelector<HTMLElement>('[data-testid="log-table"]');
  const bar = document.querySelector<HTMLElement>('.body');
  const stage = document.querySelector<HTMLElement>('.stage');
  if (table === null || bar === null || stage === null) throw new Error('the page was not built');
  const viewPx = bar.clientHeight;
  stage.style.height = `${viewPx}px`;
  const lines = Array.from({ length: Math.ceil(viewPx / ROW_PX) + 1 }, (_, at) => {
    const line = document.createElement('div');
    line.style.cssText = `position:absolute;top:${at * ROW_PX}px;height:${ROW_PX}px;left:0;right:0;overflow:hidden`;
    stage.append(line);
    return { line, text: line.appendChild(document.createTextNode('')) };
  });
  let end = rows;
  let top = 0;
  let asked = false;
  let known = 0;
  const draw = () => {
    asked = false;
    const last = end * ROW_PX - viewPx;
    top = Math.min(Math.max(0, top), last);
    bar.scrollTop = (top / last) * (SPACER_PX - viewPx);
    known = bar.scrollTop;
    const first = Math.floor(top / ROW_PX);
    lines.forEach(({ line, text }, at) => {
      const row = first + at;
      line.dataset.position = `${row}`;
      line.setAttribute('aria-rowindex', `${row + 2}`);
      const address = ((row * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0');
      text.data = `${row}  12.004 ${row % 1000}  +0.000 3  ${row % 8}  info  IRP 0xffff${address} completed after ${row % 97} us with status 0x00000000`;
    });
    table.setAttribute('aria-rowcount', `${end + 1}`);
  };
  const moveTo = (place: number) => {
    top = place;
    if (asked) return;
    asked = true;
    requestAnimationFrame(draw);
  };
  const keys: Record<string, () => number> = {
    PageDown: () => top + viewPx - ROW_PX,
    PageUp: () => top - viewPx + ROW_PX,
    Home: () => 0,
    End: () => end * ROW_PX,
  };
  document.addEventListener('keydown', (event) => {
    const place = keys[event.key];
    if (place === undefined) return;
    event.preventDefault();
    moveTo(place());
  });
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    moveTo(top + event.deltaY);
  };
  bar.addEventListener('wheel', onWheel, { passive: false });
  bar.addEventListener('scroll', () => {
    if (Math.abs(bar.scrollTop - known) < 1) return;
    moveTo((bar.scrollTop / (SPACER_PX - viewPx)) * (end * ROW_PX - viewPx));
  });
  window.bareAdvance = (count) => {
    end += count;
    moveTo(end * ROW_PX);
  };
  draw();
}
