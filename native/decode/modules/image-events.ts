/**
 * What the messages of a log tell of modules: image events of RingView's driver and of kernel traces, in the words that
 * this program puts them into. They are read back from the words, so that a log that was converted or recorded tells as
 * much as the trace it came from. Pure.
 */
import { fileNameOf, type Module, type ModuleMap } from './module-map.ts';

/** What a message says of a module. */
export type ImageEvent =
  | { readonly what: 'loaded' | 'unloaded' | 'present'; readonly module: Module }
  | { readonly what: 'build'; readonly pdb: string; readonly build: string };

/** The longest message that can be one: a path of Windows has at most 32,767 characters. */
const MOST_TEXT = 33_000;

const TRACE =
  /^image (.+) (loaded|unloaded|running at the begin of the trace|running at the end of the trace) in (?:the kernel|process (\d+)(?:\(.*\))?) at 0x([0-9a-f]{1,16}), (\d{1,19}) bytes$/;
const DRIVER = /^(.+) loaded into (?:the kernel|process (\d+)) at 0x([0-9a-f]{1,16}), (\d{1,19}) bytes$/;
const BUILD =
  /^traced module of PDB (.+), build (\{[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\} \d{1,10})$/;

/** Bytes with which the words of such events begin or end: for a quick look before a message is decoded. */
export const IMAGE_BEGINS = ['image ', 'traced module of PDB '];
export const IMAGE_END = ' bytes';

/** What a message says of a module; null if it is about something else. */
export function imageEvent(message: string): ImageEvent | null {
  if (message.length > MOST_TEXT) return null;
  const build = BUILD.exec(message);
  if (build !== null) return { what: 'build', pdb: build[1] as string, build: build[2] as string };
  const traced = TRACE.exec(message);
  if (traced !== null) {
    const [, path = '', action = '', pid, base = '', bytes = ''] = traced;
    const what = action === 'loaded' || action === 'unloaded' ? action : 'present';
    return { what, module: moduleOf(path, pid, base, bytes) };
  }
  const driven = DRIVER.exec(message);
  if (driven === null) return null;
  const [, path = '', pid, base = '', bytes = ''] = driven;
  return { what: 'loaded', module: moduleOf(path, pid, base, bytes) };
}

function moduleOf(path: string, pid: string | undefined, base: string, bytes: string): Module {
  const known = { base: BigInt(`0x${base}`), bytes: BigInt(bytes), pdb: null, build: null };
  // The system process has what the kernel has.
  const own = pid === undefined || pid === '0' || pid === '4' ? null : Number(pid);
  return { ...known, name: fileNameOf(path), pid: own };
}

/** Notes an event of a time in a map. */
export function noteImage(map: ModuleMap, event: ImageEvent, timeNs: number): void {
  if (event.what === 'build') map.noteBuild(event.pdb, event.build);
  else if (event.what === 'loaded') map.load(event.module, timeNs);
  else if (event.what === 'unloaded') map.unload(event.module, timeNs);
  else map.present(event.module);
}
