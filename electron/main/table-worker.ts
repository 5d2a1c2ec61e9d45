/** The thread that makes tables for questions, as a file of its own beside this program. */
import '../query/table-worker.ts';
