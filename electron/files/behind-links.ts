/**
 * Where a path really leads: the file behind every link, also one that does not exist yet. The steps are written once; the
 * two ways to look at the disk, waiting for it and not, follow them, and so does any other that a caller brings.
 */
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** What lies at a path. */
export interface Place {
  /** Its folder with every link resolved. */
  readonly folder: string;
  /** What the link at the path says; null where there is no link. */
  readonly link: string | null;
}

/** As many links as Linux follows in one path. */
const MAX_LINKS = 40;

/** Asks for one place after the other and returns the file. Throws ELOOP where links lead in a circle. */
function* steps(path: string): Generator<string, string, Place> {
  let next = resolve(path);
  for (let links = 0; links < MAX_LINKS; links++) {
    const { folder, link } = yield next;
    if (link === null) return join(folder, basename(next));
    next = resolve(folder, link);
  }
  throw Object.assign(new Error('too many symbolic links'), { code: 'ELOOP' });
}

/** The file behind `path`; it need not exist. Rejects with the system's error, or with what `look` rejects with. */
export async function behindLinks(path: string, look: (path: string) => Promise<Place> = placeOf): Promise<string> {
  const walk = steps(path);
  let step = walk.next();
  while (!step.done) step = walk.next(await look(step.value));
  return step.value;
}

/** The same without a wait. Throws the system's error. */
export function behindLinksSync(path: string): string {
  const walk = steps(path);
  let step = walk.next();
  while (!step.done) step = walk.next(placeOfSync(step.value));
  return step.value;
}

async function placeOf(path: string): Promise<Place> {
  const folder = await realpath(dirname(path));
  const file = join(folder, basename(path));
  const there = await lstat(file).catch(nullIfMissing);
  return { folder, link: there?.isSymbolicLink() ? await readlink(file) : null };
}

function placeOfSync(path: string): Place {
  const folder = realpathSync(dirname(path));
  const file = join(folder, basename(path));
  const there = lstatSync(file, { throwIfNoEntry: false });
  return { folder, link: there?.isSymbolicLink() ? readlinkSync(file) : null };
}

/** Null for the error that says that there is no such file; any other is thrown. */
export function nullIfMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}
