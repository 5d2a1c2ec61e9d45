/** The two files of a VMware machine that was suspended or snapshot: its state and, of the same name, its memory (.vmem). */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { readInto } from '../file-bytes.ts';
import { type PageLayout, rawLayout } from '../page-layout.ts';
import { isVmwareState, readVmwareState, vmwareLayout } from './vmware-state.ts';

export interface BesideFile {
  readonly path: string;
  readonly fd: number;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Opens the file of the same name with another ending, in either case; null where there is none that can be read. */
export function openBeside(path: string, ending: string): BesideFile | null {
  const base = path.replace(/\.[^./\\]*$/, '');
  for (const beside of [base + ending, base + ending.toUpperCase()]) {
    let fd: number | null = null;
    try {
      // Non-blocking, because opening a pipe without a writer would block otherwise.
      fd = openSync(beside, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      const facts = fstatSync(fd);
      if (facts.isFile()) return { path: beside, fd, bytes: facts.size, modifiedMs: facts.mtimeMs };
      closeSync(fd);
    } catch {
      // What is not there or cannot be opened is as good as none: the caller says what it does without.
      if (fd !== null) closeSync(fd);
    }
  }
  return null;
}

/** How the pages of a .vmem file of `bytes` bytes lie in memory: as the state beside it says, or as VMware usually lays them. */
export function vmemLayout(
  path: string,
  bytes: number,
): { readonly layout: PageLayout; readonly hasState: boolean; readonly problems: readonly string[] } {
  const problems: string[] = [];
  for (const ending of ['.vmss', '.vmsn']) {
    const beside = openBeside(path, ending);
    if (beside === null) continue;
    try {
      const read = (offset: number, count: number) => readInto(beside.fd, new Uint8Array(count), offset);
      const name = basename(beside.path);
      if (!isVmwareState(read(0, 4))) {
        problems.push(`${name} does not begin as the state of a VMware machine`);
        continue;
      }
      const state = readVmwareState(read, beside.bytes);
      if (state.ok) {
        const { layout, problems: cut } = vmwareLayout({ ...state.value, memory: null }, bytes);
        return { layout, hasState: true, problems: [...problems, ...state.value.problems, ...cut] };
      }
      problems.push(`${name}: ${state.failure.message}`);
    } catch (error) {
      problems.push(`${basename(beside.path)} cannot be read (${(error as Error).message})`);
    } finally {
      closeSync(beside.fd);
    }
  }
  if (problems.length === 0) problems.push('no .vmss or .vmsn of the same name is beside the .vmem file');
  problems.push('the memory is taken as VMware usually lays it: what is above 3 GiB in the file lies at 4 GiB');
  return { layout: rawLayout(bytes, true), hasState: false, problems };
}
