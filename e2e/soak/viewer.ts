/**
 * The real app, in a window: started with a profile that earlier runs of it left behind, queried, exported from, and
 * killed completely or in part.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { access, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron } from '@playwright/test';
import type { ExportProgress } from '../../electron/contract/output.ts';
import type { Status } from '../../electron/contract/status.ts';
import { RowCheck } from './account.ts';
import { between, type Producer } from './producer.ts';
import { readRows } from './rows.ts';
import { ViewerPage } from './viewer-page.ts';
import { sleep, type World } from './world.ts';

export interface Shell {
  /** The project's top level, whose build runs. */
  readonly root: string;
  readonly electron: string;
  readonly switches: readonly string[];
  /** The profile that all lives of the app share; its history lies on the disk that has the faults. */
  readonly profile: string;
  /** Where the app's history goes. */
  readonly history: string;
}

/** A producer that this app reads, and where it began. */
interface Share {
  readonly producer: Producer;
  readonly from: readonly number[];
}

export class Viewer {
  readonly pid: number;
  private readonly world: World;
  private readonly shell: Shell;
  private readonly app: ElectronApplication;
  private readonly page: ViewerPage;
  private readonly number: number;
  private readonly exit: Promise<string>;
  private readonly shares: Share[] = [];
  private said = '';
  private asked = false;
  private unasked: string | null = null;
  private exportNumber = 0;
  private rowsOnDisk = 0;

