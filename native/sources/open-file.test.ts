import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { traceFile } from './etl/test-support.ts';
import { chunkOf, EVENT, event, eventLog } from './evtx/test-support.ts';
import { withFile } from './file/test-support.ts';
import { type OpenFileOptions, openFileSource } from './open-file.ts';
import { zipOf } from './zip/test-support.ts';

const LOGS: Readonly<Record<string, Uint8Array>> = {
  'Windows trace': traceFile([]),
  'Windows event log': eventLog([chunkOf(EVENT, [event(1)])]),
  'DebugView log': Buffer.from('1\t0.5\ta\n2\t0.6\tb\n'),
  'plain text': Buffer.from('something\n'),
};

/** What opening a file of these bytes came to: the format, or why not. */
async function openingOf(bytes: Uint8Array, options: OpenFileOptions = {}): Promise<string> {
  let said = '';
  await withFile(bytes, async (path) => {
    const opened = openFileSource(path, options);
    if (!opened.ok) {
      said = `${opened.failure.code}: ${opened.failure.message.replace(path, 'FILE')}`;
      return;
    }
    const source = opened.value;
    while (source.poll(() => {}).state === 'capturing') await new Promise((resolve) => setImmediate(resolve));
    said = source.stats().file?.format ?? 'none';
    source.close(() => {});
  });
  return said;
}

it.each(Object.entries(LOGS))('a %s is told by what it begins with, whatever its name', async (format, bytes) => {
  expect(await openingOf(bytes)).toBe(format);
});

it('records of Windows are refused with words where they cannot be read: followed, or packed', async () => {
  const [trace, log] = [LOGS['Windows trace'] as Uint8Array, LOGS['Windows event log'] as Uint8Array];
  expect(await openingOf(trace, { follow: true })).toBe(
    'bad-argument: FILE is a trace of Windows, which is not followed',
  );
  expect(await openingOf(log, { follow: true })).toMatch(/^bad-argument: FILE is an event log of Windows/);
  expect(await openingOf(gzipSync(trace))).toMatch(/^bad-argument: This is a Windows trace, which is read in place/);
  expect(await openingOf(gzipSync(log))).toMatch(/^bad-argument: This is a Windows event log/);
  const zip = zipOf([{ name: 'a.log', data: 'x\n' }]);
  expect(await openingOf(gzipSync(zip))).toMatch(/^bad-argument: This is a zip file, which is read in place/);
  expect(await openingOf(gzipSync('x\n'), { follow: true })).toMatch(/^bad-argument: FILE is packed/);
});

it('a Parquet file is no log, in a zip file neither, and that is told with what to do', async () => {
  const parquet = Buffer.from('PAR1\x15\x04\x15');
  expect(await openingOf(parquet)).toBe('bad-argument: This is a Parquet file, which is a table and no log');
  const advice = async (name: string, data: Uint8Array): Promise<string> => {
    let said = '';
    await withFile(zipOf([{ name, data }]), (path) => {
      const opened = openFileSource(path);
      said = opened.ok ? 'opened' : `${opened.failure.message.replace(path, 'ZIP')}. ${opened.failure.action}`;
    });
    return said;
  };
  const none = 'ZIP holds no log file. ';
  expect(await advice('a.parquet', parquet)).toBe(`${none}Unpack a.parquet, and ask it by ringview query`);
  expect(await advice('boot.ringview.tar', Buffer.alloc(2048))).toBe(`${none}Unpack boot.ringview.tar, and open that`);
  expect(await advice('a.log.gz', gzipSync('x\n'))).toBe(`${none}Unpack a.log.gz, and open that`);
  expect(await advice('a.png', Buffer.alloc(64))).toBe(`${none}Unpack it, and see what it holds`);
});

it('what is missing for reading it is told before anything is read', async () => {
  expect(await openingOf(LOGS['Windows trace'] as Uint8Array, { symbols: ['/nowhere'] })).toBe(
    'source-not-found: There is no file /nowhere',
  );
  expect(await openingOf(LOGS['plain text'] as Uint8Array, { encoding: 'klingon' })).toMatch(
    /^bad-argument: 'klingon'/,
  );
});
