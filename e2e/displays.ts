/** Which display the windows of a test are shown on: tests that run at once have one each, with its own focus and clipboard. */

/** What a program needs to use each of the displays; one that needs nothing is the display there is. */
export function displays(): readonly NodeJS.ProcessEnv[] {
  return JSON.parse(process.env.RINGVIEW_DISPLAYS ?? '[{}]');
}

/** Has everything that this process starts use the display of the worker it is. */
export function showOnOwnDisplay(): void {
  const all = displays();
  const own = all[Number(process.env.TEST_PARALLEL_INDEX ?? 0) % all.length];
  for (const [name, value] of Object.entries(own ?? {})) process.env[name] = value;
}
