/** The thread that looks after the recorded sessions, as a file of its own beside this program. */
import '../recording/library-worker.ts';
