/**
 * Calls about one session: from which sources it captures, and which rows it keeps. Each carries the session's number.
 */

import { done, packed, result } from '../call.ts';
import { integer, MAX, object, oneOf, reject, taken, text } from '../check.ts';
import { checkSource, MAX_SOURCE } from '../limits.ts';
import { filterSpec } from '../query.ts';
import { LEAST_MEMORY_CAP, parsePolicy, type RetentionPolicy } from '../retention.ts';
import type { SourceInfo } from '../status.ts';
import { MOST_REPORTED_TEMPLATES, NO_TEMPLATES, TEMPLATE_ORDERS, type TemplateReport } from '../templates.ts';
import { nothingElse, ofSession } from './ids.ts';

/** What a page may name as a source; see limits.ts. */
const source = (value: unknown): string => taken(checkSource(text(value, 'source')));

function policy(value: unknown): RetentionPolicy {
  return parsePolicy(value) ?? reject('policy: all, or at least so many rows or bytes was expected');
}

const aSource = ofSession((fields) => ({ source: source(fields.source) }));

export const sessionCalls = {
  /**
   * Opens a source (`sim:NAME`) and starts capturing from it; `sim:demo` starts the embedded simulated driver. Replaces
   * all sources in use; the rows stay.
   */
  'session.start': result<SourceInfo>()(aSource),
  /**
   * Opens another source and captures from it too, in one clock order with the others; starts capturing if it was
   * stopped.
   */
  'session.add': result<SourceInfo>()(aSource),
  /**
   * Releases one source; its rows stay, and the other sources continue. Harmless if there is no source of that number.
   */
  'session.remove': done(ofSession(({ id }) => ({ id: integer(id, 0, MAX_SOURCE, 'id') }))),
  /** Releases all sources. */
  'session.stop': done(ofSession(nothingElse)),
  'session.clear': done(ofSession(nothingElse)),
  /**
   * From now on, keeps only the arriving rows that this filter shows, and all losses; null keeps all. Failure:
   * bad-pattern.
   */
  'session.setCaptureFilter': result<null>()(
    ofSession(({ filter }) => ({ filter: filter === null ? null : filterSpec(filter) })),
  ),
  /**
   * How many messages of which template the session has had, the first `most` in an order. They are counted while this is asked
   * for, every few seconds at least.
   */
  'session.templates': packed<TemplateReport>(NO_TEMPLATES)(
    ofSession(({ order, most }) => ({
      order: oneOf(order, TEMPLATE_ORDERS, 'order'),
      most: integer(most, 1, MOST_REPORTED_TEMPLATES, 'most'),
    })),
  ),
  /**
   * Changes how much is kept: of this session, and in how much memory for all sessions. Effective at once and after
   * later starts.
   */
  'session.setRetention': result<null>()(
    ofSession((fields) => {
      const settings = object(fields.settings);
      return {
        settings: {
          memoryCapBytes: integer(settings.memoryCapBytes, LEAST_MEMORY_CAP, MAX, 'memoryCapBytes'),
          policy: policy(settings.policy),
        },
      };
    }),
  ),
};
