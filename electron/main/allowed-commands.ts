/**
 * The commands that a match may run. They are written into the settings file by the person, with their fixed arguments, and
 * by nothing else: no call of the page reaches them. Nothing of a row becomes a part of the command line; the program finds
 * it in its environment, as text that whoever wrote the log has chosen.
 */
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { LogRow } from '../contract/rows.ts';
import { MAX_COMMAND_NAME } from '../contract/watches.ts';

export interface AllowedCommand {
  readonly name: string;
  /** A whole path; it is not looked for anywhere. */
  readonly program: string;
  readonly arguments: readonly string[];
}

export interface CommandSettings {
  /** False until the person says otherwise. */
  readonly allowed: boolean;
  readonly list: readonly AllowedCommand[];
}

export const NO_COMMANDS: CommandSettings = { allowed: false, list: [] };

export const MOST_COMMANDS = 20;
const MOST_ARGUMENTS = 32;
const MAX_ARGUMENT = 4096;

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most && !value.includes('\0');

function isCommand(value: unknown): value is AllowedCommand {
  if (typeof value !== 'object' || value === null) return false;
  const { name, program, arguments: fixed } = value as Record<string, unknown>;
  return (
    isText(name, MAX_COMMAND_NAME) &&
    name !== '' &&
    isText(program, MAX_ARGUMENT) &&
    isAbsolute(program) &&
    Array.isArray(fixed) &&
    fixed.length <= MOST_ARGUMENTS &&
    fixed.every((each) => isText(each, MAX_ARGUMENT))
  );
}

/** What the settings say of commands; what makes no sense allows nothing. */
export function parseCommands(value: unknown): CommandSettings {
  if (typeof value !== 'object' || value === null) return NO_COMMANDS;
  const { allowed, list } = value as Record<string, unknown>;
  const known = Array.isArray(list) ? list.slice(0, MOST_COMMANDS).filter(isCommand) : [];
  return {
    allowed: allowed === true,
    list: known.map(({ name, program, arguments: fixed }) => ({ name, program, arguments: [...fixed] })),
  };
}

export const namesOf = ({ allowed, list }: CommandSettings): readonly string[] =>
  allowed ? list.map(({ name }) => name) : [];

/** So many at a time, and each for so long at most; milliseconds. */
const MOST_RUNNING = 4;
const MOST_MS = 60_000;
/** How much of a message the environment has: a system may refuse more. */
const MAX_MESSAGE = 8192;

/** What a program is told of the row that matched. */
export function environmentOf({ text, index, timeNs, cpu, level, pid, tid }: LogRow): Readonly<Record<string, string>> {
  return {
    RINGVIEW_MESSAGE: text.replaceAll('\0', '\u2400').slice(0, MAX_MESSAGE),
    RINGVIEW_INDEX: `${index}`,
    RINGVIEW_TIME_NS: `${timeNs}`,
    RINGVIEW_CPU: `${cpu}`,
    RINGVIEW_LEVEL: `${level}`,
    RINGVIEW_PID: `${pid}`,
    RINGVIEW_TID: `${tid}`,
  };
}

export class AllowedCommands {
  private readonly settings: () => CommandSettings;
  private readonly report: (line: string) => void;
  private running = 0;

  constructor(settings: () => CommandSettings, report: (line: string) => void) {
    this.settings = settings;
    this.report = report;
  }

  /** Starts one, without a shell. Failures: bad-argument if it is not allowed (any more), overloaded, or the system's. */
  run(name: string, row: LogRow): Result<void> {
    const { allowed, list } = this.settings();
    const command = allowed ? list.find((each) => each.name === name) : undefined;
    if (command === undefined)
      return fail('bad-argument', `The command '${name}' is not allowed`, 'Allow it in the settings file');
    if (this.running >= MOST_RUNNING)
      return fail('overloaded', `${MOST_RUNNING} commands are running already`, 'Wait until one has ended');
    try {
      const child = spawn(command.program, [...command.arguments], {
        shell: false,
        windowsHide: true,
        stdio: 'ignore',
        timeout: MOST_MS,
        cwd: homedir(),
        env: { ...process.env, ...environmentOf(row) },
      });
      this.running++;
      let counted = true;
      const ended = (): void => {
        if (counted) this.running--;
        counted = false;
      };
      child.once('error', (error) => {
        ended();
        this.report(`the command '${name}' did not run: ${error.message}`);
      });
      child.once('exit', ended);
      return ok(undefined);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return fail('internal', `The command '${name}' did not run: ${why}`, 'Correct it in the settings file');
    }
  }
}
