/** The thread that takes debug output, as a file of its own beside this program. */
import '../../native/sources/dbwin/dbwin-worker.ts';
