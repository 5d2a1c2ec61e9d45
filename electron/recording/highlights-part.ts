/**
 * What was highlighted while a session was recorded, beside its rows, so that whoever opens it sees what was seen then. Who
 * reads it trusts nothing in it: it may come from anybody.
 */
import { type ColourRule, MAX_RULE_TEXT, MOST_COLOUR_RULES, parseColourRules } from '../contract/colour-rules.ts';
import { fields } from './untrusted.ts';

export const HIGHLIGHTS_PART = 'highlights';
/** A part of as many highlights as there may be, each as long as it may be, is shorter. */
export const MOST_HIGHLIGHT_BYTES = MOST_COLOUR_RULES * (6 * MAX_RULE_TEXT + 1024);

/** The text of the part. */
export function formatHighlights(rules: readonly ColourRule[]): string {
  return `${JSON.stringify({ rules })}\n`;
}

/** Those of the part that make sense; null for what is no such part. */
export function parseHighlights(value: unknown): readonly ColourRule[] | null {
  const { rules } = fields(value);
  return Array.isArray(rules) ? parseColourRules(rules) : null;
}
