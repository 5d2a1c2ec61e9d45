/** The kinds `file:PATH` and `-`: a log file of any kind, and what comes in by standard input. */
import { ok } from '../../core/result.ts';
import { openFileSource } from '../open-file.ts';
import type { SourceKind } from '../source-kind.ts';
import { openStreamSource } from './file-source.ts';

export const fileKind: SourceKind = {
  kind: 'file',
  form: 'file:PATH',
  describes: 'a log of DebugView, DebugView++, CSV, JSON Lines, text, .evtx or .etl, also packed by gzip',
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
  open: (_rest, options) => ok(openStreamSource(process.stdin, 'standard input', options)),
};
