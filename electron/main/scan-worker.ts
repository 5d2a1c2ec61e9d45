/** The thread that scans segments, as a file of its own beside this program. */
import '../scan/scan-worker.ts';
