/** The filters that a person has named: kept by whoever runs the service, written to files and read from them. */
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { ColourRule } from '../contract/colour-rules.ts';
import {
  filterFile,
  type ImportedFilters,
  type NamedFilter,
  readFilterFile,
  withNamed,
} from '../contract/named-filters.ts';
import { readSmallFile } from '../files/read-small.ts';
import { replaceFileSync } from '../files/replace-sync.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { OneQuestion } from './one-question.ts';

type Filters = readonly NamedFilter[];

export interface FilterSetsDependencies {
  /** What is kept now, changes of other instances among it. */
  readonly load: () => Filters;
  /** Keeps what `change` makes of what is kept now. */
  readonly keep: (change: (now: Filters) => Filters) => void;
  /** What the person highlights goes with the filters; `addHighlights` puts new ones behind those there are. */
  readonly highlights: () => readonly ColourRule[];
  readonly addHighlights: (rules: readonly ColourRule[]) => void;
  /** Asks the person where to write, and which file to read; null if they dismissed the question. */
  readonly askForTarget: () => Promise<string | null>;
  readonly askForFile: () => Promise<string | null>;
}

/** More is no file of filters. */
const MOST_FILE_BYTES = 1024 ** 2;

export class FilterSets {
  private readonly dependencies: FilterSetsDependencies;
  private readonly question = new OneQuestion('A file is being chosen already', 'Choose that first');

  constructor(dependencies: FilterSetsDependencies) {
    this.dependencies = dependencies;
  }

  get all(): Filters {
    return this.dependencies.load();
  }

  save(filter: NamedFilter): Result<Filters> {
    return this.change((now) => withNamed(now, [filter]));
  }

  rename(name: string, to: string): Result<Filters> {
    return this.change((now) => {
      const found = now.find((each) => each.name === name);
      if (found === undefined) return fail('bad-argument', `There is no filter '${name}' any more`, 'Look at the list');
      if (name !== to && now.some((each) => each.name === to)) {
        return fail(
          'bad-argument',
          `There is a filter '${to}' already`,
          'Choose another name, or delete that one first',
        );
      }
      return withNamed(
        now.filter((each) => each !== found),
        [{ ...found, name: to }],
      );
    });
  }

  delete(name: string): Result<Filters> {
    return this.change((now) => ok(now.filter((each) => each.name !== name)));
  }

  async export(): Promise<Result<{ readonly path: string; readonly count: number } | null>> {
    const { all } = this;
    const asked = await this.question.ask(this.dependencies.askForTarget);
    if (!asked.ok || asked.value === null) return asked as Result<null>;
    try {
      replaceFileSync(asked.value, filterFile(all, this.dependencies.highlights()), 'followed');
    } catch (error) {
      return { ok: false, failure: failureOfSystemError(error, `The filters were not written to ${asked.value}`) };
    }
    return ok({ path: asked.value, count: all.length });
  }

  async import(): Promise<Result<ImportedFilters | null>> {
    const asked = await this.question.ask(this.dependencies.askForFile);
    if (!asked.ok || asked.value === null) return asked as Result<null>;
    let content: string;
    try {
      content = readSmallFile(asked.value, MOST_FILE_BYTES).toString();
    } catch (error) {
      return { ok: false, failure: failureOfSystemError(error, `${asked.value} was not read`) };
    }
    const read = readFilterFile(content);
    if (!read.ok) return read;
    const merged = this.change((now) => withNamed(now, read.value.filters));
    if (!merged.ok) return merged;
    this.dependencies.addHighlights(read.value.highlights);
    return ok({ filters: merged.value, count: read.value.filters.length, highlights: read.value.highlights.length });
  }

  private change(change: (now: Filters) => Result<Filters>): Result<Filters> {
    const judged = change(this.all);
    if (!judged.ok) return judged;
    // What another instance has kept meanwhile is changed in the same way, as far as that is possible.
    this.dependencies.keep((now) => {
      const again = change(now);
      return again.ok ? again.value : now;
    });
    return ok(this.all);
  }
}
