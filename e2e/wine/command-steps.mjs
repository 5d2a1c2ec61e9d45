/** Steps for run.mjs that use the command line alone, without a driver. */
import { join } from 'node:path';
import { startWine, windowsPath } from '../../electron/setup/provide/windows-node.mjs';

/** @typedef {import('../../electron/setup/provide/windows-node.mjs').WineRun} WineRun */
/** @typedef {import('../../electron/setup/provide/windows-node.mjs').WineResult} WineResult */

/**
 * What run.mjs lends: a claim that is counted, a command of the product, one with what is expected of it, the lines of a file and
 * the accounts of a capture by their names, the folder of all files, and the longest that a step takes, seconds.
 *
 * @typedef {object} Tools
 * @property {(holds: boolean, what: string, detail?: string) => boolean} claim
 * @property {(...args: string[]) => WineRun} command
 * @property {(what: string, args: string[], code: number, words: RegExp) => Promise<WineResult>} expectCommand
 * @property {(name: string) => number} lines
 * @property {string} scratch
 * @property {number} seconds
 * @property {(name: string) => { read: number, lost: number, attempted: number, state: string, figures: string }} summary
 */

/** What the registry of the user has below a key, as Windows prints it; null for no such key. */
async function registered(/** @type {string} */ key, /** @type {number} */ seconds) {
  const { code, output } = await startWine(['reg', 'query', `HKCU\\${key}`, '/s'], seconds).ended;
  return code === 0 ? output : null;
}

/** Files are offered to the app in the registry of the user, and taken back. */
export async function association(/** @type {Tools} */ { claim, expectCommand, seconds }) {
  const ending = 'Software\\Classes\\.evtx\\OpenWithProgids';
  await startWine(['reg', 'add', `HKCU\\${ending}`, '/v', 'Other.Viewer', '/f'], seconds).ended;
  await expectCommand('files are associated', ['open', '--associate'], 0, /Log files open with RingView/);
  const offered = (await registered(ending, seconds)) ?? '';
  claim(/RingView\.EventLog/.test(offered) && /Other\.Viewer/.test(offered), 'beside the programs of others', offered);
  const kind = (await registered('Software\\Classes\\RingView.EventLog', seconds)) ?? '';
  claim(/"[^"]*node\.exe" "[^"]*bin\.mjs" "open" "%1"/.test(kind), 'by a command with the file', kind);
  const dump = (await registered('Software\\Classes\\.dmp', seconds)) ?? '';
  claim(/RingView\.CrashDump/.test(dump) && !/\(Default\)\s+REG_SZ\s+\S/.test(dump), 'and no default is taken', dump);
  await expectCommand('that is taken back', ['open', '--unassociate'], 0, /no longer offered/);
  claim((await registered('Software\\Classes\\RingView.EventLog', seconds)) === null, 'its kinds are gone');
  claim((await registered('Software\\Classes\\.dmp', seconds)) === null, 'with the keys that were made for them');
  const left = (await registered(ending, seconds)) ?? '';
  claim(/Other\.Viewer/.test(left) && !/RingView/.test(left), 'and what others offer stays', left);
  await expectCommand('a second time it is no failure', ['open', '--unassociate'], 0, /no longer offered/);
  await startWine(['reg', 'delete', `HKCU\\Software\\Classes\\.evtx`, '/f'], seconds).ended;
}

/** A simulated driver is captured to its end. */
export async function simulated(/** @type {Tools} */ { claim, command, lines, scratch, summary }) {
  const simulator = command(
    'simulate',
    '--name',
    'wine',
    '--count',
    '200000',
    '--rate',
    '100000',
    '--wait-reader',
    '--checksum',
  );
  const capture = command(
    'capture',
    '--source',
    'sim:wine',
    '--wait',
    '20',
    '--out',
    windowsPath(join(scratch, 'sim.csv')),
    '--summary',
    windowsPath(join(scratch, 'sim.json')),
  );
  const written = await simulator.ended;
  const captured = await capture.ended;
  const { read, lost, attempted, state, figures } = summary('sim.json');
  claim(
    written.code === 0 && captured.code === 0 && state === 'ended',
    'a simulated driver is captured to its end',
    written.code + captured.code === 0 ? figures : written.output + captured.output,
  );
  claim(attempted === 200_000 && read + lost === attempted, 'all accounted for');
  claim(lines('sim.csv') >= read, 'and written');
}
