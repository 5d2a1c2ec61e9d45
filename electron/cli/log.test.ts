import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../native/core/result.ts';
import type { ProgramRecord } from '../../native/core/write-batch.ts';
import { parseCommand } from './args.ts';
import { type Log, logText } from './log.ts';

const request = { text: null, level: 2, type: 0, remarks: 7 };

function createLog(over: Partial<Log> = {}) {
  const said: (string | ProgramRecord)[] = [];
  const counts = { written: 0, lost: 0, refused: 0, masked: 0 };
  const log: Log = {
    counts,
    add: (record) => {
      said.push(record);
      counts.written++;
      return ok(undefined);
    },
    flush: () => ok(undefined),
    close: () => void said.push('close'),
    ...over,
  };
  const texts = () => said.map((each) => (typeof each === 'string' ? each : new TextDecoder().decode(each.data)));
  return { log, said, texts, open: () => ok(log) };
}

describe('ringview log', () => {
  it('logs the text, or each line of standard input', async () => {
    const one = createLog();
    expect(await logText({ ...request, text: 'hello wörld' }, Readable.from([]), one.open)).toEqual(ok('1 logged'));
    expect(one.texts()).toEqual(['hello wörld', 'close']);
    expect(one.said[0]).toMatchObject({ level: 2, type: 0, remarks: 7 });
    const lines = createLog();
    expect(await logText(request, Readable.from(['a\nb\r\n', '\nlast']), lines.open)).toEqual(ok('4 logged'));
    expect(lines.texts()).toEqual(['a', 'b', ' ', 'last', 'close']);
  });

  it('says what is lost, and why nothing could be logged', async () => {
    const counts = { written: 5, lost: 1, refused: 2, masked: 0 };
    const lossy = createLog({ counts });
    expect(await logText({ ...request, text: 'x' }, Readable.from([]), lossy.open)).toMatchObject({
      failure: { message: expect.stringContaining('3 of 8 records are lost: 1 by full rings, 2 over') },
    });
    const gone = createLog({ flush: () => fail('source-gone', 'it went', 'start it') });
    expect(await logText({ ...request, text: 'x' }, Readable.from([]), gone.open)).toMatchObject({
      failure: { code: 'source-gone' },
    });
    expect(gone.texts()).toEqual(['x', 'close']);
  });

  it('takes what its help says', () => {
    expect(parseCommand(['log', 'two', 'words', '--level', 'error', '--type', '9'])).toEqual(
      ok({ do: 'log', request: { text: 'two words', level: 0, type: 9, remarks: 0 } }),
    );
    expect(parseCommand(['log'])).toMatchObject({ value: { request: { text: null, level: 2 } } });
    for (const wrong of [
      ['--level', 'loud'],
      ['--type', '65280'],
      ['--remarks', '-1'],
      ['--remarks', '4294967296'],
    ]) {
      expect(parseCommand(['log', 'x', ...wrong]), wrong.join(' ')).toMatchObject({ ok: false });
    }
  });
});
