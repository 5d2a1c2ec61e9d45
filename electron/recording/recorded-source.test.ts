/** A recording that is read like a file gives the rows of each of its sources as they were recorded, whatever they hold. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMN_NAMES } from '../../native/core/columns.ts';
import { LOSS_CAUSES, type LossCause } from '../../native/core/entry.ts';
import type { LogSource } from '../../native/sources/source.ts';
import type { PlainRow } from '../session/test-support.ts';
import type { SessionFacts } from './manifest.ts';
import { packSession } from './pack.ts';
import { isRecordedSource, openRecordedSource, recordedSpecs } from './recorded-source.ts';
import { newFolder, recordedFolder, removeFolders, someRows } from './test-support.ts';

const made: string[] = [];
afterAll(() => removeFolders(made));

const ROWS = 400;
const START_MS = 1_699_000_000_000;
const info = { producer: 'driver', cpuCount: 8, identity: '1', startUnixMs: START_MS + 5 };
const FACTS: SessionFacts = {
  startUnixMs: START_MS,
  sources: ['sim:lab', 'dbwin:'].map((name, id) => ({ id, name, info: { ...info, name }, read: 0, lost: 0 })),
  processes: [
    { source: 0, pid: 4, name: 'System' },
    { source: 1, pid: 8, name: 'app.exe' },
  ],
  lost: 0,
  lostByCause: Object.fromEntries(LOSS_CAUSES.map((cause) => [cause, 0])) as Record<LossCause, number>,
  late: 0,
};

let folder = '';
beforeAll(async () => {
  folder = newFolder(made);
  await recordedFolder(folder, ROWS, () => FACTS);
});

/** Everything that a source gives until it ends, in how many polls. */
function readAll(source: LogSource): { rows: PlainRow[]; polls: number } {
  const rows: PlainRow[] = [];
  for (let polls = 1; ; polls++) {
    const { more } = source.poll((batch) => {
      for (let at = 0; at < batch.count; at++) {
        const start = batch.dataStart[at] as number;
        const payload = batch.bytes.slice(start, start + (batch.dataLength[at] as number));
        const columns = Object.fromEntries(COLUMN_NAMES.map((name) => [name, batch[name][at]]));
        rows.push({ ...(columns as Omit<PlainRow, 'payload'>), payload });
      }
    });
    if (!more) return { rows, polls };
  }
}

function opened(spec: string): LogSource {
  const source = openRecordedSource(spec, () => 0);
  if (!source.ok) throw new Error(source.failure.message);
  return source.value;
}

describe('a recording read like a file', () => {
  it('is a source for each that it was captured from, with its rows, on the time line of the recording', () => {
    const specs = recordedSpecs(folder);
    expect(specs).toEqual({ ok: true, value: [`recorded:0:${folder}`, `recorded:1:${folder}`] });
    for (const [id, spec] of (specs.ok ? specs.value : []).entries()) {
      expect(isRecordedSource(spec)).toBe(true);
      const source = opened(spec);
      expect(source.info).toMatchObject({ startUnixMs: START_MS, producer: 'driver', file: { path: folder } });
      expect(source.info.name).toMatch(id === 0 ? /^sim:lab in ringview-session-/ : /^dbwin: in /);
      expect([...(source.processNames ?? [])]).toEqual(id === 0 ? [[4, 'System']] : [[8, 'app.exe']]);
      expect(source.stats().file).toMatchObject({ readBytes: 0, ended: false });
      const { rows, polls } = readAll(source);
      expect(rows).toEqual(someRows(ROWS).filter(({ source }) => source === id));
      // A piece at a time.
      expect(polls).toBeGreaterThan(3);
      const { state, file } = source.stats();
      expect([state, file?.ended, file?.readBytes === file?.totalBytes, file?.broken.count]).toEqual([
        'ended',
        true,
        true,
        0,
      ]);
      source.close(() => {});
      source.close(() => {});
      expect(source.poll(() => {})).toMatchObject({ rows: 0, more: false });
    }
  });

  it('says what the clock of its machine showed at time 0, for those of its sources that are stamped by it', async () => {
    const stamped = newFolder(made);
    const clock = (startTicks: string) => ({ clock: { frequency: 10_000_000, startTicks } });
    const sources = [{ startUnixMs: START_MS, ...clock('500') }, clock('50500'), {}].map((facts, id) => ({
      ...{ id, name: `${id}`, read: 0, lost: 0 },
      info: { ...info, name: `${id}`, ...facts },
    }));
    await recordedFolder(stamped, 20, () => ({ ...FACTS, sources }));
    const uptime = clock('500').clock;
    const found = [0, 1, 2].map((id) => opened(`recorded:${id}:${stamped}`));
    expect(found.map((source) => source.info.uptime)).toEqual([uptime, uptime, undefined]);
    for (const source of found) source.close(() => {});
  });

  it('may be packed, and may say nothing of its sources', async () => {
    const silent = newFolder(made);
    await recordedFolder(silent, 20);
    const packed = join(newFolder(made), 'a.ringview.tar');
    expect(await packSession(silent, packed, 0)).toMatchObject({ ok: true });
    expect(recordedSpecs(packed)).toEqual({ ok: true, value: [`recorded:0:${packed}`] });
    const source = opened(`recorded:0:${packed}`);
    expect(source.info).toMatchObject({ name: 'unknown source in a', startEstimated: true });
    expect(readAll(source).rows).toEqual(someRows(20));
    source.close(() => {});
  });

  it('is refused where there is none', () => {
    for (const spec of ['recorded:', 'recorded:x:/a', `recorded:7:${folder}`, 'recorded:0:/nowhere.ringview'])
      expect([spec, openRecordedSource(spec, () => 0).ok]).toEqual([spec, false]);
    expect(recordedSpecs('/nowhere.ringview').ok).toBe(false);
  });
});
