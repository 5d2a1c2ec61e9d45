/** The thread that writes a session to disk, bundled into a file of its own beside this program. */
import '../recording/session-worker.ts';
