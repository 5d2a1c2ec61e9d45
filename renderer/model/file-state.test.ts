import { describe, expect, it } from 'vitest';
import type { FileFigures, Status } from '../../electron/contract/status.ts';
import { brokenCount, brokenText, fileExplanation, fileState, filesText, readText } from './file-state.ts';
import { hasRings, sourceWords } from './source-state.ts';

const whole: FileFigures = {
  readBytes: 2048,
  totalBytes: 2048,
  ended: true,
  format: 'DebugView log',
  formatName: 'debugview',
  encoding: 'utf-8',
  broken: { count: 0, places: [] },
};
const part: FileFigures = { ...whole, readBytes: 512, ended: false };
const stream: FileFigures = { ...part, totalBytes: null, format: null, formatName: null, encoding: null };

const status = (files: readonly FileFigures[], state = 'capturing', capturing = true): Status => {
  const sources = files.map((file) => ({ info: { name: 'a.log', file: {} }, state, failure: null, cpus: [], file }));
  const sourceNames = sources.map(({ info }) => ({ name: info.name }));
  return { capturing, source: sources[0], sources, sourceNames } as unknown as Status;
};

describe('a file', () => {
  it('is said to be read as far as it is, and never to be captured', () => {
    expect([whole, part, stream, { ...whole, ended: false }].map(fileState)).toEqual([
      'read',
      'reading 25 %',
      'reading',
      'following',
    ]);
    expect([whole, part, stream].map(readText)).toEqual(['2.0 KB', '512 B of 2.0 KB', '512 B']);
    expect(sourceWords(status([part]))).toMatchObject({ state: 'reading 25 %', tone: 'live' });
    expect(sourceWords(status([whole], 'ended'))).toMatchObject({ state: 'read', tone: 'idle' });
    expect(sourceWords(status([part], 'stopped', false))).toMatchObject({ state: 'stopped', tone: 'idle' });
    expect(sourceWords(status([whole], 'ended')).explanation).not.toContain('start again');
  });

  it('has its broken places named with their line or offset', () => {
    expect(brokenText({ line: 1200, problem: 'the line is not valid JSON' })).toBe(
      'line 1,200: the line is not valid JSON',
    );
    expect(brokenText({ offset: 65_536, problem: 'there is no buffer' })).toBe('offset 65,536: there is no buffer');
    expect(brokenText({ problem: 'it was cut' })).toBe('it was cut');
    const broken = { count: 2, places: [] };
    expect(fileExplanation({ ...whole, broken })).toBe(
      'Read to its end, 2.0 KB as DebugView log, utf-8. 2 problems; what is readable was kept.',
    );
    expect(
      brokenCount(
        status([
          { ...whole, broken },
          { ...part, broken },
        ]),
      ),
    ).toBe(4);
  });

  it('shows its progress where a ring shows its fill', () => {
    expect(filesText(null)).toBeNull();
    expect(filesText(status([]))).toBeNull();
    expect(filesText(status([part]))).toBe('25 % of 2.0 KB');
    expect(filesText(status([part, whole]))).toBe('62 % of 4.0 KB');
    expect(filesText(status([whole]))).toBe('2.0 KB read');
    expect(filesText(status([stream, whole]))).toBe('2.5 KB read');
    expect([hasRings(status([])), hasRings(status([whole]))]).toEqual([true, false]);
  });
});
