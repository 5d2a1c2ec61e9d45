/** The thread that takes debug output, bundled into a file of its own beside this program. */
import '../../native/sources/dbwin/dbwin-worker.ts';
