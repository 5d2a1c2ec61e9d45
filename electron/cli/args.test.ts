import { describe, expect, it } from 'vitest';
import { ONE_FILE } from '../files/log-files.ts';
import { parseCommand } from './args.ts';

const parse = (line: string) => parseCommand(line.split(' ').filter((word) => word !== ''));

function refused(line: string): string {
  const parsed = parse(line);
  if (parsed.ok) throw new Error(`accepted: ${line}`);
  expect(parsed.failure.code).toBe('bad-argument');
  expect(parsed.failure.action).toMatch(/^See 'ringview .*--help'$/);
  return parsed.failure.message;
}

describe('parseCommand', () => {
  it('leaves defaults to whoever runs the command', () => {
    expect(parse('simulate --name a')).toEqual({
      ok: true,
      value: { do: 'simulate', request: { options: { name: 'a' }, replayPath: null } },
    });
    expect(parse('capture --source sim:a')).toEqual({
      ok: true,
      value: {
        do: 'capture',
        request: {
          sources: ['sim:a'],
          durationSeconds: null,
          maxEntries: null,
          out: '-',
          format: 'text',
          summaryPath: null,
          waitSeconds: 0,
          options: {},
          logFiles: ONE_FILE,
          watch: { waitFor: null, failOn: null, strict: false },
        },
      },
    });
  });

  it('takes every option', () => {
    const line =
      'simulate --name a --cpus 8 --rate max --count 2000 --ring-bytes 65536 --mode overwrite --order clock' +
      ' --replay f.txt --seed 7 --checksum --numbered --binary 10 --records 30 --faults 20 --wait-reader --linger 0.5';
    expect(parse(line)).toMatchObject({
      value: {
        request: {
          replayPath: 'f.txt',
          options: {
            name: 'a',
            cpus: 8,
            rate: 'max',
            count: 2000,
            ringBytes: 65_536,
            mode: 'overwrite',
            order: 'clock',
            seed: 7,
            checksum: true,
            numbered: true,
            binary: 10,
            records: 30,
            faults: 20,
            waitReader: true,
            lingerMs: 500,
          },
        },
      },
    });
    const capture = 'capture --source sim:a --duration 1.5 --max 10 --out x --format jsonl --summary s --wait 3';
    expect(parse(capture)).toMatchObject({
      value: {
        request: { durationSeconds: 1.5, maxEntries: 10, out: 'x', format: 'jsonl', summaryPath: 's', waitSeconds: 3 },
      },
    });
  });

  it('reads how a log goes on, and what it must say', () => {
    const line = 'capture --source sim:a --out x --log-append --log-limit 64K --log-daily --log-keep 3 --strict';
    expect(parse(`${line} --wait-for r.ady --fail-on a|b`)).toMatchObject({
      value: {
        request: {
          logFiles: { append: true, limitBytes: 65_536, wrap: false, daily: true, keep: 3 },
          watch: { waitFor: /r.ady/iu, failOn: /a|b/iu, strict: true },
        },
      },
    });
    expect(parse('ci --source sim:a --wait 2 --settle 0 --fail-on x -- cmd --strict -- y')).toMatchObject({
      value: {
        do: 'ci',
        request: {
          ...{ waitSeconds: 2, settleSeconds: 0, command: ['cmd', '--strict', '--', 'y'], options: {} },
          ...{ report: 'ringview-report.html', watch: { failOn: /x/iu, strict: false } },
        },
      },
    });
    expect(parse('ci --help')).toEqual({ ok: true, value: { do: 'help', topic: 'ci' } });
  });

  it('takes the format from the path where none is given', () => {
    const format = (line: string) => {
      const parsed = parse(`capture --source sim:a ${line}`);
      return parsed.ok && parsed.value.do === 'capture' ? parsed.value.request.format : null;
    };
    expect(format('--out a.CSV')).toBe('csv');
    expect(format('--out a.jsonl')).toBe('jsonl');
    expect(format('--out a.log')).toBe('text');
    expect(format('--out a.csv --format text')).toBe('text');
  });

  it('reads tail', () => {
    const nothing = { durationSeconds: null, waitSeconds: 0, options: {} };
    expect(parse('tail sim:a')).toEqual({
      ok: true,
      value: { do: 'tail', request: { sources: ['sim:a'], ...nothing } },
    });
    expect(parse('tail sim:a --wait 2 sim:b --duration 0.5')).toMatchObject({
      value: { request: { sources: ['sim:a', 'sim:b'], durationSeconds: 0.5, waitSeconds: 2 } },
    });
    expect(parse('tail --demo')).toEqual({ ok: true, value: { do: 'tail', request: { sources: [], ...nothing } } });
    expect(parse('tail -- sim:a sim:b')).toMatchObject({ value: { request: { sources: ['sim:a', 'sim:b'] } } });
    expect(parse('tail --help')).toEqual({ ok: true, value: { do: 'help', topic: 'tail' } });
  });

  it('takes a PDB for what its driver writes, and for what explains it', () => {
    const request = (line: string) => parse(line) as { value?: { request?: unknown } };
    expect(request('tail driver.pdb').value?.request).toMatchObject({
      sources: ['etw:'],
      options: { symbols: ['driver.pdb'] },
    });
    expect(request('tail a.pdb C:\\b.PDB sim:x --symbols tmf').value?.request).toMatchObject({
      sources: ['etw:', 'sim:x'],
      options: { symbols: ['tmf', 'a.pdb', 'C:\\b.PDB'] },
    });
    expect(request('capture --source driver.pdb').value?.request).toMatchObject({
      sources: ['etw:'],
      options: { symbols: ['driver.pdb'] },
    });
    // A file of that name is still a file.
    expect(request('tail file:driver.pdb').value?.request).toMatchObject({ sources: ['file:driver.pdb'] });
  });

  it('reads traces', () => {
    const traces = (request: object) => ({ ok: true, value: { do: 'traces', request } });
    expect(parse('traces')).toEqual(traces({ verb: 'list', json: false }));
    expect(parse('traces list --json')).toEqual(traces({ verb: 'list', json: true }));
    expect(parse('traces stop RingView-1-1')).toEqual(traces({ verb: 'stop', session: 'RingView-1-1' }));
    expect(parse('traces clean')).toEqual(traces({ verb: 'clean' }));
    expect(parse('traces providers kernel')).toEqual(traces({ verb: 'providers', like: 'kernel', json: false }));
    expect(parse('traces --help')).toEqual({ ok: true, value: { do: 'help', topic: 'traces' } });
    for (const wrong of ['traces start', 'traces stop', 'traces clean --json', 'traces list x', 'traces stop a b'])
      expect(parse(wrong).ok).toBe(false);
  });

  it('reads doctor and driver', () => {
    expect(parse('doctor')).toMatchObject({ value: { do: 'doctor', request: { json: false, setMask: null } } });
    expect(parse('doctor --json --set-mask DEFAULT=0xf')).toMatchObject({
      value: { request: { json: true, setMask: 'DEFAULT=0xf' } },
    });
    expect(parse('driver install')).toMatchObject({ value: { request: { verb: 'install', path: 'ringview.sys' } } });
    expect(parse('driver install --path a.sys')).toMatchObject({
      value: { request: { path: 'a.sys', start: 'demand' } },
    });
    expect(parse('driver install --start boot')).toMatchObject({ value: { request: { start: 'boot' } } });
    expect(parse('driver boot')).toMatchObject({ value: { request: { verb: 'boot', change: null } } });
    expect(parse('driver boot --start system --ring-bytes 65536 --captures image,process')).toMatchObject({
      value: {
        request: { change: { start: 'system', parameters: { ringBytes: 65536, captures: ['process', 'image'] } } },
      },
    });
    expect(parse('driver boot --standard --mode overwrite --order clock --captures none')).toMatchObject({
      value: {
        request: {
          change: { standard: true, parameters: { ringMode: 'overwrite', orderMode: 'clock', captures: [] } },
        },
      },
    });
    expect(parse('driver stop')).toEqual({ ok: true, value: { do: 'driver', request: { verb: 'stop' } } });
    expect(parse('driver configure --ring-bytes 65536 --mode overwrite')).toMatchObject({
      value: { request: { configuration: { ringBytes: 65536, ringMode: 'overwrite', orderMode: 'index' } } },
    });
    expect(parse('driver mask nic --off trace,type:7')).toMatchObject({
      value: { request: { verb: 'mask', name: 'nic', off: { levels: [3], types: [7] } } },
    });
    expect(parse('driver stacks nic --on error,warning')).toMatchObject({
      value: { request: { verb: 'stacks', name: 'nic', levels: [0, 1] } },
    });
    expect(parse('driver stacks nic')).toMatchObject({ value: { request: { verb: 'stacks', levels: [] } } });
    expect(parse('driver capture dbgprint,REGISTRY')).toMatchObject({
      value: { request: { verb: 'capture', captures: ['dbgprint', 'registry'] } },
    });
    expect(parse('driver capture none')).toMatchObject({ value: { request: { captures: [] } } });
    expect(parse('driver filter registry,image --pid 4,8 --in-path x\\\\Run --in-path .ini --except')).toMatchObject({
      value: {
        request: {
          captures: ['registry', 'image'],
          filter: { pidMode: 'exclude', pids: [4, 8], pathMode: 'exclude', paths: ['x\\\\Run', '.ini'] },
        },
      },
    });
    expect(parse('driver filter registry --pid 4')).toMatchObject({
      value: { request: { filter: { pidMode: 'include', pids: [4], pathMode: 'all' } } },
    });
    expect(parse('driver filter handles')).toMatchObject({
      value: { request: { captures: ['handles'], filter: { pidMode: 'all', pathMode: 'all' } } },
    });
    expect(parse('driver mask nic')).toMatchObject({ value: { request: { off: { levels: [], types: [] } } } });
    expect(parse('driver --help')).toEqual({ ok: true, value: { do: 'help', topic: 'driver' } });
    expect(parse('driver start --help')).toEqual({ ok: true, value: { do: 'help', topic: 'driver' } });
    expect(parse('help doctor')).toEqual({ ok: true, value: { do: 'help', topic: 'doctor' } });
  });

  it('reads convert, query, stats and diff', () => {
    const reading = { encoding: 'auto', symbols: [] };
    expect(parse('convert a.LOG - --out b.parquet')).toEqual({
      ok: true,
      value: {
        do: 'convert',
        request: {
          ...reading,
          inputs: ['a.LOG', '-'],
          out: 'b.parquet',
          format: 'parquet',
          filter: null,
          losses: true,
          spreadsheetSafe: true,
        },
      },
    });
    const all = 'convert a -o - -f chrome --filter x --no-losses --raw --encoding gbk --symbols t --symbols u';
    expect(parse(all)).toMatchObject({
      value: {
        request: {
          out: '-',
          format: 'perfetto',
          filter: 'x',
          losses: false,
          spreadsheetSafe: false,
          encoding: 'gbk',
          symbols: ['t', 'u'],
        },
      },
    });
    expect(parse('query a b select --format json')).toEqual({
      ok: true,
      value: { do: 'query', request: { ...reading, inputs: ['a', 'b'], sql: 'select', format: 'json' } },
    });
    expect(parse('stats a --json --top 5')).toMatchObject({ value: { do: 'stats', request: { json: true, top: 5 } } });
    expect(parse('diff a b')).toMatchObject({ value: { do: 'diff', request: { inputs: ['a', 'b'], top: 20 } } });
    for (const topic of ['convert', 'query', 'stats', 'diff']) {
      expect(parse(`${topic} --help`)).toEqual({ ok: true, value: { do: 'help', topic } });
    }
  });

  it('knows help and version', () => {
    expect(parse('')).toEqual({ ok: true, value: { do: 'help', topic: 'ringview' } });
    expect(parse('help capture')).toEqual({ ok: true, value: { do: 'help', topic: 'capture' } });
    expect(parse('simulate --help')).toEqual({ ok: true, value: { do: 'help', topic: 'simulate' } });
    expect(parse('--version')).toEqual({ ok: true, value: { do: 'version' } });
  });

  // Each option's smallest value is accepted, and what lies just below it is not.
  it.each([
    ['capture --source sim:a --max 1', 'capture --source sim:a --max 0', { maxEntries: 1 }],
    ['capture --source sim:a --wait 0', 'capture --source sim:a --wait -1', { waitSeconds: 0 }],
    ['capture --source sim:a --duration 0.001', 'capture --source sim:a --duration 0.0', { durationSeconds: 0.001 }],
    ['tail sim:a --wait 0', 'tail sim:a --wait -1', { waitSeconds: 0 }],
    ['tail sim:a --duration 0.001', 'tail sim:a --duration 0', { durationSeconds: 0.001 }],
    ['simulate --name a --cpus 1', 'simulate --name a --cpus 0', { options: { cpus: 1 } }],
    ['simulate --name a --count 1', 'simulate --name a --count 0', { options: { count: 1 } }],
    ['simulate --name a --ring-bytes 1', 'simulate --name a --ring-bytes 0', { options: { ringBytes: 1 } }],
    ['simulate --name a --seed 0', 'simulate --name a --seed -1', { options: { seed: 0 } }],
    ['simulate --name a --binary 0', 'simulate --name a --binary -1', { options: { binary: 0 } }],
    ['simulate --name a --faults 0', 'simulate --name a --faults -1', { options: { faults: 0 } }],
    ['simulate --name a --linger 0', 'simulate --name a --linger -1', { options: { lingerMs: 0 } }],
    ['simulate --name a --rate 0.5', 'simulate --name a --rate 0', { options: { rate: 0.5 } }],
    ['driver configure --ring-bytes 1', 'driver configure --ring-bytes 0', { configuration: { ringBytes: 1 } }],
  ])('takes %s and refuses %s', (accepted, refusedLine, request) => {
    expect(parse(accepted)).toMatchObject({ ok: true, value: { request } });
    expect(parse(refusedLine)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  });

  it.each([
    ['record', "there is no command 'record'"],
    ['capture', '--source is missing'],
    ['capture --source sim:a --source sim:a', "--source: 'sim:a' is empty or named twice"],
    ['simulate', '--name is missing'],
    ['tail', 'SOURCE is missing'],
    ['tail sim:a sim:a', "SOURCE: 'sim:a' is empty or named twice"],
    ['tail sim:a --demo', "--demo brings its own source: 'sim:a' cannot be shown beside it"],
    ['tail sim:a --max 3', "'--max'"],
    ['capture --source sim:a --max 0', "--max: '0' is not a whole number from 1 on"],
    ['capture --source sim:a --max 1e3', "--max: '1e3' is not a whole number from 1 on"],
    ['capture --source sim:a --duration 0', "--duration: '0' is not a number above 0"],
    ['capture --source sim:a --wait soon', "--wait: 'soon' is not a number of seconds"],
    ['capture --source sim:a --format xml', "--format: 'xml' is none of text, debugview, csv, jsonl, markdown"],
    ['convert x', '--out is missing'],
    ['convert --out x.csv', 'IN is missing'],
    ['convert a a --out x.csv', "IN: 'a' is empty or named twice"],
    ['convert a --out x.unknown', "--format is missing, and 'x.unknown' does not say it"],
    ['convert a --out - --format xls', "'xls' is none of text, debugview, csv, jsonl, parquet"],
    ['convert a --out - --format csv --encoding klingon', "--encoding: 'klingon' is no encoding"],
    ['query a', 'SQL is missing'],
    ['query a select --format xml', "'xml' is none of json, csv, table"],
    ['stats', 'IN is missing'],
    ['stats a --top 0', "--top: '0' is not a whole number from 1 on"],
    ['diff a', 'two logs are compared: A and B; 1 named'],
    ['capture --source sim:a --out x.parquet', 'x.parquet: a capture is written in lines'],
    ['simulate --name a --rate fast', "--rate: 'fast' is not a number above 0, or 'max'"],
    ['simulate --name a --mode keep', "--mode: 'keep' is none of drop, overwrite"],
    ['simulate --name a --count 99999999999999999999', 'is not a whole number'],
    ['capture --sorce sim:a', "'--sorce'"],
    ['capture --source', '--source'],
    ['capture --source sim:a stray', "'stray'"],
    ['simulate --name a --checksum=yes', '--checksum'],
    [
      'driver',
      'one of install, start, stop, remove, status, configure, boot, mask, stacks, observe, capture, filter is missing',
    ],
    ['driver load', "'load' is none of"],
    ['capture --source sim:a --symbols x', 'none of the sources has an option --symbols'],
    ['capture --source - --follow', 'none of the sources has an option --follow'],
    ['tail --demo --encoding utf-8', 'none of the sources has an option --encoding'],
    ['tail file:a.log --encoding klingon', "'klingon' is no encoding that this program knows"],
    ['tail file:a.log --read-as poem', "'poem' is no read-as that this program knows"],
    ['driver start --path x', 'driver start has no option --path'],
    ['driver configure --path x', 'driver configure has no option --path'],
    ['capture --source sim:a --log-limit 64K', 'are for a file: name it with --out'],
    ['capture --source sim:a --out x --log-limit lots', "--log-limit: 'lots' is not a size of 4096 bytes or more"],
    ['capture --source sim:a --out x --log-limit 4095', 'is not a size of 4096 bytes or more'],
    ['capture --source sim:a --out x --log-wrap', '--log-wrap needs --log-limit'],
    ['capture --source sim:a --out x{n} --log-limit 1M --log-wrap', '--log-wrap is for one file'],
    ['capture --source sim:a --out x --log-keep 2', '--log-keep needs several files'],
    ['capture --source sim:a --session s --log-daily', '--log-daily is for a file instead'],
    ['capture --source sim:a --wait-for (', '--wait-for: '],
    ['ci --source sim:a', 'the command to run is missing'],
    ['ci -- cmd', '--source is missing'],
    ['doctor now', "'now'"],
    ['driver mask', 'the NAME is missing'],
    ['driver mask --off info', 'the NAME is missing'],
    ['driver mask nic --off loud', "--off 'loud'"],
    ['driver mask nic --on error', 'driver mask has no option --on'],
    ['driver stacks --on error', 'the NAME is missing'],
    ['driver stacks nic --on type:7', "--on 'type:7'"],
    ['driver stacks nic --off error', 'driver stacks has no option --off'],
    ['driver mask nic --mode drop', 'driver mask has no option --mode'],
    ['driver boot --captures loud', "--captures 'loud'"],
    ['driver boot --start soon', "'soon' is none of"],
    ['driver configure --captures image', 'driver configure has no option --captures'],
    ['driver capture', 'the LIST is missing'],
    ['driver capture files', "'files' is none of dbgprint"],
    ['driver capture registry --pid 4', 'driver capture has no option --pid'],
    ['driver filter', 'the LIST is missing'],
    ['driver filter dbgprint', "'dbgprint' is none of process"],
    ['driver filter registry --off info', 'driver filter has no option --off'],
    ['driver filter registry --pid lsass', "--pid 'lsass' is not as '4,1234'"],
    ['driver filter registry --pid 4294967296', "'4294967296' is no number of a process"],
    [
      'driver filter registry --in-path a --in-path b --in-path c --in-path d --in-path e',
      '5 paths are more than the driver takes',
    ],
    ['driver filter process,handles --in-path a', 'events of handles have no path'],
    ['driver start --off info', 'driver start has no option --off'],
  ])('refuses %s', (line, words) => {
    expect(refused(line)).toContain(words);
  });

  it('makes one filter of --filter, --pid and --process', () => {
    const filterOf = (...args: string[]): unknown => {
      const command = parseCommand(['capture', '--source', 'sim:a', ...args]);
      return command.ok ? (command.value as { request: { filter?: string } }).request.filter : command.failure.message;
    };
    expect(filterOf('--pid', '4', '--pid', '100-200')).toBe('pid:4,100-200');
    expect(filterOf('--process', 'nic*', '--process', 'a b.exe')).toBe('process:nic*,"a b.exe"');
    expect(filterOf('--filter', 'status: 5 (retry)', '--pid', '4')).toBe('"status: 5 (retry)" pid:4');
    expect(filterOf('--filter', 'level:error or "x"', '--process', 'a')).toBe('(level:error or x) process:a');
    expect(filterOf('--pid', 'x')).toContain('--pid: numbers');
    expect(filterOf('--pid', '4 or pid:5')).toContain('--pid: numbers');
    expect(filterOf('--process', '')).toContain('--process:');
    expect(filterOf('--session', 'x', '--pid', '4')).toContain('--pid is for a file');
    expect(filterOf()).toBeUndefined();
  });
});
