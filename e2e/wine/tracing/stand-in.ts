/** The functions by which a test tells the stand-in what to play, and asks it what it saw. */
import koffi from 'koffi';
import { STAND_IN } from './libraries.ts';

const library = koffi.load(STAND_IN);
const play = library.func('void __stdcall StandInPlay(const char16_t *path)');
const lose = library.func('void __stdcall StandInLose(const char16_t *name, uint32_t events, uint32_t buffers)');
const session = library.func('int __stdcall StandInSession(const char16_t *name, void *text, int bytes)');
const complaints = library.func('int __stdcall StandInComplaints(void *text, int bytes)');
const start = library.func('uint32_t __stdcall StartTraceW(void *handle, const char16_t *name, void *properties)');

function textOf(bytes: Buffer): string {
  return bytes.subarray(0, bytes.indexOf(0)).toString();
}

export const standIn = {
  /** The file that sessions opened from now on have the events of. */
  play: (path: string): void => play(path),
  /** Makes a session count losses. */
  lose: (name: string, events: number, buffers: number): void => lose(name, events, buffers),
  /** How a session was started, and what is enabled in it; null if it does not run. */
  session: (name: string): string | null => {
    const text = Buffer.alloc(4096);
    return session(name, text, text.length) === 0 ? null : textOf(text);
  },
  /** What callers did wrong since this was last asked. */
  complaints: (): string => {
    const text = Buffer.alloc(65536);
    complaints(text, text.length);
    return textOf(text);
  },
  /** Starts a session with properties as given. */
  start: (name: string, properties: Uint8Array): number => start(new BigUint64Array(1), name, properties),
};
