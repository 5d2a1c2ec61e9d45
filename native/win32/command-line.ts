/** Command lines of Windows, which are one text: programs split it again by the rules of CommandLineToArgvW. Pure. */

/**
 * The text that is split into exactly these arguments. Each is in quotes; a quote within one, and what backslashes stand
 * before a quote, have another backslash before them.
 */
export function commandLine(args: readonly string[]): string {
  return args
    .map((arg) => `"${arg.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, (backslashes) => backslashes.repeat(2))}"`)
    .join(' ');
}
