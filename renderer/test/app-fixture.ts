/** A page over the real service, both in this process, with frames and timers that run when the test says so. */
import type { RequestChannel, RequestOf } from '../../electron/contract/channels.ts';
import { matchExpression, splitMatches } from '../../electron/contract/text-matches.ts';
import { createFrames } from '../model/frames.ts';
import type { App } from '../store/app.ts';
import { COMMANDS, type Command } from '../store/commands.ts';
import { createPage, type Page } from '../store/page.ts';
import { Program, type ProgramOptions } from './program.ts';
import { RecordedWire } from './recorded-wire.ts';

/** Height of the table. */
export const VIEW_PX = 600;
/** Time from one frame to the next, longer than the service waits between two updates; milliseconds. */
const FRAME_MS = 35;
/** After so many frames without any work, nothing more happens by itself. */
const QUIET_FRAMES = 3;

export function memoryStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  const values = new Map<string, string>();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value) };
}

/** A page that is not connected yet. */
export function createFixture(options: Partial<ProgramOptions> = {}, program = new Program(options)) {
  const wireEnd = program.connect();
  const wire = new RecordedWire(wireEnd.wire);
  let frames: (() => void)[] = [];
  let timers: { run: () => void; cancelled: boolean }[] = [];
  const page: Page = createPage({
    wire: wire.wire,
    frames: createFrames((run) => frames.push(run)),
    later: (run) => {
      const timer = { run, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    startHighlightThread: (answer) => ({
      post({ query, texts }) {
        const pattern = matchExpression(query);
        queueMicrotask(() => answer(texts.map((text) => splitMatches(text, pattern))));
      },
      end() {},
    }),
    storage: memoryStorage(),
  });

  /** Runs everything that waits only for replies, and what the service does at this time. */
  async function settle(): Promise<void> {
    // Replies arrive in microtasks, which have all run when the macrotask begins.
    do await new Promise<void>((resolve) => setImmediate(resolve));
    while (program.move());
  }

  /** Replies, then one animation frame, until nothing more happens. */
  async function run(): Promise<void> {
    for (let quiet = 0; ; ) {
      await settle();
      const due = frames;
      frames = [];
      quiet = due.length === 0 ? quiet + 1 : 0;
      if (quiet > QUIET_FRAMES) return;
      for (const frame of due) frame();
      await settle();
      program.passTime(FRAME_MS);
    }
  }

  function fireTimers(): void {
    const due = timers;
    timers = [];
    for (const timer of due) if (!timer.cancelled) timer.run();
  }

  function app(): App {
    const active = page.active();
    if (active === null) throw new Error('no view is looked at yet');
    return active;
  }

  return {
    program,
    page,
    wire,
    run,
    settle,
    fireTimers,
    /** The requests of a channel, in order. */
    calls: <C extends RequestChannel>(channel: C): RequestOf<C>[] => wire.asked(channel),
    /** Sends the page an event that the service would not send now. */
    tell: wireEnd.send.bind(wireEnd),
    pendingFrames: () => frames.length,
    /** The view that is shown. */
    get app(): App {
      return app();
    },
    /** Presses the key of a command. */
    command: (command: Command) => COMMANDS[command].run({ page, app: app(), focus: () => {} }),
    /** Shows a view, like drawing its table does. */
    show(view: number, viewPx = VIEW_PX): void {
      page.show(view);
      app().view.setViewPx(viewPx);
    },
    /** Starts the page and shows its first view. */
    async connect(viewPx = VIEW_PX): Promise<() => void> {
      const end = page.connect();
      await settle();
      app().view.setViewPx(viewPx);
      await run();
      return end;
    },
  };
}

export type Fixture = ReturnType<typeof createFixture>;

/** A page whose first view is shown. */
export async function startFixture(options: Partial<ProgramOptions> = {}): Promise<Fixture> {
  const fixture = createFixture(options);
  await fixture.connect();
  return fixture;
}
