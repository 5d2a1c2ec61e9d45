/** What rows are called by numbers for is in a recording before they are: the names of their events, and of their sources. */
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type EventNames, EventNameTable, NO_EVENT_NAMES } from '../../native/core/event-names.ts';
import type { SourceInfo } from '../../native/sources/source.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry } from '../session/test-support.ts';
import { eventsFileName } from './layout.ts';
import { formatManifest, NO_FACTS, parseManifest, type RecordedSource, type SessionFacts } from './manifest.ts';
import { NameLines } from './names-file.ts';
import { openSession } from './opened-session.ts';
import { packSession } from './pack.ts';
import { SessionRecorder, TAIL_MS } from './recorder.ts';
import { DirectWriter, newFolder, removeFolders, TINY } from './test-support.ts';

const made: string[] = [];
afterEach(() => removeFolders(made));

const named = (event: string): EventNames => ({ ...NO_EVENT_NAMES, provider: 'Disk', event });

/** Everything that a source can say of itself. */
const INFO: Required<SourceInfo> = {
  ...{ name: 'sim:lab', producer: 'a driver', machine: 'BOX', cpuCount: 4, identity: 'x', startUnixMs: 5 },
  startEstimated: true,
  clock: { frequency: 1e9, startTicks: '17' },
  uptime: { frequency: 1e7, startTicks: '99' },
  ring: { bytes: 4096, mode: 'drop', order: 'index', sessionId: null },
  file: { path: '/logs/a.etl' },
};

const sourceNamed = (id: number, name: string): RecordedSource => ({
  ...{ id, name, read: 0, lost: 0 },
  info: { ...INFO, name },
});

/** A recording whose disk is never told to keep anything: a kill leaves what was handed over. */
function recording() {
  const folder = newFolder(made);
  const writer = new DirectWriter({ folder });
  const eventNames = new EventNameTable();
  let sources: readonly RecordedSource[] = [sourceNamed(0, 'sim:lab')];
  const facts = (): SessionFacts => ({ ...NO_FACTS, sources });
  const recorder = new SessionRecorder(writer, { folder, unixMs: () => 1_700_000_000_000, facts, eventNames });
  const store = new SessionStore({ ...TINY, archive: recorder.archive });
  recorder.attach(store);
  let nowMs = 0;
  return {
    ...{ folder, recorder, store, eventNames, writer },
    /** Rows of these events, handed over at once. */
    rows: async (...events: readonly (EventNames | null)[]) => {
      const numbers = events.map((each) => (each === null ? 0 : eventNames.numberOf(each)));
      store.append(batchOf(numbers.map((event, at) => entry(store.endRow + at, 'x', { event }))));
      nowMs += TAIL_MS;
      recorder.tick(nowMs);
      await new Promise((resolve) => setImmediate(resolve));
    },
    another: (name: string) => {
      sources = [...sources, sourceNamed(sources.length, name)];
      recorder.sourcesChanged();
    },
    /** What a kill at this moment leaves. */
    killed: () => {
      const copy = newFolder(made);
      cpSync(folder, copy, { recursive: true });
      return reopened(copy);
    },
  };
}

