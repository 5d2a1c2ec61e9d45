/**
 * The native scroll bar and the wheel. The bar mirrors the place shown, and is read only when the person moved it. The
 * wheel moves the log by exact pixels, which a scaled bar could not express.
 */
import { barRange, fromScrollTop, ROW_PX, toScrollTop, wheelSteps } from '../../model/scroll.ts';
import type { App } from '../../store/app.ts';
import { extentOf, type ViewState } from '../../store/view-state.ts';

/**
 * While the person drags the thumb, the bar is not set. It is set again this long after its last movement;
 * milliseconds.
 */
const BAR_QUIET_MS = 150;
/** Pixels for one line, for wheels that count in lines. */
const WHEEL_LINE_PX = ROW_PX;

export class ScrollBar {
  private readonly app: Pick<App, 'view' | 'reading' | 'frames'>;
  private readonly bar: HTMLElement;
  private readonly spacer: HTMLElement;
  private rangePx = -1;
  /** The value that was set last; the bar is set again only if it has to differ. */
  private written = -1;
  /** The value last set or read. If the bar has another one, the person has moved it. */
  private known = 0;
  private quietTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(app: Pick<App, 'view' | 'reading' | 'frames'>, bar: HTMLElement, spacer: HTMLElement) {
    this.app = app;
    this.bar = bar;
    this.spacer = spacer;
  }

  /** Subscribes to events; returns a function that ends the subscription. */
  connect(): () => void {
    const bar = this.bar;
    const onScroll = () => this.scrolled();
    const onWheel = this.wheel();
    bar.addEventListener('scroll', onScroll, { passive: true });
    // Not passive, because the page moves the log itself and prevents the browser from scrolling.
    bar.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      bar.removeEventListener('scroll', onScroll);
      bar.removeEventListener('wheel', onWheel);
      if (this.quietTimer !== null) clearTimeout(this.quietTimer);
      this.app.view.rest();
    };
  }

  /** Shows a place. To be called before rows are written, because reading the bar requires an up-to-date layout. */
  show(state: ViewState): void {
    const extent = extentOf(state);
    const range = barRange(extent);
    const resized = range !== this.rangePx;
    if (resized) {
      this.rangePx = range;
      // Taller than the table by the range, whatever its height is: when a bar or a pane beside it comes or goes, there is as
      // much to scroll as before, and the browser does not move the thumb, which would look as if the person had.
      this.spacer.style.height = `calc(100% + ${range}px)`;
    }
    const wanted = toScrollTop(state.top, extent);
    const theirs = this.quietTimer !== null;
    if (!resized && (theirs || wanted === this.written)) return;
    if (!theirs) {
      this.bar.scrollTop = wanted;
      this.written = wanted;
    }
    this.known = this.bar.scrollTop;
  }

  private scrolled(): void {
    const { scrollTop } = this.bar;
    if (Math.abs(scrollTop - this.known) < 1) return;
    this.known = scrollTop;
    this.written = -1;
    const { view } = this.app;
    if (this.quietTimer !== null) clearTimeout(this.quietTimer);
    this.quietTimer = setTimeout(() => {
      this.quietTimer = null;
      this.show(view.store.getState());
      view.rest();
    }, BAR_QUIET_MS);
    view.passTo(fromScrollTop(scrollTop, extentOf(view.store.getState())));
  }

  private wheel(): (event: WheelEvent) => void {
    const { view, reading, frames } = this.app;
    const steps = wheelSteps();
    return (event) => {
      if (event.ctrlKey) return;
      event.preventDefault();
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (Math.abs(sideways) > 0 && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
        const { shift } = reading.store.getState();
        reading.setShift(shift + Math.sign(sideways) * Math.max(1, Math.round(Math.abs(sideways) / 8)));
        return;
      }
      const { viewPx } = view.store.getState();
      const unit = event.deltaMode === 1 ? WHEEL_LINE_PX : event.deltaMode === 2 ? viewPx : 1;
      const px = steps(event.deltaY * unit);
      // A fast wheel sends several events in a frame: all of them count, but the screen is drawn once.
      if (px !== 0) frames.update(() => view.scrollBy(px));
    };
  }
}
