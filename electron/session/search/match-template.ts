/** Finds messages of one template: those that hold its longest text that does not vary are looked at more closely. */
import { messageTemplate } from '../../contract/message-template.ts';
import { shownField } from '../../contract/shown-text.ts';
import { holdsStandIn } from '../../contract/text-pattern.ts';
import { payloadText } from '../text/text.ts';
import { literalFilter, type RowTest, textFilter } from './match-region.ts';
import type { TextMatcher } from './match-text.ts';

/** A template as it is written in a filter: in the shown form. */
export const shownTemplate = (message: string): string => shownField(messageTemplate(message));

export function templateMatcher(template: string): TextMatcher {
  const test = (text: string): boolean => shownTemplate(text) === template;
  const matches: RowTest = (segment, offset) => test(payloadText(segment.type.get(offset), segment.payload(offset)));
  const confirm = textFilter(test, matches);
  // A sign that stands in for an invisible character is not in the message itself.
  const fixed = template.split('#').filter((part) => part !== '' && !holdsStandIn(part));
  const longest = fixed.reduce((best, part) => (part.length > best.length ? part : best), '');
  if (longest === '') return { test, matches, filter: confirm };
  const mayMatch = literalFilter([longest], false, false, () => true);
  return {
    test,
    matches,
    filter: (segment, offsets, count) => confirm(segment, offsets, mayMatch(segment, offsets, count)),
  };
}
