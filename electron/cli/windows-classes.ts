/**
 * What is written in the registry of a Windows user so that "Open with" offers the app for log files. Pure.
 *
 * No kind of file is taken over: an ending gets one more program that opens it (OpenWithProgids), and its default stays
 * whose it was. Below Capabilities, Windows finds the program for its settings of default apps, where a person may choose
 * it. A key below Applications would be named by the file of the program, which here is that of Node and not ours alone.
 */
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { UserText } from '../../native/win32/user-registry.ts';
import { LOG_KINDS } from '../contract/log-kinds.ts';

const CLASSES = 'Software\\Classes';
const OWN = 'Software\\RingView';
const CAPABILITIES = `${OWN}\\Capabilities`;
const REGISTERED = 'Software\\RegisteredApplications';
const NAME = 'RingView';
const COMMENT = 'Log viewer for Windows driver developers';

/** What Windows calls a kind of file that a program opens. */
const KINDS = LOG_KINDS.map(({ id, title, endings }) => ({ id: `RingView.${id}`, title, endings }));

const offersOf = (ending: string): string => `${CLASSES}\\.${ending}\\OpenWithProgids`;

/**
 * The command of a kind: each part in quotes, as programs of Windows read them, and the file behind them. Failure:
 * bad-argument, for what cannot stand in such a command: `%` begins a placeholder.
 */
export function openCommand(program: readonly string[]): Result<string> {
  const wrong = program.find((part) => /["%]|\\$/.test(part));
  if (wrong !== undefined)
    return fail(
      'bad-argument',
      `Windows cannot open files with ${wrong}: a command of the registry has no way to write '%', '"' or a '\\' at its end`,
      'Move RingView to a folder without it',
    );
  return ok([...program.map((part) => `"${part}"`), '"%1"'].join(' '));
}

/** Everything that is written. `program`: what is run with the path of a file behind it. Failure: that of `openCommand`. */
export function associationTexts(program: readonly string[]): Result<readonly UserText[]> {
  const command = openCommand(program);
  if (!command.ok) return command;
  const kinds = KINDS.flatMap(({ id, title, endings }) => [
    { key: `${CLASSES}\\${id}`, name: '', text: title },
    { key: `${CLASSES}\\${id}\\Application`, name: 'ApplicationName', text: NAME },
    { key: `${CLASSES}\\${id}\\shell\\open`, name: 'FriendlyAppName', text: NAME },
    { key: `${CLASSES}\\${id}\\shell\\open\\command`, name: '', text: command.value },
    ...endings.flatMap((ending) => [
      { key: offersOf(ending), name: id, text: '' },
      { key: `${CAPABILITIES}\\FileAssociations`, name: `.${ending}`, text: id },
    ]),
  ]);
  return ok([
    ...kinds,
    { key: CAPABILITIES, name: 'ApplicationName', text: NAME },
    { key: CAPABILITIES, name: 'ApplicationDescription', text: COMMENT },
    { key: REGISTERED, name: NAME, text: CAPABILITIES },
  ]);
}

/** What takes all of it away again, in this order; keys of others that hold anything else stay. */
export interface Removals {
  readonly values: readonly Pick<UserText, 'key' | 'name'>[];
  /** With all that is in them. */
  readonly keys: readonly string[];
  /** Only where nothing is left in them; those within others first. */
  readonly emptyKeys: readonly string[];
}

export function associationRemovals(): Removals {
  const offers = KINDS.flatMap(({ id, endings }) => endings.map((ending) => ({ key: offersOf(ending), name: id })));
  return {
    values: [{ key: REGISTERED, name: NAME }, ...offers],
    keys: [CAPABILITIES, ...KINDS.map(({ id }) => `${CLASSES}\\${id}`)],
    emptyKeys: [OWN, ...offers.flatMap(({ key }) => [key, key.slice(0, key.lastIndexOf('\\'))])],
  };
}
