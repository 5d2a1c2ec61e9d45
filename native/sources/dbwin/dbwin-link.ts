/**
 * What the source of the debug output shares with its worker thread, beside what all such sources share: which debug
 * output it is, and a way to end the worker's wait. Pure; both sides use it.
 */
import type { Failure } from '../../core/result.ts';
import type { DebugScope } from '../../win32/debug-buffer.ts';
import {
  createThreadLink,
  linkNumber,
  setLinkNumber,
  type ThreadLink,
  troubleOf as troubleOfLink,
} from '../thread-link.ts';

export { awaitChange, LinkState, linkState, reportTrouble, setLinkState } from '../thread-link.ts';

/** Handed to the worker. */
export interface DbwinLink extends ThreadLink {
  readonly scope: DebugScope;
}

/** `ringBytes`: a power of two. */
export function createLink(scope: DebugScope, ringBytes: number): DbwinLink {
  return { scope, ...createThreadLink(ringBytes) };
}

/** The handle with which the worker's wait can be ended. */
export function setStopHandle(link: DbwinLink, handle: number): void {
  setLinkNumber(link, handle);
}

export function stopHandle(link: DbwinLink): number {
  return linkNumber(link);
}

export function troubleOf(link: DbwinLink): Failure {
  return troubleOfLink(link, 'The capture of debug output failed');
}
