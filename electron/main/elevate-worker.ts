/** The thread that asks for the rights of an administrator, as a file of its own beside this program. */
import '../../native/win32/elevate-worker.ts';
