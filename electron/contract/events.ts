/**
 * The events that are sent to a page without a request. Each is declared once, with its payload and the form in which
 * it is sent.
 */
import type { Layout, Notice } from './app.ts';
import type { BookmarkNews } from './bookmarks.ts';
import type { FindCount } from './find.ts';
import type { NumberedNames, ProcessName } from './machine.ts';
import type { CopyProgress, ExportProgress } from './output.ts';
import type { ViewUpdate } from './rows.ts';
import type { SchemaState } from './schemas.ts';
import type { QueryProgress } from './sql.ts';
import type { Status } from './status.ts';
import type { WatchReport } from './watches.ts';

export interface Event<P, F extends 'plain' | 'packed'> {
  readonly form: F;
  readonly payload?: P;
}

const plain = <P>(): Event<P, 'plain'> => ({ form: 'plain' });
const packed = <P>(): Event<P, 'packed'> => ({ form: 'packed' });

type OfView = { readonly view: number };
type OfSession = { readonly session: number };

export const EVENTS = {
  'app.notice': plain<Notice>(),
  /** Sent when sessions or views were opened or closed, or when a session's title changed. */
  'app.layout': plain<Layout>(),
  /** What became of the actions on a match, one report for each in the order in which they were set. */
  'app.watches': plain<{ readonly reports: readonly WatchReport[] }>(),
  /** Sent when other schemas are used, whoever has asked for that. */
  'app.schemas': plain<SchemaState>(),
  'session.status': plain<OfSession & { readonly status: Status }>(),
  /** Names of processes that are new since the last event, or since the page was loaded. */
  'session.processes': plain<OfSession & { readonly names: readonly ProcessName[] }>(),
  /** Names of the events of traces and event logs that are new since the last event, or since the page was loaded. */
  'session.eventNames': plain<OfSession & { readonly names: readonly NumberedNames[] }>(),
  /** What is new of the bookmarks since the last event, or since the page was loaded. */
  'session.bookmarks': packed<OfSession & { readonly news: BookmarkNews }>(),
  /** How far the question in SQL is that was asked last. */
  'session.queryProgress': plain<OfSession & { readonly progress: QueryProgress }>(),
  /** The state of a view. Only one is under way at a time: the next is sent after `view.ack`. */
  'view.update': packed<OfView & { readonly update: ViewUpdate }>(),
  'view.found': plain<OfView & { readonly found: FindCount }>(),
  'export.progress': plain<ExportProgress>(),
  'copy.progress': plain<CopyProgress>(),
};
