/** The thread that writes a session, as a file of its own beside this program. */
import '../../electron/recording/session-worker.ts';
