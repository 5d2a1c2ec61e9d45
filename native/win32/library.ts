/**
 * Functions of Windows libraries, bound by their C declarations at first use. Each file beside this one declares what
 * it needs, so that no caller pays for functions it does not use. On other systems every call returns a failure rather
 * than throwing.
 */
import koffi, { type LibraryHandle } from 'koffi';
import { fail, ok, type Result, type SystemError } from '../core/result.ts';
import { type Kernel32, loadKernel32 } from './kernel32.ts';

/** Declares a function of the library, as C writes it. */
export type Declare = LibraryHandle['func'];

/**
 * Returns what `declare` binds of `library`, and keeps it for later calls. Failure of the result: source-unsupported.
 */
export function bound<T>(library: string, declare: (declare: Declare) => T): () => Result<T> {
  let result: Result<T> | undefined;
  return () => {
    result ??= bind(library, declare);
    return result;
  };
}

function bind<T>(name: string, declare: (declare: Declare) => T): Result<T> {
  if (process.platform !== 'win32') {
    return fail('source-unsupported', 'This needs Windows', 'Use it on Windows; sim: sources and files work here');
  }
  try {
    const library = koffi.load(name);
    return ok(declare(library.func.bind(library) as Declare));
  } catch (error) {
    return fail('source-unsupported', `${name} cannot be used`, 'Use a supported Windows', {
      code: 'LoadLibrary',
      text: error instanceof Error ? error.message : String(error),
    });
  }
}

let kernel32: Result<Kernel32> | undefined;

/** kernel32.ts, loaded once. Failure: source-unsupported. */
export function getKernel32(): Result<Kernel32> {
  if (process.platform !== 'win32') return bind('kernel32.dll', () => unreachableHere());
  kernel32 ??= loadKernel32();
  return kernel32;
}

function unreachableHere(): never {
  throw new Error('bound off Windows');
}

/** The system's text for one of its error codes. */
export function systemError(code: number): SystemError {
  const loaded = getKernel32();
  return loaded.ok ? loaded.value.describe(code) : { code: String(code), text: 'no text' };
}

/** The text that a wide-character function wrote into `units`, up to the NUL. */
export function wideText(units: Uint16Array, length = units.indexOf(0)): string {
  const used = units.subarray(0, length < 0 ? units.length : length);
  let text = '';
  for (let at = 0; at < used.length; at += 4096) text += String.fromCharCode(...used.subarray(at, at + 4096));
  return text;
}
