/** `ringview driver ... --name net|file`: installs, loads, directs and removes ringview-net.sys and ringview-file.sys. */
import { resolve } from 'node:path';
import { OBSERVERS, type ObserverName, type ObserveState } from '../../native/core/observe.ts';
import { ok, type Result } from '../../native/core/result.ts';
import {
  askObserver,
  installObserver,
  removeObserver,
  setObserver,
  startObserver,
  stopObserver,
} from '../../native/win32/observer-service.ts';
import { checkRights } from './driver.ts';
import type { ObserverRequest } from './observe-args.ts';

/** Carries out the request; the value is the outcome, for people. `report` is called before each step. */
export async function observer(request: ObserverRequest, report: (line: string) => void): Promise<Result<string>> {
  const { verb, name } = request;
  const allowed = checkRights(verb, verb === 'status', report);
  if (!allowed.ok) return allowed;
  switch (verb) {
    case 'install': {
      const installed = installObserver(name, resolve(request.path));
      return installed.ok
        ? ok(`Installed as ${installed.value}; load it: ringview driver start --name ${name}`)
        : installed;
    }
    case 'start':
      return described(name, await startObserver(name));
    case 'stop': {
      const stopped = await stopObserver(name);
      return stopped.ok ? ok('Stopped') : stopped;
    }
    case 'remove': {
      const removed = await removeObserver(name);
      return removed.ok ? ok('Removed') : removed;
    }
    case 'status':
      return described(name, askObserver(name));
    case 'observe':
      return described(name, setObserver(name, request.settings));
  }
}

function described(name: ObserverName, asked: Result<ObserveState>): Result<string> {
  return asked.ok ? ok(describeObserver(name, asked.value)) : asked;
}

/** What the driver reports and counts, for people. Pure. */
export function describeObserver(name: ObserverName, state: ObserveState): string {
  const lists = [
    ...(state.pids.list.length > 0 ? [`${state.pids.mode} processes ${state.pids.list.join(', ')}`] : []),
    ...(state.paths.list.length > 0 ? [`${state.paths.mode} paths with ${state.paths.list.join(', ')}`] : []),
    ...(state.leftOutPid === 0 ? [] : [`never process ${state.leftOutPid}`]),
  ];
  const engine = state.engineCode === 0 ? '' : `; the filter engine refuses it (0x${state.engineCode.toString(16)})`;
  return [
    `${OBSERVERS[name].logger}.sys: ${state.attached ? 'logs' : 'ringview.sys is not loaded'}${engine}`,
    `reports ${state.operations.join(', ') || 'nothing'}${lists.length === 0 ? '' : `: ${lists.join('; ')}`}`,
    `${state.lost} lost, ${state.noMemory} without memory, ${state.noRoom} without room`,
  ].join('\n');
}
