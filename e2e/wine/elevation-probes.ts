/** A program is started by the verb that asks for rights, with the arguments it was given. Wine asks nobody: a no is seen on Windows alone. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../../native/win32/command-line.ts';
import { startElevated } from '../../native/win32/elevated-start.ts';
import { isElevated } from '../../native/win32/processes.ts';
import { claim, failureOf, until, unwrap } from './claims.ts';

const HARD = ['a b', 'c"d\\', '\\\\', '', 'grüße'];

/** `folder`: where the program that is started may write. */
export async function askedForRights(folder: string): Promise<void> {
  const answer = join(folder, 'arguments.json');
  const args = [process.argv[1] ?? '', 'write-arguments', answer, ...HARD];
  unwrap(await startElevated({ file: process.execPath, parameters: commandLine(args), folder }), 'start');
  const came = await until(() => existsSync(answer));
  claim(came, 'a program is started by the verb runas');
  const said = came ? (JSON.parse(readFileSync(answer, 'utf8')) as { args: string[]; elevated: boolean | null }) : null;
  claim(JSON.stringify(said?.args) === JSON.stringify(HARD), 'with its arguments as they were', JSON.stringify(said));
  claim(said?.elevated === true, 'and with the rights');
  const absent = failureOf(await startElevated({ file: join(folder, 'absent.exe'), parameters: '', folder }));
  claim(absent?.code === 'io-error' && absent.system?.code === '2', 'what is not there is told', absent?.message);
}

/** The program that is started: writes what it was given behind the path to that. */
export function writeArguments([path = '', ...args]: readonly string[]): void {
  const elevated = isElevated();
  writeFileSync(`${path}.part`, JSON.stringify({ args, elevated: elevated.ok ? elevated.value : null }));
  renameSync(`${path}.part`, path);
}
