/** A filter in words, for files that say how their rows were chosen. */

import { levelName } from '../../../native/core/entry.ts';
import type { FilterSpec } from '../../contract/rows.ts';
import { decimal } from './row-values.ts';

/** `message has "irp"; without CPU 0, 7; without trace`; null where all rows are shown. */
export function filterWords(filter: FilterSpec): string | null {
  const { text, hiddenCpus, hiddenLevels, hiddenSources, types, pids, origins, time, terms, context, within } = filter;
  const parts: string[] = [];
  if (terms !== undefined) parts.push(`${terms.text}${terms.caseSensitive ? ', case as it is' : ''}`);
  if (text !== null) {
    const { pattern, regex, caseSensitive } = text;
    parts.push(
      `message ${regex ? `matches /${pattern}/` : `has "${pattern}"`}${caseSensitive ? ', case as it is' : ''}`,
    );
  }
  const without = (what: string, numbers: readonly (number | string)[]): void => {
    if (numbers.length > 0) parts.push(`without ${what}${numbers.join(', ')}`);
  };
  without('CPU ', hiddenCpus);
  without('', hiddenLevels.map(levelName));
  without('source ', hiddenSources);
  const only = (what: string, numbers: readonly number[] | undefined): void => {
    if (numbers !== undefined) parts.push(`${what} ${numbers.join(', ')}`);
  };
  only('type', types);
  only('process', pids);
  only('origin', origins);
  if (time !== undefined) parts.push(`from ${decimal(time.fromNs, 9)} s to ${decimal(time.toNs, 9)} s`);
  const outer = within === undefined ? null : filterWords(within);
  if (outer !== null) parts.push(`within ${outer}`);
  if (parts.length > 0 && context !== undefined) parts.push(`with ${context} rows around each`);
  return parts.length === 0 ? null : parts.join('; ');
}
