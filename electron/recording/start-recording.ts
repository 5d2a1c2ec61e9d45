/** A recording from its begin to its end: the folder in the library, the thread that writes, and the recorder between them. */
import { ok, type Result } from '../../native/core/result.ts';
import type { BegunSession, SessionLibrary } from './library.ts';
import { SessionRecorder } from './recorder.ts';
import type { RecorderOptions } from './recorder-options.ts';
import { startWriterThread } from './writer-thread.ts';

export interface Recording {
  readonly session: BegunSession;
  readonly recorder: SessionRecorder;
  /** Ends it: see `SessionRecorder.finish`. What else is to be done before, such as releasing sources, is the caller's. */
  readonly finish: SessionRecorder['finish'];
}

export interface RecordingOptions extends Omit<RecorderOptions, 'folder'> {
  /** What people call it; null for one named by the time. */
  readonly name: string | null;
  /** Where the worker lies, if not beside the program. */
  readonly script?: URL;
}

/** Begins a session. Failures: bad-argument for a name that is taken, or what the system said of the folder. */
export function startRecording(library: SessionLibrary, options: RecordingOptions): Result<Recording> {
  const begun = library.begin(options.name);
  if (!begun.ok) return begun;
  const session = begun.value;
  const { folder } = session;
  const recorder = new SessionRecorder(startWriterThread({ folder }, options.script), { ...options, folder });
  const finish: SessionRecorder['finish'] = async (how) => {
    try {
      return await recorder.finish(how);
    } finally {
      session.release();
    }
  };
  return ok({ session, recorder, finish });
}
