/** The kinds `file:PATH` and `-`: a log file of any format, and standard input. */
import { openFileSource } from '../open-file.ts';
import type { SourceKind } from '../source-kind.ts';
import { openFeedSource } from './file-source.ts';
import { StreamFeed, unpackedIfPacked } from './stream-feed.ts';

let input: StreamFeed | null = null;

/** The feed of standard input. A process has only one, so it is created at the first request and then shared. */
function standardInput(): StreamFeed {
  input ??= new StreamFeed('standard input', unpackedIfPacked(process.stdin));
  return input;
}

export const fileKind: SourceKind = {
  kind: 'file',
  form: 'file:PATH',
  describes: 'a log of DebugView, DebugView++, CSV, JSON Lines, text, .evtx or .etl, also packed by gzip or zip',
  accepts: (path) => path !== '',
  options: ['encoding', 'format', 'follow', 'symbols'],
  title: (path) => path,
  offers: () => [],
  open: openFileSource,
};

export const standardInputKind: SourceKind = {
  kind: '-',
  form: '-',
  describes: 'standard input: the text of any of these, also packed by gzip',
  accepts: (rest) => rest === '',
  options: ['encoding', 'format'],
  title: () => 'standard input',
  offers: () => [],
  spoken: () => standardInput().spoken,
  open: (_rest, options) => openFeedSource(standardInput(), 'standard input', options),
};
