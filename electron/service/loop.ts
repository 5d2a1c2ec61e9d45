/**
 * Keeps the workspace ticking, and whoever listens informed. Ticks wait for nothing a listener does: a slow page gets
 * fewer updates, and the rings are drained all the same.
 */
import type { Workspace } from '../session/workspace/workspace.ts';
import type { Timers } from './timers.ts';

/** Somebody who is told what changes: a page, and whatever else will listen. */
export interface Listener {
  /** Tells what is new and due. Returns the milliseconds after which to be called again; Infinity: with the next tick. */
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

  /** Returns how to stop informing it. */
  inform(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Something changed that listeners should hear of without waiting for the next tick of an idle workspace. */
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
