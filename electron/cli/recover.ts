/**
 * `ringview recover`: what drivers had logged, out of the memory of a machine that crashed. It is a conversion of one file that says
 * at the end what was found; what has no header of a dump is searched as a raw image.
 */
import { fail, ok, type Result } from '../../native/core/result.ts';
import { openDump } from '../../native/sources/dump/dump-source.ts';
import { openFileSource } from '../../native/sources/open-file.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { leadsToZip } from '../../native/sources/zip/zip-source.ts';
import { type ConvertIo, convert } from './convert.ts';
import type { ConvertRequest } from './convert-args.ts';
import type { OpenedInput } from './open-input.ts';
import { scratch } from './scratch.ts';

/** Failures: those of opening the file, of the output, `cancelled`. */
export async function recover(request: ConvertRequest, io: ConvertIo): Promise<Result<void>> {
  const [path] = request.inputs;
  if (path === undefined) return fail('bad-argument', 'There is no file to recover', 'Name one');
  let source: LogSource | null = null;
  const open = (): Result<readonly OpenedInput[]> => {
    const opened = openMemory(path);
    if (!opened.ok) return opened;
    source = opened.value;
    return ok([{ source: opened.value, statedNs: 0 }]);
  };
  const done = await convert(request, { ...io, open });
  if (!done.ok) return done;
  io.report(summaryOf(source));
  return ok(undefined);
}

/** Whatever it begins with, it is searched; in a zip file only what begins, or is called, as memory does. */
function openMemory(path: string): Result<LogSource> {
  if (!leadsToZip(path)) return openDump(path);
  const opened = openFileSource(path, { scratch });
  if (!opened.ok || opened.value.info.file?.fromEnd) return opened;
  opened.value.close(() => {});
  return fail('bad-argument', `${path} holds no memory of a machine`, 'Read it by ringview convert');
}

const number = (value: number): string => value.toLocaleString('en');

/** What was found, in one line. */
function summaryOf(source: LogSource | null): string {
  const stats = source?.stats();
  const cpus = stats?.cpus ?? [];
  const read = cpus.reduce((sum, each) => sum + each.read, 0);
  const lost = cpus.reduce((sum, each) => sum + each.lost, 0);
  const before = cpus.reduce((sum, each) => sum + (each.ring?.attemptedBefore ?? 0), 0);
  const earlier = before > 0 ? `; ${number(before)} older ones had been read before the crash` : '';
  return `${stats?.file?.format ?? 'memory'}: ${number(read)} records of ${cpus.length} CPUs, ${number(lost)} lost${earlier}`;
}
