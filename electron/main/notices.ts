/** Notices on their way to the page. What is told before the page listens waits for it; nothing is told to nobody. */
import type { Notice } from '../contract/channels.ts';

export class Notices {
  private waiting: Notice[] = [];
  private listening = false;
  private readonly send: (notice: Notice) => void;

  constructor(send: (notice: Notice) => void) {
    this.send = send;
  }

  tell(notice: Notice): void {
    if (this.listening) this.send(notice);
    else this.waiting.push(notice);
  }

  /** The page has subscribed: it does so before its first call. */
  pageListens(): void {
    this.listening = true;
    for (const notice of this.waiting.splice(0)) this.send(notice);
  }

  /** The page is gone; what comes now waits for the next one. */
  pageGone(): void {
    this.listening = false;
  }
}
