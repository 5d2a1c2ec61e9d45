/** The thread that reads log files ahead, as a file of its own beside this program. */
import '../../native/sources/file/read-ahead-worker.ts';
