/**
 * The files of a session, whether they lie in a folder or in one file that was sent. Nothing but plain files of the names a
 * session has is ever opened: no link is followed, no pipe waited for.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { readFully } from './batch-reader.ts';
import { isSessionFile, LIMITS } from './layout.ts';
import { tarMembers } from './tar.ts';

/** An open file of the session. Its bytes begin at `base` of `descriptor`, which may be that of the packed file. */
export interface OpenMember {
  readonly descriptor: number;
  readonly base: number;
  readonly size: number;
}

export interface SessionMembers {
  readonly path: string;
  /** One file, not a folder. */
  readonly packed: boolean;
  /** Names and sizes of the files that belong to the session. */
  readonly files: ReadonlyMap<string, number>;
  /** What was noticed that should not be there or is missing, each in a few words. */
  readonly remarks: readonly string[];
  /** Throws the system's error, or one that says what else lies under the name. */
  open(name: string): OpenMember;
  /** Closes what is open of a file. */
  close(member: OpenMember): void;
  closeAll(): void;
}

const READ_ONLY =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** The files of the session at `path`, a folder or a packed file. Failures: bad-argument for what is neither. */
export function findMembers(named: string): Result<SessionMembers> {
  let path = named;
  try {
    // The person may have named a link; within a session none is followed.
    path = realpathSync(named);
    const stats = lstatSync(path);
    if (stats.isDirectory()) return ok(folderMembers(path));
    if (stats.isFile()) return packedMembers(path);
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `${path} could not be opened`) };
  }
  return noSession(path, 'it is neither a folder nor a file');
}

/** The failure for a path that is not a session. */
export function noSession(path: string, why: string): Result<never> {
  return fail(
    'bad-argument',
    `${path} is no session of RingView: ${why}`,
    'Choose a session folder or a packed session',
  );
}

function folderMembers(path: string): SessionMembers {
  const names = readdirSync(path);
  const files = new Map<string, number>();
  const remarks: string[] = [];
  if (names.length > LIMITS.files) remarks.push(`it has ${names.length} files: ${LIMITS.files} of them are looked at`);
  for (const name of names.slice(0, LIMITS.files)) {
    if (!isSessionFile(name)) continue;
    const stats = lstatSync(join(path, name));
    if (stats.isFile()) files.set(name, stats.size);
    else remarks.push(`${name} is no plain file and was not opened`);
  }
  const open = (name: string): OpenMember => openPlain(join(path, name));
  const close = ({ descriptor }: OpenMember): void => closeSync(descriptor);
  return { path, packed: false, files, remarks, open, close, closeAll: () => {} };
}

function openPlain(path: string): OpenMember {
  const descriptor = openSync(path, READ_ONLY);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error(`${path} is no plain file`);
    return { descriptor, base: 0, size: stats.size };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function packedMembers(path: string): Result<SessionMembers> {
  const { descriptor, size } = openPlain(path);
  const read = (at: number, bytes: number): Uint8Array => {
    const block = new Uint8Array(bytes);
    readFully(descriptor, block, at);
    return block;
  };
  const found = tarMembers(read, size, LIMITS.files);
  if (typeof found === 'string') {
    closeSync(descriptor);
    return noSession(path, found);
  }
  const places = new Map<string, OpenMember>();
  const files = new Map<string, number>();
  for (const member of found.members) {
    // All in one folder, whatever it is called; its name means nothing here.
    const name = member.path.slice(member.path.lastIndexOf('/') + 1);
    if (!isSessionFile(name) || files.has(name)) continue;
    files.set(name, member.size);
    places.set(name, { descriptor, base: member.at, size: member.size });
  }
  const open = (name: string): OpenMember => {
    const member = places.get(name);
    if (member === undefined) throw Object.assign(new Error(`${path} has no ${name}`), { code: 'ENOENT' });
    return member;
  };
  const remarks = found.cut ? ['the file was cut: what follows its end is missing'] : [];
  let isOpen = true;
  const closeAll = (): void => {
    if (!isOpen) return;
    isOpen = false;
    closeSync(descriptor);
  };
  return ok({ path, packed: true, files, remarks, open, close: () => {}, closeAll });
}

/** A small text file of a session. Throws the system's error, or one that says that it is too long. */
export function readMemberText(members: SessionMembers, name: string, mostBytes: number): string {
  const member = members.open(name);
  try {
    if (member.size > mostBytes)
      throw new Error(`${name} has ${member.size} bytes, more than the ${mostBytes} it may have`);
    const bytes = new Uint8Array(member.size);
    readFully(member.descriptor, bytes, member.base);
    return new TextDecoder().decode(bytes);
  } finally {
    members.close(member);
  }
}
