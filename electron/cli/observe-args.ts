/** `ringview driver ... --name net|file`: the drivers that report connections and files. */
import {
  EVERYTHING,
  OBSERVER_NAMES,
  OBSERVERS,
  type ObserveList,
  type ObserverName,
  type ObserveSettings,
  observeProblem,
} from '../../native/core/observe.ts';
import { BadOption, oneOf, required, wholeNumber } from './arg-values.ts';

export type ObserverRequest =
  | { readonly verb: 'install'; readonly name: ObserverName; readonly path: string }
  | { readonly verb: 'start' | 'stop' | 'remove' | 'status'; readonly name: ObserverName }
  | { readonly verb: 'observe'; readonly name: ObserverName; readonly settings: ObserveSettings };

const OBSERVER_VERBS = ['install', 'start', 'stop', 'remove', 'status', 'observe'] as const;
type ObserverVerb = (typeof OBSERVER_VERBS)[number];

const OWN: Readonly<Record<ObserverVerb, readonly string[]>> = {
  install: ['path'],
  start: [],
  stop: [],
  remove: [],
  status: [],
  observe: ['on', 'pid', 'in-path', 'except', 'leave-out'],
};

/** The options of `driver` that these verbs take. */
export interface ObserverValues {
  readonly name?: string;
  readonly path?: string;
  readonly on?: string;
  readonly pid?: string;
  readonly 'in-path'?: string[];
  readonly except?: boolean;
  readonly 'leave-out'?: string;
}

const TOPIC = 'driver';

function listOf<T>(list: readonly T[], except: boolean): ObserveList<T> {
  return list.length === 0 ? EVERYTHING : { mode: except ? 'exclude' : 'include', list };
}

/** `all`, `none`, or names with commas between. */
function operationsOf(name: ObserverName, list: string): readonly string[] {
  if (list === 'none') return [];
  if (list === 'all') return Object.keys(OBSERVERS[name].operations).filter((operation) => operation !== 'paging');
  return list.split(',');
}

function settingsOf(name: ObserverName, values: ObserverValues): ObserveSettings {
  const except = values.except === true;
  const pids = values.pid?.split(',').map((pid) => wholeNumber(pid, '--pid', 0, TOPIC)) ?? [];
  const settings: ObserveSettings = {
    operations: operationsOf(name, required(values.on, '--on', TOPIC)),
    leftOutPid: wholeNumber(values['leave-out'] ?? '0', '--leave-out', 0, TOPIC),
    pids: listOf(pids, except),
    paths: listOf(values['in-path'] ?? [], except),
  };
  const problem = observeProblem(name, settings);
  if (problem !== null) throw new BadOption(`driver observe: ${problem}`, TOPIC);
  return settings;
}

/** The request, of a command that names one of these drivers. Throws BadOption. */
export function observerRequest(verb: string, values: ObserverValues): ObserverRequest {
  const name = oneOf(required(values.name, '--name', TOPIC), OBSERVER_NAMES, '--name', TOPIC) as ObserverName;
  const known = OBSERVER_VERBS.find((each) => each === verb);
  if (known === undefined) throw new BadOption(`driver ${verb} has no option --name`, TOPIC);
  const foreign = Object.keys(values).find((option) => option !== 'name' && !OWN[known].includes(option));
  if (foreign !== undefined) throw new BadOption(`driver ${known} --name ${name} has no option --${foreign}`, TOPIC);
  if (known === 'install') return { verb: known, name, path: values.path ?? `${OBSERVERS[name].logger}.sys` };
  if (known === 'observe') return { verb: known, name, settings: settingsOf(name, values) };
  return { verb: known, name };
}
