/**
 * What the status bar and the message above the table say about the sources. Both use the same text, so that they
 * agree.
 */
import type { FileFigures, OpeningStatus, SourceName, SourceStatus, Status } from '../../electron/contract/status.ts';
import { assertUnreachable, type Failure } from '../../native/core/result.ts';
import { fileExplanation, fileState } from './file-state.ts';
import { failureSentences, formatPercent } from './format.ts';
import { shortNames } from './short-names.ts';

export type Tone = 'idle' | 'live' | 'waiting' | 'failed';

export interface SourceWords {
  /** `sim:demo`, or `no source`. */
  readonly name: string;
  /** The state in one or two words: `capturing`, `waiting`, `stopped`. */
  readonly state: string;
  readonly tone: Tone;
  /** A sentence that explains the state. */
  readonly explanation: string;
}

/** Whether anything was captured since the program was started; before that, nothing can be said about losses. */
export function hasCaptured(status: Status | null): boolean {
  return (status?.sources.length ?? 0) > 0 || (status?.sourceNames.length ?? 0) > 0;
}

/** Whether all there is was recorded before: into such a session nothing is captured. */
export function isRecorded(status: Status | null): boolean {
  return status !== null && status.sources.length === 0 && status.sourceNames.length > 0;
}

/** Whether there are rings whose fill can be shown; files and what was recorded have none. */
export function hasRings(status: Status | null): boolean {
  const sources = status?.sources ?? [];
  return (sources.length === 0 && !isRecorded(status)) || sources.some(({ info }) => info.ring !== undefined);
}

/** Whether all sources are files. Those are opened through a dialog, so a page cannot start them again by name. */
export function isOfFiles(status: Status | null): boolean {
  const sources = status?.sources ?? [];
  return sources.length > 0 && sources.every(({ info }) => info.file !== undefined);
}

/** True if records may still come. A source that has ended is no longer captured, even though it is looked for. */
export function isLive(status: Status | null): boolean {
  if (status?.opening !== undefined && !status.opening.stopped) return true;
  if (!status?.capturing) return false;
  return status.sources.some(({ state }) => state !== 'ended');
}

export function sourceWords(status: Status | null): SourceWords {
  if (status && status.sources.length > 1) return severalWords(status);
  const source = status?.source;
  if (status?.opening !== undefined) return openingWords(status, status.opening);
  if (status !== null && isRecorded(status)) {
    const name = status.sourceNames.map((each) => each.name).join(', ');
    return { name, state: 'recorded', tone: 'idle', explanation: 'What is shown was recorded before.' };
  }
  if (!status || !source) {
    return {
      name: 'no source',
      state: 'not capturing',
      tone: 'idle',
      explanation: 'Name a source and start capturing.',
    };
  }
  return oneSourceWords(source, status.capturing);
}

/** A recorded session whose files are looked through: what was found is shown already. */
function openingWords({ sourceNames }: Status, { doneBytes, totalBytes, stopped }: OpeningStatus): SourceWords {
  const name = sourceNames.map((each) => each.name).join(', ') || 'recorded';
  const share = formatPercent(totalBytes === 0 ? 0 : doneBytes / totalBytes);
  if (stopped)
    return {
      ...{ name, state: `opened ${share}`, tone: 'idle' },
      explanation: 'Opening was stopped; the rows that were found by then are shown. Open it again for all of them.',
    };
  const explanation = 'The recorded session is looked through; what was found is shown. Stop ends that.';
  return { name, state: `opening ${share}`, tone: 'live', explanation };
}

const TONES: readonly Tone[] = ['failed', 'waiting', 'live', 'idle'];

/** All sources together: how many are captured, and the tone of the one that most needs attention. */
function severalWords(status: Status): SourceWords {
  const all = status.sources.map((source) => oneSourceWords(source, status.capturing));
  const live = all.filter(({ tone }) => tone === 'live').length;
  const name = `${all.length} sources`;
  const tone = TONES.find((each) => all.some((words) => words.tone === each)) ?? 'idle';
  const explanation = all.map((words) => `${words.name}: ${words.state}`).join('\n');
  const ended = isOfFiles(status) ? 'read' : 'ended';
  if (status.capturing && !isLive(status)) return { name, state: ended, tone: 'idle', explanation };
  if (!status.capturing) return { name, state: 'stopped', tone: 'idle', explanation };
  return { name, state: live === all.length ? 'capturing' : `${live} of ${all.length} capturing`, tone, explanation };
}

/** One of the sources in use. */
export function oneSourceWords(source: SourceStatus, capturing: boolean): SourceWords {
  const name = source.info.name;
  if (source.file !== undefined && source.state !== 'failed') return fileWords(source, source.file, capturing);
  switch (source.state) {
    case 'capturing':
      return capturing
        ? { name, state: 'capturing', tone: 'live', explanation: `Records are read from ${source.info.producer}.` }
        : { name, state: 'stopped', tone: 'idle', explanation: 'Capturing is stopped; the rows stay.' };
    case 'stopped':
      return { name, state: 'stopped', tone: 'idle', explanation: 'Capturing is stopped; the rows stay.' };
    case 'ended':
      return {
        name,
        state: 'ended',
        tone: 'idle',
        explanation: `The writer stopped and everything it wrote was read.${capturing ? ' Capturing goes on by itself should it start again.' : ''}`,
      };
    case 'gone':
      return capturing
        ? {
            name,
            state: 'gone, waiting',
            tone: 'waiting',
            explanation:
              'The writer disappeared without saying so; what it wrote was read. Waiting for it to come back.',
          }
        : {
            name,
            state: 'gone',
            tone: 'waiting',
            explanation: 'The writer disappeared without saying so; what it wrote was read.',
          };
    case 'failed':
      return {
        name,
        state: 'failed',
        tone: 'failed',
        explanation: source.failure === null ? 'The source can no longer be read.' : failureSentences(source.failure),
      };
    default:
      return assertUnreachable(source.state);
  }
}

/** A file is read rather than captured, and at its end there is nothing to wait for. */
function fileWords({ info: { name }, state }: SourceStatus, file: FileFigures, capturing: boolean): SourceWords {
  const explanation = fileExplanation(file);
  if (file.ended) return { name, state: 'read', tone: 'idle', explanation };
  if (state === 'stopped' || !capturing) {
    return { name, state: 'stopped', tone: 'idle', explanation: `${explanation} Reading was stopped; the rows stay.` };
  }
  return { name, state: fileState(file), tone: 'live', explanation };
}

/** The failure to show above the table, or null if there is none. */
export function sourceFailure(
  status: Status | null,
): { readonly severity: 'error' | 'warning'; readonly failure: Failure } | null {
  const source = status?.sources.find(({ failure }) => failure !== null);
  if (!source?.failure) return null;
  return { severity: source.state === 'failed' ? 'error' : 'warning', failure: source.failure };
}

/**
 * Sources by number as one text, which components can compare; `sourceNamesOf` reads it. Empty if there is only one.
 */
export function sourceNamesKey(status: Status | null): string {
  const names = status?.sourceNames ?? [];
  return names.length < 2 ? '' : JSON.stringify(names);
}

/** Names by number, of paths their ends; null if there is only one source, whose name need not be shown. */
export function sourceNamesOf(key: string): ReadonlyMap<number, string> | null {
  if (key === '') return null;
  const sources = JSON.parse(key) as SourceName[];
  const short = shortNames(sources.map(({ name }) => name));
  return new Map(sources.map(({ id, name }, at) => [id, short[at] ?? name]));
}
