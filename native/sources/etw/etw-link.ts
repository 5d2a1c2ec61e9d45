/** What the source of a logging session shares with its worker thread beside what all such sources share. Pure. */
import { createThreadLink, type ThreadLink } from '../thread-link.ts';

/** Handed to the worker. */
export interface EtwLink extends ThreadLink {
  /** Name of the logging session, which runs. */
  readonly session: string;
  /** Stamps are those of the session's clock, not system time. */
  readonly raw: boolean;
}

/** `ringBytes`: a power of two. */
export function createLink(session: string, raw: boolean, ringBytes: number): EtwLink {
  return { session, raw, ...createThreadLink(ringBytes) };
}
