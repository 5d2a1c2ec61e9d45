/**
 * Offers the app for log files where a Linux desktop opens files: an entry for the application, and the kinds of files that
 * no system knows by itself. All of it lies in the user's own data folder, and is replaced by the next call.
 */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { replaceFileSync } from '../files/replace-sync.ts';
import { failureOfSystemError } from '../files/system-failure.ts';

/** Kinds that systems know, and ours with the endings that they are told by. */
const KNOWN = ['text/x-log', 'text/csv', 'application/x-ndjson', 'application/gzip'];
const OWN = [
  { type: 'application/x-ringview-session', comment: 'Packed session of RingView', endings: ['ringview.tar'] },
  { type: 'application/x-dbgview-log', comment: 'Log of DebugView++', endings: ['dblog'] },
  { type: 'application/x-windows-event-log', comment: 'Windows event log', endings: ['evtx'] },
  { type: 'application/x-windows-trace', comment: 'Windows trace', endings: ['etl'] },
];

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
    `MimeType=${[...KNOWN, ...OWN.map(({ type }) => type)].join(';')};`,
    'Categories=Development;Utility;',
    'Terminal=false',
    '',
  ].join('\n');
}

export function mimePackage(): string {
  const types = OWN.map(({ type, comment, endings }) => {
    const globs = endings.map((ending) => `    <glob pattern="*.${ending}"/>\n`).join('');
    return `  <mime-type type="${type}">\n    <comment>${comment}</comment>\n${globs}  </mime-type>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">\n${types.join('')}</mime-info>\n`;
}

/** Writes both, and has the desktop look at them; the value says where. Failures: source-unsupported, and what the system says. */
export async function associate(
  program: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<Result<string>> {
  if (platform !== 'linux')
    return fail(
      'source-unsupported',
      'Files are associated on Linux alone so far',
      "Choose 'Open with' in the file manager, or use ringview open",
    );
  const data = environment.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  const applications = join(data, 'applications');
  const mime = join(data, 'mime');
  try {
    mkdirSync(applications, { recursive: true });
    mkdirSync(join(mime, 'packages'), { recursive: true });
    replaceFileSync(join(applications, 'ringview.desktop'), desktopEntry(program), 'followed');
    replaceFileSync(join(mime, 'packages', 'ringview.xml'), mimePackage(), 'followed');
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `The entries in ${data} could not be written`) };
  }
  // Where a desktop has not got them it finds the entries by itself, later.
  await Promise.all([ran('update-mime-database', mime), ran('update-desktop-database', applications)]);
  return ok(join(applications, 'ringview.desktop'));
}

const ran = (command: string, folder: string): Promise<void> =>
  new Promise((resolve) => {
    execFile(command, [folder], () => resolve());
  });
