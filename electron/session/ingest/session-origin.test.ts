/** What a session says of when its time 0 was: by the wall clock, and since its machine was started. Never a guess. */
import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../../native/core/result.ts';
import type { SourceInfo } from '../../../native/sources/source.ts';
import { type FakeFacts, FakeSource, WatchedSession } from '../test-support.ts';
import { distanceNs, SessionTime } from './session-time.ts';

/** A session over sources that are opened by their names. */
function sessionOf(sources: Readonly<Record<string, FakeFacts>>) {
  const open = (name: string) => {
    const facts = sources[name];
    return facts === undefined
      ? fail('source-not-found', 'none', 'none')
      : ok(new FakeSource({ name, sessionId: name, ...facts }));
  };
  const session = new WatchedSession({ open, now: () => 0, store: { memoryCapBytes: 1 << 24 } });
  return { session, origin: () => session.status(0).origin };
}

const SECOND = 1e9;
const clock = (seconds: number, startUnixMs = 5000): FakeFacts => ({ startTicks: `${seconds * SECOND}`, startUnixMs });

describe('the origin of a session', () => {
  it('is nothing before the first source, and the begin of it then', () => {
    const { session, origin } = sessionOf({ a: clock(7) });
    expect(origin()).toEqual({ startUnixMs: null, bootNs: null });
    session.start('a');
    expect(origin()).toEqual({ startUnixMs: 5000, bootNs: 7 * SECOND });
  });

  it('knows since when the machine runs only while all sources are stamped by its clock', () => {
    const { session, origin } = sessionOf({ a: clock(7), b: clock(9, 7000), none: { startUnixMs: 6000 } });
    session.start('a');
    session.add('b');
    expect(origin().bootNs).toBe(7 * SECOND);
    session.add('none');
    expect(origin()).toEqual({ startUnixMs: 5000, bootNs: null });
    // Its rows stay when it is gone.
    session.remove(2);
    expect(origin().bootNs).toBeNull();
    session.clear();
    expect(origin().bootNs).toBe(7 * SECOND);
  });

  it('goes with time 0 to the source that began first, whatever that is stamped by', () => {
    const { session, origin } = sessionOf({ late: clock(9), early: clock(3), none: { startUnixMs: 1 } });
    session.start('late');
    session.add('early');
    expect(origin().bootNs).toBe(3 * SECOND);
    session.add('none');
    expect(origin().bootNs).toBeNull();
  });

  it('is that of another source as long as there is no row of the one before', () => {
    const { session, origin } = sessionOf({ none: { startUnixMs: 1 }, a: clock(7) });
    session.start('none');
    expect(origin()).toEqual({ startUnixMs: 1, bootNs: null });
    session.start('a');
    expect(origin()).toEqual({ startUnixMs: 5000, bootNs: 7 * SECOND });
  });

  it('reads clocks of any frequency, and those of a trace that is read later', () => {
    const uptime = { frequency: 10_000_000, startTicks: '123456789' };
    const { session, origin } = sessionOf({ trace: { startUnixMs: 1, uptime } });
    session.start('trace');
    expect(origin().bootNs).toBe(12_345_678_900);
    // The clock of one machine says nothing of another.
    const two = sessionOf({ trace: { startUnixMs: 1, uptime }, other: { startUnixMs: 2000, uptime } });
    two.session.start('trace');
    two.session.add('other');
    expect(two.origin().bootNs).toBeNull();
  });

  it('has no wall clock where no source states one', () => {
    const { session, origin } = sessionOf({
      plain: { startUnixMs: 1, startEstimated: true },
      dated: { startUnixMs: 2 },
    });
    session.start('plain');
    expect(origin().startUnixMs).toBeNull();
    session.add('dated');
    expect(origin().startUnixMs).toBe(1);
    session.clear();
    expect(origin().startUnixMs).not.toBeNull();
  });
});

describe('a trace and a recording of one machine', () => {
  const TICKS = 10_000_000;
  /** `seconds` after the boot, by a wall clock that is `offMs` from where it was at the boot. */
  const begunAt = (seconds: number, offMs = 0, more: FakeFacts = {}): SourceInfo =>
    new FakeSource({
      startUnixMs: 1_700_000_000_000 + seconds * 1000 + offMs,
      uptime: { frequency: TICKS, startTicks: String(Math.round(seconds * TICKS)) },
      ...more,
    }).info;

  it('are placed by what counts since its boot, though the wall clock was corrected meanwhile', () => {
    expect(distanceNs(begunAt(100), begunAt(100.000_001_2, 7))).toEqual({ ns: 1200, exact: true });
    expect(distanceNs(begunAt(7200), begunAt(100))).toEqual({ ns: -7100 * SECOND, exact: true });
    // An hour and more is corrected by more.
    expect(distanceNs(begunAt(100), begunAt(7300, 600))).toEqual({ ns: 7200 * SECOND, exact: true });
  });

  it('are placed by their wall clocks where these say that it is another boot, or another machine', () => {
    expect(distanceNs(begunAt(100), begunAt(101, 200))).toEqual({ ns: 1.2 * SECOND, exact: false });
    const named = (machine: string): FakeFacts => ({ machine });
    expect(distanceNs(begunAt(1, 0, named('a')), begunAt(2, 10, named('b')))).toEqual({
      ns: 1.01 * SECOND,
      exact: false,
    });
    expect(distanceNs(begunAt(1, 0, named('a')), begunAt(2, 10, named('a'))).exact).toBe(true);
    const faster = { uptime: { frequency: 24_000_000, startTicks: '48000000' } };
    expect(distanceNs(begunAt(1), begunAt(2, 10, faster)).exact).toBe(false);
    expect(distanceNs(begunAt(1), begunAt(2, 10, { startEstimated: true })).exact).toBe(false);
  });
});

describe('the origin of rows that were recorded', () => {
  const info = (facts: FakeFacts): SourceInfo => new FakeSource(facts).info;
  const restored = (unixMs: number, ...facts: FakeFacts[]) => {
    const time = new SessionTime();
    time.restore(unixMs, facts.map(info));
    return time.origin;
  };

  it('is that of the source they begin with, if all are of its clock', () => {
    expect(restored(5000, clock(9, 7000), clock(7))).toEqual({ startUnixMs: 5000, bootNs: 7 * SECOND });
    expect(restored(5000, { startUnixMs: 7000 }, clock(7))).toEqual({ startUnixMs: 5000, bootNs: null });
    // The source that began first is not known any more.
    expect(restored(5000, clock(9, 7000))).toEqual({ startUnixMs: 5000, bootNs: null });
    expect(restored(5000)).toEqual({ startUnixMs: 5000, bootNs: null });
  });

  it('is known no longer once rows of now come after them', () => {
    const time = new SessionTime();
    time.restore(5000, [info(clock(7))]);
    time.begin(info(clock(90, 9000)), []);
    expect(time.origin.bootNs).toBeNull();
    time.clear([]);
    time.begin(info(clock(90, 9000)), []);
    expect(time.origin.bootNs).toBe(90 * SECOND);
  });
});
