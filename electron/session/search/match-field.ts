/** Finds records with a value in a field. Rows of other types, text above all, cost a look at their type. */
import { RowKind } from '../../../native/core/entry.ts';
import type { Segment } from '../store/segment.ts';
import { type FieldTest, type PayloadTest, payloadTest } from './field-tests.ts';
import type { TextMatcher } from './match-text.ts';

export function fieldMatcher(tests: readonly FieldTest[]): TextMatcher {
  const byType = new Map<number, PayloadTest>();
  for (const each of tests) {
    const { type } = each.known.type;
    const [before, test] = [byType.get(type), payloadTest(each)];
    byType.set(type, before === undefined ? test : (payload) => before(payload) || test(payload));
  }
  const matches = (segment: Segment, offset: number): boolean =>
    segment.kind.get(offset) === RowKind.Entry &&
    byType.get(segment.type.get(offset))?.(segment.payload(offset)) === true;
  return {
    matches,
    filter(segment, offsets, count) {
      const { data, constant } = segment.type;
      if (data === null && !byType.has(constant)) return 0;
      let kept = 0;
      for (let i = 0; i < count; i++) {
        const offset = offsets[i] as number;
        const test = byType.get(data === null ? constant : (data[offset] as number));
        if (test?.(segment.payload(offset)) === true) offsets[kept++] = offset;
      }
      return kept;
    },
    // A text has no fields.
    test: () => false,
  };
}
