import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reporter } from './reporter.ts';

function rig(write?: (text: string) => void) {
  const written: string[] = [];
  const state = { now: 0, pending: 0 };
  const sink = { write: write ?? ((text: string) => void written.push(text)), pending: () => state.pending };
  return { reporter: new Reporter(sink, () => state.now), written, state };
}

describe('reporting', () => {
  it('never throws where standard error is closed, and does not try again', () => {
    let tries = 0;
    const { reporter } = rig(() => {
      tries++;
      throw new Error('EPIPE');
    });
    for (let i = 0; i < 5; i++) reporter.line('x');
    expect(tries).toBe(1);
    const told = rig();
    told.reporter.line('a');
    told.reporter.close();
    told.reporter.line('b');
    expect(told.written).toEqual(['ringview: a\n']);
  });

  it('lets so many lines a second through, whatever comes, and says how many it left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ ms: fc.nat(2000), lines: fc.nat(100) }), { minLength: 1, maxLength: 50, size: 'max' }),
        (steps) => {
          const { reporter, written, state } = rig();
          let given = 0;
          for (const { ms, lines } of steps) {
            state.now += ms;
            for (let i = 0; i < lines; i++) reporter.line('x');
            given += lines;
          }
          const lines = written.join('').split('\n').slice(0, -1);
          const passed = lines.filter((line) => line === 'ringview: x').length;
          expect(passed).toBeLessThanOrEqual(40 + (state.now / 1000) * 4);
          state.now += 1_000_000;
          reporter.line('last');
          const leftOut = (written.join('').match(/(\d+) lines were left out/g) ?? []).reduce(
            (sum, text) => sum + Number.parseInt(text, 10),
            0,
          );
          expect(passed + leftOut).toBe(given);
        },
      ),
    );
  });

  it('leaves a reader alone that does not take what it is given', () => {
    const { reporter, written, state } = rig();
    state.pending = 100_000;
    reporter.line('a');
    state.pending = 0;
    reporter.line('b');
    expect(written).toEqual(['ringview: 1 lines were left out\nringview: b\n']);
  });

  it('cuts a line of any length', () => {
    const { reporter, written } = rig();
    reporter.line('y'.repeat(10_000_000));
    expect(written[0]?.length).toBeLessThan(5000);
  });
});
