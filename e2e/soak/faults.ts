/**
 * The soak's own program, started by electron/setup/soak.mjs. Every line goes to standard error; the row of the result, for
 * driver/ASSURANCE.md, to standard output.
 */
import { parseArgs } from 'node:util';
import { markdownRow, soak, TABLE_HEAD } from './soak.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const environment = process.env.RINGVIEW_SOAK;
if (environment === undefined) throw new Error('this program is started by: npm run soak');
if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new Error('--minutes and --seed take numbers');

const report = await soak({
  ...(JSON.parse(environment) as { root: string; electron: { path: string; switches: string[] } }),
  ...{ seed, minutes },
  tell: (line) => process.stderr.write(`${line}\n`),
});
process.stderr.write(`${JSON.stringify(report.tally, null, 2)}\n`);
if (report.noDisk !== null) process.stderr.write(`NOT RUN: ${report.noDisk}\n`);
for (const finding of report.findings) process.stderr.write(`FOUND: ${finding}\n`);
if (report.findings.length > 0) process.stderr.write(`seed ${seed}; log and files are kept in ${report.folder}\n`);
process.stdout.write(`${TABLE_HEAD}\n${markdownRow(report, new Date().toISOString().slice(0, 10))}\n`);
process.exit(report.findings.length > 0 ? 1 : 0);
