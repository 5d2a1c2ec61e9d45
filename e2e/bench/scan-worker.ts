/** The thread that scans segments, as a file of its own beside this program. */
import '../../electron/scan/scan-worker.ts';
