/**
 * Offers the app for log files where a desktop opens files. On Linux: an entry for the application, and the kinds of files
 * that no system knows by itself, in the user's own data folder; on Windows what windows-classes.ts lists, in the user's own
 * registry. Both are replaced by the next call.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import {
  removeEmptyUserKey,
  removeUserKey,
  removeUserValue,
  tellOfAssociations,
  writeUserText,
} from '../../native/win32/user-registry.ts';
import { LOG_KINDS } from '../contract/log-kinds.ts';
import { replaceFileSync } from '../files/replace-sync.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { associationRemovals, associationTexts } from './windows-classes.ts';

/** One argument of an Exec line: in quotes, with what is special within them escaped twice, once for the line, once for the file. */
export function execArgument(text: string): string {
  const quoted = text.replaceAll(/["`$\\]/g, (each) => `\\${each}`);
  return `"${quoted.replaceAll('\\', '\\\\').replaceAll('%', '%%')}"`;
}

/** `program`: what is run with the paths behind it. */
export function desktopEntry(program: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=RingView',
    'Comment=Log viewer for Windows driver developers',
    `Exec=${program.map(execArgument).join(' ')} %F`,
    `MimeType=${LOG_KINDS.flatMap(({ mime }) => mime).join(';')};`,
    'Categories=Development;Utility;',
    'Terminal=false',
    '',
  ].join('\n');
}

export function mimePackage(): string {
  const types = LOG_KINDS.flatMap(({ title, mime: [type], told }) => {
    if (told === undefined) return [];
    const globs = told.map((ending) => `    <glob pattern="*.${ending}"/>\n`).join('');
    return [`  <mime-type type="${type}">\n    <comment>${title}</comment>\n${globs}  </mime-type>\n`];
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">\n${types.join('')}</mime-info>\n`;
}

/** Where Linux looks for what is written. */
function placesOf(environment: NodeJS.ProcessEnv) {
  const data = environment.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  const applications = join(data, 'applications');
  const mime = join(data, 'mime');
  const entry = join(applications, 'ringview.desktop');
  return { data, applications, mime, entry, package: join(mime, 'packages', 'ringview.xml') };
}

const unsupported = (): Result<never> =>
  fail(
    'source-unsupported',
    'Files are associated on Linux and Windows alone',
    "Choose 'Open with' in the file manager, or use ringview open",
  );

/**
 * Writes it, and has the desktop look at it; the value says where. Failures: source-unsupported, bad-argument (a path that
 * Windows cannot run so), and what the system says.
 */
export async function associate(
  program: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<Result<string>> {
  if (platform === 'win32') return associateOnWindows(program);
  if (platform !== 'linux') return unsupported();
  const places = placesOf(environment);
  try {
    mkdirSync(places.applications, { recursive: true });
    mkdirSync(join(places.mime, 'packages'), { recursive: true });
    replaceFileSync(places.entry, desktopEntry(program), 'followed');
    replaceFileSync(places.package, mimePackage(), 'followed');
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `The entries in ${places.data} could not be written`) };
  }
  await lookAgain(places);
  return ok(places.entry);
}

/** Takes all of it away again; harmless where there is nothing. Failures: as `associate`. */
export async function unassociate(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<Result<void>> {
  if (platform === 'win32') return unassociateOnWindows();
  if (platform !== 'linux') return unsupported();
  const places = placesOf(environment);
  try {
    rmSync(places.entry, { force: true });
    rmSync(places.package, { force: true });
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `The entries in ${places.data} could not be removed`) };
  }
  await lookAgain(places);
  return ok(undefined);
}

function associateOnWindows(program: readonly string[]): Result<string> {
  const texts = associationTexts(program);
  if (!texts.ok) return texts;
  const written = firstFailure(texts.value, writeUserText);
  if (!written.ok) return written;
  const told = tellOfAssociations();
  return told.ok ? ok('HKCU\\Software\\Classes') : told;
}

function unassociateOnWindows(): Result<void> {
  const { values, keys, emptyKeys } = associationRemovals();
  for (const removed of [
    firstFailure(values, ({ key, name }) => removeUserValue(key, name)),
    firstFailure(keys, removeUserKey),
    firstFailure(emptyKeys, removeEmptyUserKey),
  ])
    if (!removed.ok) return removed;
  return tellOfAssociations();
}

/** All are done, whatever becomes of one; the first failure is the answer. */
function firstFailure<T>(items: readonly T[], act: (item: T) => Result<void>): Result<void> {
  const failed = items.map(act).find((done) => !done.ok);
  return failed ?? ok(undefined);
}

/** Where a desktop has not got these it finds the entries by itself, later. */
async function lookAgain({ mime, applications }: { mime: string; applications: string }): Promise<void> {
  await Promise.all([ran('update-mime-database', mime), ran('update-desktop-database', applications)]);
}

const ran = (command: string, folder: string): Promise<void> =>
  new Promise((resolve) => {
    execFile(command, [folder], () => resolve());
  });
