import { expect, it } from 'vitest';
import { COMMAND_NAMES, COMMANDS } from './commands.ts';
import { impossibleWords } from './impossible.ts';

it('says of each command that may have nothing to do why it does nothing', () => {
  const some = COMMAND_NAMES.filter((command) => COMMANDS[command].possible !== undefined);
  expect(some).toContain('copy');
  for (const command of some) expect(impossibleWords(command), command).toMatch(/^(?!Not possible)[A-Z].*\.$/);
  expect(impossibleWords('escape')).toContain('Not possible now: ');
});
