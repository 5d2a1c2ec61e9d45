/** What a person is told of a recorded session that is damaged: which it is, what is wrong, what was kept and what is missing. */
import type { Notice } from '../contract/app.ts';
import { MOST_DAMAGES } from '../contract/library.ts';

export interface Damaged {
  readonly path: string;
  /** What is wrong with it, a sentence each; at least one. */
  readonly damages: readonly string[];
  /** Rows that can be read, and rows that are known to be missing. */
  readonly kept: number;
  readonly missing: number;
}

export function damageNotice({ path, damages, kept, missing }: Damaged): Notice {
  const more = damages.length > MOST_DAMAGES ? [`and ${damages.length - MOST_DAMAGES} more`] : [];
  const what = [...damages.slice(0, MOST_DAMAGES), ...more].join('; ');
  const figures = `${rows(kept)} kept, ${missing === 0 ? 'none is known to be missing' : `${rows(missing)} missing`}`;
  return {
    severity: 'warning',
    message: `${path} is damaged: ${what} (${figures})`,
    action: 'Everything that can be read is shown; a row that is missing says so in its place',
  };
}

function rows(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'row is' : 'rows are'}`;
}
