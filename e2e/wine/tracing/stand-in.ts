/** The functions by which a test tells the stand-in what to play, and asks it what it saw. */
import { bound } from '../../../native/win32/library.ts';
import { unwrap } from '../claims.ts';
import { STAND_IN } from './libraries.ts';

const library = bound(STAND_IN, (declare) => ({
  play: declare('void __stdcall StandInPlay(const char16_t *path)'),
  lose: declare('void __stdcall StandInLose(const char16_t *name, uint32_t events, uint32_t buffers)'),
  session: declare('int __stdcall StandInSession(const char16_t *name, void *text, int bytes)'),
  event: declare('void __stdcall StandInEvent(const char16_t *xml)'),
  handles: declare('uint32_t __stdcall StandInHandles()'),
  complaints: declare('int __stdcall StandInComplaints(void *text, int bytes)'),
  start: declare('uint32_t __stdcall StartTraceW(void *handle, const char16_t *name, void *properties)'),
}));

const calls = () => unwrap(library(), 'the library that stands in');

function textOf(bytes: Buffer): string {
  return bytes.subarray(0, bytes.indexOf(0)).toString();
}

export const standIn = {
  /** The file that sessions opened from now on have the events of. */
  play: (path: string): void => calls().play(path),
  /** Makes a session count losses. */
  lose: (name: string, events: number, buffers: number): void => calls().lose(name, events, buffers),
  /** How a session was started, and what is enabled in it; null if it does not run. */
  session: (name: string): string | null => {
    const text = Buffer.alloc(4096);
    return calls().session(name, text, text.length) === 0 ? null : textOf(text);
  },
  /** Writes an event into the channel `System`. */
  event: (xml: string): void => calls().event(xml),
  /** Handles of event logs that are open. */
  handles: (): number => calls().handles(),
  /** What callers did wrong since this was last asked. */
  complaints: (): string => {
    const text = Buffer.alloc(65536);
    calls().complaints(text, text.length);
    return textOf(text);
  },
  /** Starts a session with properties as given. */
  start: (name: string, properties: Uint8Array): number => calls().start(new BigUint64Array(1), name, properties),
};
