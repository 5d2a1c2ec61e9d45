/** The thread that reads PDBs, as a file of its own beside this program. */
import '../symbols/symbol-worker.ts';
