/** Opens the folder of this run, says which, and lives until it is killed. For run-folder.test.ts. */
import { openRunFolder } from './run-folder.ts';

const folder = openRunFolder(process.argv[2] ?? '', (message) => process.stderr.write(`${message}\n`));
process.stdout.write(`${folder.path}\n`);
setInterval(() => undefined, 1 << 30);
