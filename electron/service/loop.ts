/**
 * Calls the workspace's tick again and again, and keeps listeners informed. A tick never waits for a listener: a slow
 * page gets fewer updates, and the rings are drained all the same.
 */
import type { Workspace } from '../session/workspace/workspace.ts';
import type { Timers } from './timers.ts';

/** Someone who is informed of changes, such as a page. */
export interface Listener {
  /** Sends what is new and due. Returns the milliseconds after which to call again; Infinity: with the next tick. */
  offer(nowMs: number): number;
}

export class Loop {
  private readonly workspace: Workspace;
  private readonly timers: Timers;
  private readonly listeners = new Set<Listener>();
  private cancel: () => void = () => {};
  private running = false;

  constructor(workspace: Workspace, timers: Timers) {
    this.workspace = workspace;
    this.timers = timers;
  }

  start(): void {
    this.running = true;
    this.wake();
  }

  stop(): void {
    this.running = false;
    this.cancel();
  }

  /** Adds a listener; returns a function that removes it. */
  inform(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Informs listeners of a change without waiting for the next tick, which may be far off while nothing is captured.
   */
  wake(): void {
    this.schedule(0);
  }

  private schedule(ms: number): void {
    if (!this.running) return;
    this.cancel();
    this.cancel = this.timers.after(ms, () => this.run());
  }

  private run(): void {
    if (!this.running) return;
    let delay = this.workspace.tick(this.timers.now());
    const now = this.timers.now();
    for (const listener of this.listeners) delay = Math.min(delay, listener.offer(now));
    this.schedule(delay);
  }
}
