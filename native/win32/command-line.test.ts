import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandLine } from './command-line.ts';

/** As the C runtime and CommandLineToArgvW split arguments behind the name of the program. */
function split(line: string): string[] {
  const args: string[] = [];
  let current: string | null = null;
  let quoted = false;
  for (let at = 0; at < line.length; ) {
    const backslashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    if (line[at + backslashes] === '"') {
      current = (current ?? '') + '\\'.repeat(backslashes >> 1);
      if (backslashes % 2 === 1) current += '"';
      else quoted = !quoted;
      at += backslashes + 1;
    } else if (backslashes > 0) {
      current = (current ?? '') + '\\'.repeat(backslashes);
      at += backslashes;
    } else if (!quoted && (line[at] === ' ' || line[at] === '\t')) {
      if (current !== null) args.push(current);
      current = null;
      at++;
    } else {
      current = (current ?? '') + line[at];
      at++;
    }
  }
  if (current !== null) args.push(current);
  return args;
}

it('a command line is split into what it was made of', () => {
  expect(commandLine(['C:\\Program Files\\x', '--a=b'])).toBe('"C:\\Program Files\\x" "--a=b"');
  const arg = fc.string({ unit: fc.constantFrom('\\', '"', ' ', 'a', '\t') });
  fc.assert(
    fc.property(fc.array(arg), (args) => {
      expect(split(commandLine(args))).toEqual(args);
    }),
    { examples: [[['a\\"b', 'c\\\\', '', '"', '\\\\"']]] },
  );
});
