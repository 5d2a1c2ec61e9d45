/**
 * The page of the app in a soak, which may be killed at any time, and the graphics process with it. Whatever is asked of
 * the page waits for the next one; what the app tells is collected in each page anew.
 */
import type { ElectronApplication } from '@playwright/test';
import type { Wire } from '../../electron/contract/bridge.ts';
import type { ExportProgress } from '../../electron/contract/output.ts';
import type { Status } from '../../electron/contract/status.ts';
import { graphicsProcess, inPage, pageProcess } from '../page-door.ts';
import { sleep, type World } from './world.ts';

declare global {
  interface Window {
    ringview: Wire;
    /** What the page was told last. */
    soak?: { status: Status | null; exports: Record<number, ExportProgress> };
  }
}

const LOOK_MS = 50;

export class ViewerPage {
  /** Pages that were killed. */
  killed = 0;
  private readonly world: World;
  private readonly app: ElectronApplication;
  private coming: Promise<void>;

  constructor(world: World, app: ElectronApplication) {
    this.world = world;
    this.app = app;
    this.coming = world.within('the page', this.collects());
  }

  /** Resolves once there is a page that works and collects. */
  ready(): Promise<void> {
    return this.coming;
  }

  /** Runs a function in the page, in the next one if this one is killed meanwhile: it may run twice. */
  async ask<A, R>(run: (argument: A) => R, argument: A): Promise<Awaited<R>> {
    for (;;) {
      await this.coming;
      const life = this.killed;
      try {
        return await inPage(this.app, run, argument);
      } catch (error) {
        if (life === this.killed) throw error;
      }
    }
  }

  /** Kills the page and waits for the next one. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.coming;
    const pid = await pageProcess(this.app);
    if (pid === 0) this.world.fail('there is no page to kill');
    this.killed++;
    this.world.tally.pagesKilled++;
    process.kill(pid, signal);
    this.coming = this.world.within('a page after one that was killed', this.comesBack(pid));
    await this.coming;
  }

  /** Kills what draws; nothing of the app may notice but the picture. */
  async killGraphics(): Promise<void> {
    const pid = await graphicsProcess(this.app);
    // It may be starting again just now.
    if (pid === 0) return;
    process.kill(pid, 'SIGKILL');
    this.world.tally.graphicsKilled++;
  }

  private async comesBack(killed: number): Promise<void> {
    for (;;) {
      const pid = await pageProcess(this.app);
      if (pid !== 0 && pid !== killed) break;
      await sleep(LOOK_MS);
    }
    await this.collects();
  }

  /** Makes the page collect what it is told; one that says that it ended too often is asked to load again. */
  private async collects(): Promise<void> {
    for (;;) {
      const told = await inPage(this.app, collect, null).catch(() => false);
      if (told) return;
      await sleep(LOOK_MS);
    }
  }
}

/** In the page: true once it has been told how the capture stands. */
function collect(): boolean {
  document.querySelector<HTMLElement>('a[autofocus]')?.click();
  const { ringview } = window as Partial<Window>;
  if (ringview === undefined || document.querySelector('[data-testid="status-source"]') === null) return false;
  if (window.soak === undefined) {
    const soak: NonNullable<Window['soak']> = { status: null, exports: {} };
    window.soak = soak;
    ringview.on.session.status(({ status }) => {
      soak.status = status;
    });
    ringview.on.export.progress((progress) => {
      soak.exports[progress.id] = progress;
    });
  }
  return window.soak.status !== null;
}
