/**
 * Notices to the person, on their way to the page. A notice given before the page is ready waits for it. The same
 * notice waits only once, and only a limited number of them wait: a page may never come, and the newest matter most.
 */
import type { Notice } from '../contract/app.ts';

const MOST_WAITING = 20;
/**
 * The same text is sent to a page at most this often, milliseconds: a defect may produce it a thousand times a second.
 */
const REPEAT_MS = 1000;

export class Notices {
  private waiting: Notice[] = [];
  private listening = false;
  private readonly send: (notice: Notice) => void;
  private readonly now: () => number;
  /** When each text was last sent, the newest last. */
  private readonly told = new Map<string, number>();

  /** `now` is in monotonic milliseconds. */
  constructor(send: (notice: Notice) => void, now: () => number) {
    this.send = send;
    this.now = now;
  }

  tell(notice: Notice): void {
    if (!this.listening) {
      this.waiting = [...this.waiting.filter(({ message }) => message !== notice.message), notice].slice(-MOST_WAITING);
      return;
    }
    const now = this.now();
    if (now - (this.told.get(notice.message) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return;
    this.told.delete(notice.message);
    this.told.set(notice.message, now);
    const oldest = this.told.keys().next();
    if (this.told.size > MOST_WAITING && !oldest.done) this.told.delete(oldest.value);
    this.send(notice);
  }

  /** To be called at the page's first call, before which it has subscribed to events. */
  pageListens(): void {
    this.listening = true;
    for (const notice of this.waiting.splice(0)) this.send(notice);
  }

  /** To be called when the page is gone; notices now wait for the next one. */
  pageGone(): void {
    this.listening = false;
    this.told.clear();
  }
}
