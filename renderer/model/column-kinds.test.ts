import { describe, expect, it } from 'vitest';
import type { FileFormat, Status } from '../../electron/contract/status.ts';
import { columnKind, hasCpus, hasLevels, uselessKey, uselessOf } from './column-kinds.ts';

const live = (name: string) => ({ name });
const file = (formatName: FileFormat | null, name = '/logs/a') => ({ name, file: { formatName } });
const statusOf = (sources: readonly object[], more: object = {}) =>
  ({ sources, sourceNames: sources.map((_, id) => ({ id, name: 'a' })), ...more }) as unknown as Status;

describe('the kind of a log', () => {
  it('is what the name of a live source begins with, or the format of a file', () => {
    expect(columnKind(statusOf([live('driver:')]))).toBe('driver');
    expect(columnKind(statusOf([live('etw:kernel:dbgprint')]))).toBe('etw');
    expect(columnKind(statusOf([file('debugview')]))).toBe('debugview');
    expect(columnKind(statusOf([file('trace', 'sim:x')]))).toBe('trace');
    expect(columnKind(statusOf([file('plain'), file('plain')]))).toBe('plain');
  });

  it('is one of its own for sources of several, and for what was recorded before', () => {
    expect(columnKind(statusOf([file('trace'), file('plain')]))).toBe('several');
    expect(columnKind(statusOf([live('sim:a'), file(null)]))).toBe('several');
    expect(columnKind(statusOf([], { sourceNames: [{ id: 0, name: 'sim:a' }] }))).toBe('recording');
  });

  it('is not known before there is a source, or while a stream has said nothing', () => {
    const unknown = [null, statusOf([]), statusOf([file(null)]), statusOf([live('another:')]), statusOf([live('sim')])];
    expect(unknown.map(columnKind)).toEqual(unknown.map(() => null));
  });
});

describe('columns that a log has no use for', () => {
  const two = [file('debugview'), file('plain')];
  const levels = (...counts: number[]) => ({ levels: [...counts, 0, 0, 0, 0, 0].slice(0, 5) });

  it('are CPU and level where no source states one', () => {
    const lack = (field: string, ...ids: number[]) => ids.map((id) => ({ id, fields: [field], zeroPidIsNone: false }));
    const states = (more: object) => [hasCpus(statusOf(two, more)), hasLevels(statusOf(two, more))];
    const both = [0, 1].map((id) => ({ id, fields: ['cpu', 'level'], zeroPidIsNone: false }));
    expect([hasCpus(null), hasLevels(null), hasLevels(statusOf([]))]).toEqual([true, true, true]);
    expect(states({})).toEqual([true, true]);
    expect(states({ lacking: [...lack('cpu', 0), ...lack('level', 1)] })).toEqual([true, true]);
    expect(states({ lacking: both, ...levels(0, 0, 9) })).toEqual([false, false]);
    // The begin of the file had none, the rest has.
    expect(states({ lacking: lack('level', 0, 1), ...levels(0, 1, 9) })).toEqual([true, true]);
  });

  it('are the numbers of processes where a record is of whatever process ran just then', () => {
    const of = (status: Status) => uselessOf(uselessKey(status));
    expect(of(statusOf([live('driver:')]))).toEqual(new Set(['pid']));
    expect(
      of(statusOf([file('debugview')], { lacking: [{ id: 0, fields: ['cpu', 'level'], zeroPidIsNone: false }] })),
    ).toEqual(new Set(['cpu', 'level']));
    expect(of(statusOf([file('events')]))).toEqual(new Set());
    expect(uselessKey(statusOf([file('events')]))).toBe('');
  });
});
