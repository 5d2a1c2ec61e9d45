import { describe, expect, it } from 'vitest';
import { read } from './test-support.ts';

const HEAD = 'index,time_us,time,cpu,level,source,pid,process,tid,type,remarks,message';
const texts = (content: string): string[] => read(content).rows.map(({ text }) => text);

describe('a csv file that this program wrote', () => {
  it('gives back its messages alone: what a row has no place for is not put behind them', () => {
    const { rows } = read(`${HEAD}\r\n7,5.500,,3,warning,sim:a,4,x.exe,9,0,1,hello\r\n`);
    expect(rows).toMatchObject([{ index: 7, timeNs: 5500, cpu: 3, level: 1, pid: 4, tid: 9, text: 'hello' }]);
  });

  it('gives back its threads: the idle one, whose number is 0, and none where none was known', () => {
    const { rows } = read(`${HEAD}\r\n1,,,0,,,0,,0,0,0,a\r\n2,,,0,,,0,,,0,0,b\r\n3,,,0,,,0,,4294967295,0,0,c\r\n`);
    expect(rows.map(({ tid }) => tid)).toEqual([0, null, 4294967295]);
  });

  it('takes one apostrophe off what was protected from spreadsheets, unless it was written without', () => {
    const lines = "1,,,,,,,,,,,'=1+1\r\n2,,,,,,,,,,,''=x\r\n3,,,,,,,,,,,'quoted'\r\n";
    expect(texts(`${HEAD}\r\n${lines}`)).toEqual(['=1+1', "'=x", "'quoted'"]);
    expect(texts(`${HEAD.replace('message', '"message"')}\r\n${lines}`)).toEqual(["'=1+1", "''=x", "'quoted'"]);
  });

  it('makes bytes of a payload again that is no text, and leaves what was told in words', () => {
    const { rows } = read(
      `${HEAD}\r\n1,,,,,,,,,9,0,0x4142\r\n2,,,,,,,,,700,0,process 4 began\r\n3,,,,,,,,,0,0,0x4142\r\n`,
    );
    expect(rows.map(({ text }) => text)).toEqual(['AB', 'process 4 began', '0x4142']);
  });

  it('keeps both its clocks: the wall clock says when the session began', () => {
    const { rows, startUnixMs } = read(
      `${HEAD}\r\n1,2500000.001,2026-11-28T10:00:02.500000001Z,,,,,,,,,a\r\n2,2500001.000,2026-11-28T10:00:02.500001000Z,,,,,,,,,b\r\n`,
    );
    expect(rows.map(({ timeNs }) => timeNs)).toEqual([2_500_000_001, 2_500_001_000]);
    expect(startUnixMs).toBe(Date.UTC(2026, 10, 28, 10));
  });
});

describe('a file of another program', () => {
  it('keeps columns of those names in its messages', () => {
    expect(texts('time,source,event,message\n1.5,disk,7,"\'=late"\n')).toEqual(["'=late source=disk event=7"]);
    expect(texts('{"time":"2026-11-28T10:00:00Z","source":"disk","message":"late"}\n'.repeat(3))[0]).toBe(
      'late source=disk',
    );
  });
});

describe('a line of JSON that this program wrote', () => {
  it('gives back its message alone', () => {
    const line =
      '{"index":7,"time_us":5.500,"time":null,"cpu":3,"level":"lost","source":"sim:a","pid":null,"process":null,"tid":null,"type":0,"remarks":5,"message":"5 records lost","lost":5}\n' +
      '{"index":7,"time_us":5.500,"time":null,"cpu":3,"level":"info","source":"sim:a","pid":4,"process":null,"tid":null,"type":9,"remarks":5,"message":"0x41","provider":null,"late":true}\n';
    const { rows } = read(line);
    expect(rows).toMatchObject([
      { lost: true, cpu: 3 },
      { lost: false, text: 'A', pid: 4 },
    ]);
  });
});
