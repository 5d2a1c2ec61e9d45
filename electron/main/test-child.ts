/** A program that changes the file of settings whenever it is told to: two of them at once are a test. */
import { SettingsFile } from './settings-file.ts';

const [folder = '', name = ''] = process.argv.slice(2);
const said: string[] = [];
const file = new SettingsFile(folder, (line) => said.push(line));

process.on('message', (round) => {
  file.update(({ questions }) => ({ questions: [...questions, `${name} ${String(round)}`] }));
  process.send?.(said);
});
