/** Opens a session's folder, says which, and lives until it is killed. For session-folder.test.ts. */
import { openSessionFolder } from './session-folder.ts';

const folder = openSessionFolder(process.argv[2] ?? '', (message) => process.stderr.write(`${message}\n`));
process.stdout.write(`${folder.path}\n`);
setInterval(() => undefined, 1 << 30);
