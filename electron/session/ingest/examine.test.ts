import { describe, expect, it } from 'vitest';
import { worstFirst } from '../../contract/doctor.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import type { SourceStatus, Status } from '../../contract/status.ts';
import { cpuStats, FakeSource } from '../test-support.ts';
import { examineCapture, type ViewFacts } from './examine.ts';

const view: ViewFacts = { filter: SHOW_ALL, paused: false, stopped: null, sessionRows: 5, shownRows: 5 };

function status(...sources: Partial<SourceStatus>[]): Status {
  const { info } = new FakeSource();
  const base = { id: 0, name: 'sim:a', info, state: 'capturing', failure: null, cpus: [cpuStats(0)], lost: 0, rows: 0 };
  const retention = { hiddenRows: 0 };
  return { capturing: true, retention, sources: sources.map((more) => ({ ...base, ...more })) } as unknown as Status;
}

const words = (of: Status, more: Partial<ViewFacts> = {}) =>
  examineCapture(of, { ...view, ...more }).map(({ severity, what }) => `${severity}: ${what}`);

describe('examineCapture', () => {
  it('says why nothing arrives', () => {
    expect(words({ ...status(), capturing: false })).toEqual(['problem: Nothing is captured']);
    expect(words(status({}))[0]).toMatch(/^problem: .* has not tried to log/);
    expect(words(status({ cpus: [cpuStats(0, { attempted: 1200 })] }))[0]).toMatch(/1,200 attempts, but none/);
    const failure = { code: 'source-busy', message: 'busy', action: 'close it' } as const;
    expect(words(status({ state: 'gone', failure }))).toEqual([
      'problem: busy',
      'warning: The producer of sim:a disappeared without saying so',
    ]);
  });

  it('says that a source is well only if it is', () => {
    const cpus = [cpuStats(0, { attempted: 7, read: 7 })];
    expect(words(status({ cpus }))).toEqual(['fine: sim:a delivers']);
    expect(words(status({ cpus, lost: 2 }))).toEqual(['warning: 2 records of sim:a were lost']);
  });

  it('says of a file how far it was read and what is broken in it, and speaks of no producer', () => {
    const figures = { readBytes: 1, totalBytes: 2, ended: false, format: null, formatName: null, encoding: null };
    const whole = { ...figures, broken: { count: 0, places: [] } };
    expect(words(status({ file: whole }))).toEqual(['fine: sim:a is being read']);
    expect(words(status({ state: 'ended', file: { ...whole, ended: true } }))).toEqual([
      'fine: sim:a was read to its end',
    ]);
    const broken = { count: 3, places: [{ line: 12, problem: 'the line is not valid JSON' }] };
    expect(words(status({ file: { ...figures, broken } }))).toEqual([
      'warning: sim:a has 3 problems, the first at line 12: the line is not valid JSON',
    ]);
    const places = { count: 1, places: [{ offset: 65_536, problem: 'there is no buffer' }] };
    expect(words(status({ file: { ...figures, broken: places }, lost: 2 }))).toEqual([
      'warning: sim:a has 1 problem at offset 65536: there is no buffer',
      'warning: 2 records are missing from sim:a',
    ]);
  });

  it('says of a source without rings that nothing has come, and what it notes', () => {
    const cpu = (read: number) => {
      const { ring: _, ...rest } = cpuStats(0, { read });
      return [rest];
    };
    expect(words(status({ cpus: [] }))).toEqual(['note: sim:a is open, and nothing has come yet']);
    const notes = ['nobody has registered it'];
    expect(words(status({ cpus: cpu(0), notes }))).toEqual([
      'note: sim:a is open, and nothing has come yet',
      'note: sim:a: nobody has registered it',
    ]);
    expect(words(status({ cpus: cpu(7) }))).toEqual(['fine: sim:a delivers']);
  });

  it('says what the view hides', () => {
    const cpus = [cpuStats(0, { attempted: 7, read: 7 })];
    expect(words(status({ cpus }), { shownRows: 0 })[1]).toBe('problem: 5 rows are hidden by the filter');
    expect(words(status({ cpus }), { shownRows: 0, paused: true })[1]).toMatch(/^warning: .*paused/);
    const stopped = { code: 'pattern-too-slow', message: 'It is too slow', action: 'Simplify it' } as const;
    expect(words(status({ cpus }), { stopped })[1]).toBe('warning: It is too slow');
  });

  it('says what was not kept', () => {
    const cpus = [cpuStats(0, { attempted: 7, read: 7 })];
    const of = { ...status({ cpus }), retention: { hiddenRows: 1200 } } as unknown as Status;
    expect(words(of)[1]).toMatch(/^warning: 1,200 rows were not kept/);
  });

  it('puts the worst first', () => {
    const findings = examineCapture(status({ state: 'ended' }, { state: 'gone' }, {}), view);
    expect(worstFirst(findings).map(({ severity }) => severity)).toEqual(['problem', 'warning', 'note']);
  });
});