/** The session as it is opened: how its rows' events are called, and its sources. */
function reopened(path: string) {
  const opened = openSession(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = new SessionStore({ ...TINY, archive: opened.value.archive });
  opened.value.fill(store);
  const names = new EventNameTable();
  names.restore(opened.value.eventNames ?? []);
  const events = Array.from({ length: store.rowCount }, (_, row) => {
    const segment = store.segmentOf(row);
    return segment === null ? null : (names.at(segment.event.get(row - segment.firstRow))?.event ?? null);
  });
  const { damages, manifest } = opened.value;
  opened.value.close();
  return { events, damages, sources: manifest.sources.map(({ name }) => name) };
}

describe('the names of events', () => {
  it('are there when a recording is opened again, whether it was ended, killed or packed', async () => {
    const { folder, recorder, rows, killed } = recording();
    await rows(named('read'), null, named('write'));
    expect(killed().events).toEqual(['read', null, 'write']);
    await rows(named('write'), named('flush'));
    const all = ['read', null, 'write', 'write', 'flush'];
    expect(killed()).toMatchObject({ events: all, damages: [] });
    expect(await recorder.finish('stopped')).toBeNull();
    expect(reopened(folder)).toMatchObject({ events: all, damages: [] });
    const packed = join(newFolder(made), 'sent.ringview.tar');
    expect((await packSession(folder, packed, 0)).ok).toBe(true);
    expect(reopened(packed)).toMatchObject({ events: all, damages: [] });
  });

  it('are handed over again after a clear that the recording outlives', async () => {
    const { recorder, store, rows, killed } = recording();
    await rows(named('read'), named('write'));
    store.clear();
    await rows(named('write'));
    expect(killed()).toMatchObject({ events: ['write'], damages: [] });
    expect(await recorder.finish('stopped')).toBeNull();
  });

  it('are handed over again after the disk had not taken them', async () => {
    const { writer, rows, recorder, killed } = recording();
    writer.refuse = ({ id, job }) =>
      job.do !== 'events'
        ? null
        : { id, failure: { code: 'disk-full', message: 'full', action: '' }, batch: null, bytes: 0 };
    await rows(named('read'));
    writer.refuse = () => null;
    expect(await recorder.finish('stopped')).toBeNull();
    expect(killed().events).toEqual(['read']);
  });

  it('that follow a damaged line are missing, which is said', async () => {
    const { folder, recorder, rows } = recording();
    await rows(named('read'), named('write'));
    expect(await recorder.finish('stopped')).toBeNull();
    const file = join(folder, eventsFileName(0));
    const text = readFileSync(file, 'utf8');
    for (const [damage, line] of [
      ['\0\0\0\0', 1],
      ['["a"]', 1],
      ['[1,2,3,4]', 1],
      ['{}', 1],
    ] as const) {
      const lines = text.split('\n');
      lines[line] = damage;
      writeFileSync(file, lines.join('\n'));
      const found = reopened(folder);
      expect(found.events).toEqual(['read', null]);
      expect(found.damages).toEqual([`${eventsFileName(0)} is damaged behind line 1: further events have no names`]);
    }
    writeFileSync(file, text);
    // What was just being written is no damage.
    appendFileSync(file, '["Disk","tr');
    expect(reopened(folder).damages).toEqual([]);
  });

  it('have as many numbers as a row can name, and no more', () => {
    const lines = new NameLines();
    let taken = 0;
    while (lines.take('["a",null,null,null]')) taken++;
    expect(taken).toBe(65_535);
  });
});

describe('the names of sources', () => {
  it('are there before the first row is, although the disk was not told to keep anything yet', async () => {
    const { rows, killed, recorder } = recording();
    await rows(null);
    expect(killed()).toMatchObject({ events: [null], sources: ['sim:lab'], damages: [] });
    expect(await recorder.finish('stopped')).toBeNull();
  });

  it('are there before the first row of a source that comes later is', async () => {
    const { rows, another, killed, recorder } = recording();
    await rows(null);
    another('dbwin:');
    await rows(null);
    expect(killed().sources).toEqual(['sim:lab', 'dbwin:']);
    expect(await recorder.finish('stopped')).toBeNull();
  });

  it('come back with everything else that a source said of itself', () => {
    const moved = { ...sourceNamed(1, '/logs/host.csv'), statedNs: -2_104_000_000 };
    const sources = [{ ...sourceNamed(0, 'sim:lab'), read: 7, lost: 3 }, moved];
    const numbers = { epoch: 0, startedUnixMs: 1, writtenUnixMs: 2, firstRow: 0, endRow: 0, savedRow: 0, rowsGone: 0 };
    expect(parseManifest(formatManifest({ ...NO_FACTS, ...numbers, sources, ended: null }))).toMatchObject({ sources });
  });
});
