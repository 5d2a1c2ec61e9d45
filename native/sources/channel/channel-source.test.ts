import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Level } from '../../core/entry.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { ChannelEvent, ChannelReader } from '../../win32/event-channel.ts';
import { type FileRow, rowsOf } from '../file/test-support.ts';
import { Manifests } from '../manifest/manifests.ts';
import { ChannelSource } from './channel-source.ts';

const START = Date.UTC(2030, 0, 1);

const xml = (record: number | string, { provider = 'Disk', time = '00:00:01.5', level = 3, data = '' } = {}): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${provider}'/>` +
  `<EventID Qualifiers='49156'>7</EventID><Level>${level}</Level><TimeCreated SystemTime='2030-01-01T${time}Z'/>` +
  `<EventRecordID>${record}</EventRecordID><Execution ProcessID='4' ThreadID='88'/><Computer>box</Computer></System>` +
  `<EventData>${data}</EventData></Event>`;

/** A source over a channel that has these calls to make. */
function setUp(calls: (readonly string[] | Result<number>)[], sentences: Readonly<Record<string, string>> = {}) {
  const seen = { asked: 0, closed: 0 };
  const reader: ChannelReader = {
    next: (take: (event: ChannelEvent) => void) => {
      seen.asked++;
      const call = calls.shift() ?? [];
      if (!Array.isArray(call)) return call as Result<number>;
      for (const each of call) take({ xml: each, sentence: (provider) => sentences[provider] ?? null });
      return ok(call.length);
    },
    close: () => seen.closed++,
  };
  const now = { ms: 0 };
  const source = new ChannelSource('channel:System', 'System', reader, new Manifests(), START, () => now.ms);
  const rows: FileRow[] = [];
  const sink = (batch: Parameters<typeof rowsOf>[0]): number => rows.push(...rowsOf(batch));
  return { source, seen, now, rows, sink, poll: () => source.poll(sink) };
}

describe('an event log channel', () => {
  it('has events as rows, in words where there are some', () => {
    const { source, rows, poll } = setUp(
      [
        [
          xml(41, { data: "<Data Name='device'>E: &amp; F:</Data>" }),
          xml(42, { provider: 'Probe', time: '00:00:02.0000001' }),
        ],
      ],
      { Probe: 'The device is there.' },
    );
    expect(poll()).toMatchObject({ state: 'capturing', rows: 2, more: false });
    expect(rows[0]).toMatchObject({
      index: 41,
      text: 'Disk 7: device=E: & F:',
      level: Level.Warning,
      pid: 4,
      tid: 88,
      timeNs: 1.5e9,
    });
    expect(rows[1]).toMatchObject({ index: 42, text: 'Probe 7: The device is there.', timeNs: 2e9 + 100, remarks: 7 });
    expect(source.eventNames.at(rows[1]?.event ?? 0)).toMatchObject({ provider: 'Probe', event: '7' });
  });

  it('has a row for events whose numbers are missing; numbers that begin anew lose nothing', () => {
    const { source, rows, poll } = setUp([['5', '6', '9', '1', 'x', '2'].map((record) => xml(record))]);
    poll();
    expect(rows.map(({ lost, remarks, index }) => (lost ? `lost ${remarks}` : index))).toEqual([
      5,
      6,
      'lost 2',
      9,
      1,
      1,
      2,
    ]);
    expect(source.stats().cpus[0]).toMatchObject({ read: 6, lost: 2, lostByCause: { unread: 2 } });
  });

  it('is left alone for a moment when it had nothing', () => {
    const { seen, now, poll } = setUp([]);
    for (const ms of [0, 1, 49, 50, 60]) {
      now.ms = ms;
      poll();
    }
    expect(seen.asked).toBe(2);
  });

  it('gives others their turn while much comes, and all of it in the end', () => {
    const { rows, poll } = setUp(Array.from({ length: 40 }, (_, place) => [xml(place + 1)]));
    expect(poll()).toMatchObject({ rows: 16, more: true });
    while (poll().more);
    expect(rows).toHaveLength(40);
  });

  it('keeps what came when it fails, and says why', () => {
    const gone = fail('source-gone', 'it was removed', 'start again') as Result<number>;
    const { source, rows, seen, sink, poll } = setUp([[xml(1)], gone]);
    expect(poll()).toMatchObject({ state: 'failed', rows: 1 });
    expect(source.stats().failure).toMatchObject({ code: 'source-gone' });
    source.close(sink);
    source.close(sink);
    expect([rows.length, seen.closed]).toEqual([1, 1]);
  });

  it('names what is no event, and never throws, whatever Windows renders', () => {
    const { source, rows, poll } = setUp([['<Event', xml(3)]]);
    poll();
    expect(rows).toHaveLength(1);
    expect(source.stats().notes).toEqual([expect.stringContaining('an event of Windows could not be read')]);
    const whole = xml(7, { data: '<Data>x</Data>' });
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.string(), (from, to, put) => {
        const hostile = setUp([[whole.slice(0, from) + put + whole.slice(to)]]);
        expect(hostile.poll().state).toBe('capturing');
        for (const row of hostile.rows) expect(Number.isFinite(row.timeNs)).toBe(true);
      }),
    );
  });
});
