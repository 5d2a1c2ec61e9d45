/** The thread that reads a logging session of Windows, as a file of its own beside this program. */
import '../../native/sources/etw/etw-worker.ts';
