/**
 * A filter of DebugView that is pasted into the box: `nic;storport*failed`, where `;` is "or" and `*` stands for anything.
 * Typed into the box it is text as it stands, since messages have semicolons, too. Pure.
 */
import { printFilter } from '../../electron/contract/filter/print.ts';
import type { FilterTree } from '../../electron/contract/filter/tree.ts';

/** The same filter as text of the box; null if a text does not look like one of DebugView. */
export function fromDebugView(pasted: string): string | null {
  const text = pasted.trim();
  // Behind the semicolons of a sentence there are blanks; quotes and brackets are of our own filters.
  if (!text.includes(';') || /;\s|[\r\n"()]/.test(text)) return null;
  const items = text.split(';').flatMap((part): FilterTree[] => {
    const words = part.replace(/^\*+|\*+$/g, '').trim();
    if (words === '') return [];
    if (!words.includes('*')) return [{ kind: 'text', text: words }];
    const source = words
      .split(/\*+/)
      .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    return [{ kind: 'regex', source, ignoreCase: true }];
  });
  const [only] = items;
  if (only === undefined) return null;
  return printFilter(items.length === 1 ? only : { kind: 'or', items });
}