  private constructor(world: World, shell: Shell, app: ElectronApplication) {
    this.world = world;
    this.shell = shell;
    this.app = app;
    this.page = new ViewerPage(world, app);
    this.number = ++world.tally.apps;
    const child = app.process();
    world.own(child);
    this.pid = child.pid as number;
    child.stderr?.on('data', (part: Buffer) => {
      this.said = (this.said + part.toString()).slice(-20_000);
    });
    this.exit = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        const how = `code ${code}, ${signal}`;
        if (!this.asked) this.unasked = `app ${this.number} ended by itself: ${how}: ${this.said}`;
        resolve(how);
      });
    });
  }

  /** Starts the app and waits until it reads `producer`, which has to run. */
  static async start(world: World, shell: Shell, producer: Producer): Promise<Viewer> {
    const from = producer.memory.accounted();
    const app = await world.within(
      'the start of the app',
      electron.launch({
        executablePath: shell.electron,
        colorScheme: null,
        timeout: 0,
        env: { ...process.env, RINGVIEW_SESSIONS: join(shell.profile, 'sessions') },
        args: [...shell.switches, shell.root, `--user-data-dir=${shell.profile}`, '--source', `sim:${producer.name}`],
      }),
    );
    const page = await world.within('the window of the app', app.firstWindow({ timeout: 0 }));
    const viewer = new Viewer(world, shell, app);
    page.on('pageerror', (error) => {
      viewer.unasked = `the page of app ${viewer.number} threw ${error.stack ?? error.message}`;
    });
    await viewer.page.ready();
    await viewer.attached(producer, from);
    await viewer.checkHistory();
    world.log(`app ${viewer.number} reads producer ${producer.tag} from attempt ${from.reduce((a, b) => a + b, 0)}`);
    return viewer;
  }

  /** Waits until the app has come to a producer by itself. */
  async attached(producer: Producer, from = producer.memory.accounted().map(() => 0)): Promise<void> {
    this.shares.push({ producer, from });
    await this.world.waitFor(`app ${this.number} at producer ${producer.tag}`, () => {
      this.check();
      producer.check();
      return producer.memory.readerPid === this.pid;
    });
  }

  /** Throws if it has gone, or its page has, and nobody had asked. */
  check(): void {
    if (this.unasked !== null) this.world.fail(this.unasked);
    if (/defect|uncaught/i.test(this.said)) this.world.fail(`app ${this.number} says: ${this.said}`);
    const ends = this.said.match(/the page ended/g)?.length ?? 0;
    if (ends > this.page.killed) this.world.fail(`a page of app ${this.number} ended by itself: ${this.said}`);
  }

  /** Whether the main process answers, and what it last told the page. */
  async status(): Promise<Status | null> {
    this.check();
    const ask = this.page.ask(async () => {
      await window.ringview.view.rows({ view: 1, generation: 0, first: 0, count: 0 });
      return window.soak?.status ?? null;
    }, null);
    const status = await this.world.within(`an answer of app ${this.number}`, ask);
    if (status !== null) this.rowsOnDisk = Math.max(this.rowsOnDisk, status.retention.diskRows);
    return status;
  }

  pause(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  goOn(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Kills the page alone; the next one is there when this resolves. */
  async killPage(signal: NodeJS.Signals): Promise<void> {
    this.check();
    await this.page.kill(signal);
    this.world.log(`app ${this.number}: its page was ended by ${signal} and came back`);
  }

  async killGraphics(): Promise<void> {
    this.check();
    await this.page.killGraphics();
  }

  /** Exports everything it holds now and judges the file, or that there is none. */
  async export(): Promise<void> {
    const check = await this.exported(false);
    if (check !== null) this.world.log(`app ${this.number}: exported ${check.rows} rows while it captures`);
  }

  /** Stops the capture, holds every row against what the producers made, and closes the window. */
  async close(): Promise<void> {
    const { world } = this;
    for (const { producer } of this.shares) {
      if (producer.over === null) continue;
      await world.waitFor(`empty ring of producer ${producer.tag}`, () => {
        this.check();
        return producer.drained;
      });
    }
    await world.within(
      'the end of the capture',
      this.page.ask(() => window.ringview.session.stop({ session: 1 }), null),
    );
    await world.waitFor('detached reader', () => this.shares.at(-1)?.producer.memory.readerPid === 0);
    let check: RowCheck | null = null;
    // A full disk refuses the export until there is room again.
    for (let tries = 0; check === null; tries++) {
      if (tries > 200) world.fail(`app ${this.number}: no export went through`);
      check = await this.exported(true);
      if (check === null) await sleep(500);
    }
    // Figures are told four times a second at most: those of the end are the ones that say that it has come.
    let status = await this.status();
    for (let tries = 0; status?.capturing !== false; tries++) {
      if (tries > 600) world.fail(`app ${this.number}: the end of the capture was never told`);
      await sleep(100);
      status = await this.status();
    }
    const rows = status?.sources.reduce((total, source) => total + source.rows, 0) ?? 0;
    const evicted = status?.evictedRows ?? 0;
    if (rows !== check.rows + evicted) {
      world.fail(`app ${this.number} says ${rows} rows came, ${evicted} were dropped; the export has ${check.rows}`);
    }
    const { tally } = world;
    const gone = this.made() - check.entries - check.lost;
    if (evicted === 0 && gone !== 0) world.fail(`app ${this.number}: ${gone} attempts are neither there nor counted`);
    tally.delivered += check.entries;
    tally.lost += check.lost;
    tally.late += check.late;
    tally.evicted += gone;
    tally.onDisk += this.rowsOnDisk;
    this.asked = true;
    await world.within(`the end of app ${this.number}`, this.app.close());
    await world.within(`the death of app ${this.number}`, this.exit);
    const left = await this.historyFolders();
    if (left.some((name) => name.startsWith(`session-${this.pid}-`)))
      world.fail(`app ${this.number} left its history behind`);
    world.log(
      `app ${this.number} closed: ${check.rows} rows of ${this.shares.length} producers, ${this.rowsOnDisk} on disk, ${evicted} dropped, ${check.lost} lost, ${check.late} late`,
    );
  }

  async kill(): Promise<void> {
    const { world } = this;
    this.check();
    this.asked = true;
    world.tally.appsKilled++;
    process.kill(this.pid, 'SIGKILL');
    await world.within(`the death of app ${this.number}`, this.exit);
    await world.waitFor('processes of a dead app to end', () => !othersRun(this.shell.profile));
    await Promise.race([this.app.close().catch(() => undefined), sleep(1000)]);
    const taken = this.made();
    world.tally.taken += taken;
    world.tally.onDisk += this.rowsOnDisk;
    const left = (await this.historyFolders()).length;
    world.log(
      `app ${this.number} killed: ${taken} attempts taken with it, ${this.rowsOnDisk} rows on disk, ${left} folders left`,
    );
  }

  /** Attempts that this app accounted for. */
  private made(): number {
    return this.shares.reduce((total, { producer, from }) => total + between(from, producer.memory.accounted()), 0);
  }

  private async exported(final: boolean): Promise<RowCheck | null> {
    const { world, page } = this;
    const path = join(world.target, `app-${this.number}-${++this.exportNumber}.jsonl`);
    const fullBefore = world.tally.fullDisk;
    const wasFull = world.disk?.full ?? false;
    const before = await unfinished(world.target);
    // A path never comes from the page: the dialog that asks for it answers here.
    await this.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, path);
    const id = await page.ask(async () => {
      const options = { losses: true, spreadsheetSafe: true };
      const started = await window.ringview.view.export({
        view: 1,
        scope: 'all',
        format: 'jsonl',
        range: null,
        options,
      });
      if (!started.ok) throw new Error(started.failure.message);
      return started.value?.id ?? 0;
    }, null);
    let progress: ExportProgress | null;
    const end = performance.now() + 180_000;
    do {
      await sleep(100);
      if (performance.now() > end) world.fail(`app ${this.number}: its export does not end`);
      this.check();
      progress = await world.within(
        'progress',
        page.ask((number) => window.soak?.exports[number] ?? null, id),
      );
    } while (progress === null || progress.state === 'running');
    if (progress.state !== 'done') {
      const full = wasFull || world.tally.fullDisk > fullBefore;
      if (progress.failure?.code !== 'disk-full' || !full) {
        world.fail(`app ${this.number}: an export ended as ${progress.state}: ${JSON.stringify(progress.failure)}`);
      }
      const left = (await exists(path)) || (await unfinished(world.target)) > before;
      if (left) world.fail(`app ${this.number}: a refused export left something in ${world.target}`);
      world.tally.exportsRefused++;
      world.tally.fullDiskTold++;
      return null;
    }
    const check = new RowCheck({
      lives: this.shares.map(({ producer, from }) => producer.part(from, producer.memory.accounted())),
      complete: final,
      dropped: ((await this.status())?.evictedRows ?? 0) > 0,
    });
    if (progress.skippedRows > 0) {
      // Told as it should be; what is left has a hole that the check cannot know.
      world.log(`app ${this.number}: ${progress.skippedRows} rows were dropped while they were exported`);
      await rm(path);
      return null;
    }
    const { rows, begun } = await readRows(path, (row) => check.take(row));
    const findings = [...check.finish()];
    if (begun > 0) findings.push('it ends in the middle of a row');
    if (rows !== progress.rows) findings.push(`it has ${rows} rows, the app says ${progress.rows}`);
    if ((await unfinished(world.target)) > before) findings.push('its temporary file is still there');
    if (findings.length > 0) world.fail(`app ${this.number}: the export ${path}: ${findings.join('\n  ')}`);
    world.tally.exports++;
    world.tally.judged += check.rows;
    await rm(path);
    return check;
  }

  /** What earlier lives left is gone once the next one runs. */
  private async checkHistory(): Promise<void> {
    const left = (await this.historyFolders()).filter((name) => !name.startsWith(`session-${this.pid}-`));
    if (left.length > 0) this.world.fail(`app ${this.number} did not remove ${left.join(', ')} of earlier ones`);
  }

  private async historyFolders(): Promise<string[]> {
    const names = await readdir(this.shell.history);
    return names.filter((name) => name.startsWith('session-'));
  }
}

/** Temporary files of exports in a folder: a killed app may have left some. */
async function unfinished(folder: string): Promise<number> {
  return (await readdir(folder)).filter((name) => /^\.ringview-.*\.part$/.test(name)).length;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Whether any process of the app with this profile is left: its page and its helpers die with it, a moment later. */
function othersRun(profile: string): boolean {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(`--user-data-dir=${profile}`)) return true;
    } catch {
      // It has ended meanwhile.
    }
  }
  return false;
}
