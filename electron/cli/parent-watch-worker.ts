/** The thread that ends the process of a query with whoever asked, as a file of its own beside this program. */
import '../query/parent-watch-worker.ts';
