/**
 * The tray as the settings say: an icon while it is wanted and there is a place for it, what its menu does, and when a
 * window that is closed is hidden instead. Where there is no tray, nothing is hidden, for nothing would bring it back.
 */
import { app } from 'electron';
import type { SourceInfo } from '../contract/status.ts';
import type { Session } from '../session/ingest/session.ts';
import type { Settings } from './settings.ts';
import { TrayIcon } from './tray.ts';
import type { TrayItem, TraySession } from './tray-look.ts';
import { trayHindrance } from './tray-there.ts';

export interface TraySwitchDependencies {
  readonly settings: () => Pick<Settings, 'tray' | 'closeToTray'>;
  readonly sessions: () => readonly Session[];
  readonly show: () => void;
  readonly start: (session: Session, source: string, how: 'alone' | 'beside') => Promise<unknown>;
  readonly askToClose: (rows: number) => Promise<boolean>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Sources that can be captured from again. */
const liveOf = (session: Session): readonly string[] =>
  session.recordedAt !== null
    ? []
    : session
        .facts()
        .sources.filter(({ info }: { readonly info: SourceInfo }) => info.file === undefined)
        .flatMap(({ id }) => session.specOf(id) ?? []);

export function traySwitch(deps: TraySwitchDependencies) {
  /** Null: there is a tray; until that is known, there is none. */
  let hindrance: string | null = 'Whether this desktop shows icons of programs is not known yet';
  let quitting = false;
  /** What was stopped here, to be started again. */
  let stopped: readonly { readonly session: Session; readonly sources: readonly string[] }[] = [];

  const icon = new TrayIcon({
    sessions: () =>
      deps.sessions().map((session): TraySession => {
        const { capturing, lost, levels } = session.status(deps.now());
        const records = levels.reduce((sum, each) => sum + each, 0);
        return { capturing, live: liveOf(session).length > 0, records, lost };
      }),
    act,
  });

  function act(what: TrayItem['id']): void {
    if (what === 'show') deps.show();
    else if (what === 'quit') app.quit();
    else toggle();
  }

  function toggle(): void {
    const open = deps.sessions();
    const capturing = open.filter((session) => session.isCapturing);
    if (capturing.length > 0) {
      stopped = capturing.map((session) => ({ session, sources: liveOf(session) }));
      for (const session of capturing) session.stop();
      return;
    }
    const again = stopped.filter(({ session }) => open.includes(session));
    const wanted = again.length > 0 ? again : open.map((session) => ({ session, sources: liveOf(session) }));
    for (const { session, sources } of wanted) void startAgain(session, sources);
  }

  /** One after the other: the first takes the place of those in use. */
  async function startAgain(session: Session, sources: readonly string[]): Promise<void> {
    for (const [at, source] of sources.entries()) await deps.start(session, source, at === 0 ? 'alone' : 'beside');
  }

  const settle = (): void => icon.set(deps.settings().tray && hindrance === null);

  return {
    settle,
    hindrance: () => hindrance,
    /** Whether the last window is hidden where it would be closed. */
    hides: () => icon.shown && deps.settings().closeToTray && !quitting,
    askToClose: async (rows: number): Promise<boolean> => {
      // What is asked about is a window that may be hidden.
      deps.show();
      const closes = await deps.askToClose(rows);
      if (!closes) quitting = false;
      return closes;
    },
    /** Looks whether there is a tray, and shows the icon if it is wanted. */
    async begin(): Promise<void> {
      app.on('before-quit', () => {
        quitting = true;
      });
      hindrance = await trayHindrance();
      settle();
    },
  };
}
