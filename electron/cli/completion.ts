/**
 * What shells need to complete commands, options and the values of options that have few. Derived from the tables that
 * parse them, so that nothing is offered that is refused. Pure.
 */
import { START_CHOICES } from '../../native/core/boot.ts';
import { LEVEL_NAMES } from '../../native/core/entry.ts';
import { OBSERVER_NAMES } from '../../native/core/observe.ts';
import { EXPORT_FORMAT_NAMES, LINE_FORMAT_NAMES } from '../contract/export-formats.ts';
import { TOPICS, type Topic } from './arg-values.ts';
import { DRIVER_VERBS, OPTIONS_OF } from './options.ts';
import { SCHEMA_VERBS } from './schema-args.ts';
import { SESSIONS_VERBS } from './sessions-args.ts';
import { TRACES_VERBS } from './traces-args.ts';

export const SHELLS = ['bash', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

type CommandName = Exclude<Topic, 'ringview'>;

export interface CompletedCommand {
  readonly name: CommandName;
  /** What may stand behind it; where there is none, files are offered. */
  readonly words: readonly string[];
  /** With their dashes. */
  readonly options: readonly string[];
  /** Of the options that take one of a few values. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

const WORDS: Partial<Record<CommandName, readonly string[]>> = {
  sessions: SESSIONS_VERBS,
  driver: DRIVER_VERBS,
  traces: TRACES_VERBS,
  schema: SCHEMA_VERBS,
  completion: SHELLS,
};

const RING = { mode: ['drop', 'overwrite'], order: ['index', 'clock'] } as const;
const VALUES: Partial<Record<CommandName, Readonly<Record<string, readonly string[]>>>> = {
  simulate: { ...RING, rate: ['max'] },
  capture: { format: LINE_FORMAT_NAMES },
  convert: { format: EXPORT_FORMAT_NAMES, encoding: ['auto'] },
  recover: { format: EXPORT_FORMAT_NAMES },
  query: { format: ['table', 'json', 'csv'], encoding: ['auto'] },
  stats: { encoding: ['auto'] },
  diff: { encoding: ['auto'] },
  driver: { ...RING, start: START_CHOICES, name: OBSERVER_NAMES },
  log: { level: LEVEL_NAMES },
};

export const COMPLETED: readonly CompletedCommand[] = TOPICS.filter((topic) => topic !== 'ringview').map((name) => ({
  name,
  words: WORDS[name] ?? [],
  options: Object.keys(OPTIONS_OF[name]).map((option) => `--${option}`),
  values: Object.fromEntries(Object.entries(VALUES[name] ?? {}).map(([option, values]) => [`--${option}`, values])),
}));

const TOP_OPTIONS = ['--help', '--version'];

/** The script to be run by the shell. */
export function completionScript(shell: Shell): string {
  return shell === 'bash' ? bashScript() : powershellScript();
}

function bashScript(): string {
  const offer = (words: readonly string[]): string => `words='${words.join(' ')}'`;
  const values = COMPLETED.flatMap(({ name, values }) =>
    Object.entries(values).map(([option, words]) => `    '${name} ${option}') ${offer(words)} ;;`),
  );
  const options = COMPLETED.map(({ name, options }) => `        ${name}) ${offer(options)} ;;`);
  const words = COMPLETED.filter(({ words }) => words.length > 0).map(
    ({ name, words }) => `        ${name}) ${offer(words)} ;;`,
  );
  const commands = COMPLETED.map(({ name }) => name);
  // Where nothing is offered bash offers files, by -o default.
  return `_ringview() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=''
  COMPREPLY=()
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
    *)
      if [ "$COMP_CWORD" -eq 1 ]; then
        ${offer([...commands, 'help', ...TOP_OPTIONS])}
      elif [ "\${current#-}" != "$current" ]; then
        case "\${COMP_WORDS[1]}" in
${options.map((line) => `  ${line}`).join('\n')}
        esac
      elif [ "$COMP_CWORD" -eq 2 ]; then
        case "\${COMP_WORDS[1]}" in
          help) ${offer(commands)} ;;
${words.map((line) => `  ${line}`).join('\n')}
        esac
      fi
      ;;
  esac
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o default -F _ringview ringview
`;
}

function powershellScript(): string {
  const list = (words: readonly string[]): string => `@(${words.map((word) => `'${word}'`).join(', ')})`;
  const table = (entries: readonly (readonly [string, readonly string[]])[]): string =>
    entries.map(([key, words]) => `    '${key}' = ${list(words)}`).join('\n');
  const commands = COMPLETED.map(({ name }) => name);
  const values = COMPLETED.flatMap(({ name, values }) =>
    Object.entries(values).map(([option, words]) => [`${name} ${option}`, words] as const),
  );
  return `Register-ArgumentCompleter -Native -CommandName ringview -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $options = @{
${table(COMPLETED.map(({ name, options }) => [name, options]))}
  }
  $words = @{
${table([['help', commands], ...COMPLETED.filter(({ words }) => words.length > 0).map(({ name, words }) => [name, words] as const)])}
  }
  $values = @{
${table(values)}
  }
  $typed = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
  $before = if ($wordToComplete) { $typed.Count - 1 } else { $typed.Count }
  $command = if ($before -gt 1) { $typed[1] } else { '' }
  $value = "$command $($typed[$before - 1])"
  $offered = if ($before -le 1) { ${list([...commands, 'help', ...TOP_OPTIONS])} }
    elseif ($values.ContainsKey($value)) { $values[$value] }
    elseif ($wordToComplete.StartsWith('-')) { $options[$command] }
    elseif ($before -eq 2) { $words[$command] }
  $offered | Where-Object { $_ -like "$wordToComplete*" } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
}
