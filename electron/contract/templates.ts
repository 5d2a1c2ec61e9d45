/**
 * Which messages a log is made of: messages of one template (message-template.ts) are counted together, so that those
 * that flood stand first.
 */
import type { Failure } from '../../native/core/result.ts';

/** The most templates of a session that are told apart: those that were seen first. All others are counted together. */
export const MOST_TEMPLATES = 2000;
/** The most that are reported at a time. */
export const MOST_REPORTED_TEMPLATES = 200;

export const TEMPLATE_ORDERS = ['count', 'rate', 'newest', 'silent'] as const;
/** Most messages first; most of them a second; seen for the first time last; silent for longest. */
export type TemplateOrder = (typeof TEMPLATE_ORDERS)[number];

/** The messages of one template, since the session was cleared. Times are nanoseconds since the log began. */
export interface TemplateFigures {
  /** In the shown form, as a term `like:` takes it. */
  readonly template: string;
  readonly count: number;
  /** Over the last second of the log, or a little more. */
  readonly perSecond: number;
  readonly firstRow: number;
  readonly firstNs: number;
  readonly lastRow: number;
  readonly lastNs: number;
  /** True if the first came after the last row that has a bookmark. */
  readonly isNew: boolean;
  /** True if no more came for long, judged by how often they came before. */
  readonly isSilent: boolean;
}

export interface TemplateReport {
  /** Records that were counted, of those that the session ever had; it goes on until they are the same. */
  readonly counted: number;
  readonly total: number;
  /** Records that left the history before they could be counted. */
  readonly missed: number;
  /** Templates that are told apart, and the records of all others together. */
  readonly templates: number;
  readonly others: number;
  /** Time of the newest record counted. */
  readonly untilNs: number;
  /** Whether a row has a bookmark, since which templates can be new. */
  readonly hasBookmark: boolean;
  /** The first of them in the order asked for. */
  readonly rows: readonly TemplateFigures[];
  /** Why counting stopped; null if it did not. */
  readonly failure: Failure | null;
}

export const NO_TEMPLATES: TemplateReport = {
  ...{ counted: 0, total: 0, missed: 0, templates: 0, others: 0, untilNs: 0, hasBookmark: false, rows: [] },
  failure: null,
};
