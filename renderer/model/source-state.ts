/** What the status bar and the message above the table say about the source: one reading of the status for both. */
import type { Status } from '../../electron/contract/status.ts';
import { assertUnreachable, type Failure } from '../../native/core/result.ts';

export type Tone = 'idle' | 'live' | 'waiting' | 'failed';

export interface SourceWords {
  /** `sim:demo`, or `no source`. */
  readonly name: string;
  /** One or two words: `capturing`, `waiting`, `stopped`. */
  readonly state: string;
  readonly tone: Tone;
  /** A sentence that explains the state. */
  readonly explanation: string;
}

export function sourceWords(status: Status | null): SourceWords {
  const source = status?.source;
  if (!status || !source) {
    return {
      name: 'no source',
      state: 'not capturing',
      tone: 'idle',
      explanation: 'Name a source and start capturing.',
    };
  }
  const name = source.info.name;
  switch (source.state) {
    case 'capturing':
      return status.capturing
        ? { name, state: 'capturing', tone: 'live', explanation: `Records are read from ${source.info.producer}.` }
        : { name, state: 'stopped', tone: 'idle', explanation: 'Capturing is stopped; the rows stay.' };
    case 'stopped':
      return { name, state: 'stopped', tone: 'idle', explanation: 'Capturing is stopped; the rows stay.' };
    case 'ended':
      return {
        name,
        state: 'ended',
        tone: 'idle',
        explanation: 'The producer stopped and everything it wrote was read.',
      };
    case 'gone':
      return status.capturing
        ? {
            name,
            state: 'gone, waiting',
            tone: 'waiting',
            explanation:
              'The producer disappeared without saying so; what it wrote was read. Waiting for it to come back.',
          }
        : {
            name,
            state: 'gone',
            tone: 'waiting',
            explanation: 'The producer disappeared without saying so; what it wrote was read.',
          };
    case 'failed':
      return {
        name,
        state: 'failed',
        tone: 'failed',
        explanation: source.failure?.message ?? 'The source can no longer be read.',
      };
    default:
      return assertUnreachable(source.state);
  }
}

/** What to show above the table: the failure of the source, or null while there is none. */
export function sourceFailure(
  status: Status | null,
): { readonly severity: 'error' | 'warning'; readonly failure: Failure } | null {
  const source = status?.source;
  if (!source?.failure) return null;
  return { severity: source.state === 'failed' ? 'error' : 'warning', failure: source.failure };
}
