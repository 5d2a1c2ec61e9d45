/**
 * The end of a process that cannot end by itself. Node joins its worker threads when it exits, and a thread that is in
 * `open` of a FIFO without a reader, or in `write` to a pipe that nobody empties, is joined never: `process.exit` then
 * waits without bound. `_exit` asks no thread.
 */
import koffi from 'koffi';

/** The C library by the names it has on Linux with glibc, with musl, and on macOS. */
const LIBRARIES = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libSystem.B.dylib'];

/** Ends this process at once with the code 0 to 255. Listeners for `exit` are not called, and buffers not written. */
export function exitNow(code: number): never {
  // Windows ends the other threads itself.
  if (process.platform === 'win32') process.exit(code);
  for (const library of LIBRARIES) {
    try {
      koffi.load(library).func('void _exit(int code)')(code);
    } catch {
      // Not the library of this system: the next name may be.
    }
  }
  process.kill(process.pid, 'SIGKILL');
  throw new Error('a process outlived SIGKILL');
}
