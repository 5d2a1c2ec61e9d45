/** The thread that ends the process of a question with the app, as a file of its own beside this program. */
import '../query/parent-watch-worker.ts';
