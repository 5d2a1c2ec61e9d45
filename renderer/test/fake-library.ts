/** The recorded sessions of a machine, as a list in memory: what a page shows and asks of them, without a disk. */
import type { RecordedSession } from '../../electron/contract/library.ts';
import { DEFAULT_LIBRARY, type LibrarySettings } from '../../electron/contract/library.ts';
import { Library, type LibraryDependencies } from '../../electron/service/library.ts';
import { fail, ok } from '../../native/core/result.ts';

type Entry =
  Awaited<ReturnType<Library['atRest']>> extends infer R ? (R extends { readonly value: infer E } ? E : never) : never;

const PLACE = '/sessions';

export class FakeLibrary {
  readonly library: Library;
  /** Newest first. */
  entries: Entry[] = [];
  settings: LibrarySettings = DEFAULT_LIBRARY;
  /** Whether the person agrees to delete. */
  agrees = true;

  constructor(now: () => number) {
    const dependencies: LibraryDependencies = {
      library: {
        folder: PLACE,
        pathOf: (id) => ok(`${PLACE}/${id}.ringview`),
        isRecorded: (path) => this.entries.some((entry) => entry.path === path && entry.ended === null),
      },
      port: { ask: async (question) => this.answer(question) },
      settings: () => this.settings,
      setSettings: (settings) => {
        this.settings = settings;
      },
      askToDelete: async () => this.agrees,
      report: () => {},
      tell: () => {},
      now,
    };
    this.library = new Library(dependencies);
  }

  /** One more session, newest. */
  add({ id, ...more }: Partial<Omit<Entry, 'path'>> & Pick<RecordedSession, 'id'>): void {
    const entry: Entry = {
      ...{ name: id, path: `${PLACE}/${id}.ringview`, pinned: false, named: false, offered: false },
      ...{
        startedUnixMs: 1_700_000_000_000,
        durationMs: 60_000,
        rows: 100,
        lost: 0,
        bytes: 10_000,
        sources: ['sim:lab'],
      },
      ...{ ended: 'stopped', damages: [], ...more },
    };
    this.entries.unshift(entry);
  }

  private answer(question: Parameters<LibraryDependencies['port']['ask']>[0]): ReturnTypeOfAsk {
    switch (question.do) {
      case 'list':
        return ok({ sessions: this.entries, troubles: [] });
      case 'offer':
        return ok({ sessions: this.entries.filter(({ ended }) => ended === 'crashed'), troubles: [] });
      case 'beyond':
      case 'forget':
        return ok({ sessions: [], troubles: [] });
      case 'delete':
        this.entries = this.entries.filter(({ path }) => path !== question.path);
        return ok({ sessions: [], troubles: [] });
      case 'rename':
        if (this.entries.some(({ name, path }) => name === question.name && path !== question.path))
          return fail('bad-argument', `There is a session ${question.name} already`, 'Choose another name');
        this.change(question.path, { name: question.name });
        return ok({ sessions: [], troubles: [] });
      case 'pin':
        this.change(question.path, { pinned: question.pinned });
        return ok({ sessions: [], troubles: [] });
    }
  }

  private change(path: string, change: Partial<Entry>): void {
    this.entries = this.entries.map((entry) => (entry.path === path ? { ...entry, ...change } : entry));
  }
}

type ReturnTypeOfAsk = Awaited<ReturnType<LibraryDependencies['port']['ask']>>;
