/**
 * The intervals of a session that a person asks for: starts and ends are found by the scanner, a person's expressions with
 * them, and paired here. One question at a time.
 */
import { ok, type Result } from '../../../native/core/result.ts';
import type { IntervalQuery, IntervalReport } from '../../contract/intervals.ts';
import type { SessionStore } from '../store/store.ts';
import { Gathering } from './gathering.ts';
import { IntervalPairs } from './interval-pairs.ts';
import { bindNames, type FilterNames } from './name-binding.ts';
import { checkPairs, pairFilter } from './pair-tally.ts';
import type { Scanner } from './scanner.ts';

export interface IntervalScanDependencies {
  readonly store: SessionStore;
  readonly scanner: Scanner;
  /** Who is called what by now. */
  readonly names: () => FilterNames | null;
  /** Called when there is news and `advance` should be called. */
  readonly changed: () => void;
}

interface Question {
  readonly query: IntervalQuery;
  readonly gathering: Gathering;
  pairs: IntervalPairs;
}

export class IntervalScan {
  private readonly dependencies: IntervalScanDependencies;
  private asked: Question | null = null;

  constructor(dependencies: IntervalScanDependencies) {
    this.dependencies = dependencies;
  }

  /** What is known by now; asked again and again, it becomes all. With `goOn` false it stays as it is. Failure: bad-pattern. */
  report(query: IntervalQuery, goOn: boolean, nowMs: number): Result<IntervalReport> {
    const { store } = this.dependencies;
    let question = this.asked;
    if (question === null || question.query.start !== query.start || question.query.end !== query.end) {
      const checked = checkPairs(query);
      if (!checked.ok) return checked;
      this.close();
      question = this.begin(query);
      this.asked = question;
    }
    const { gathering } = question;
    if (goOn) gathering.ask(nowMs);
    else gathering.pause();
    const { pairs: found } = question;
    const { pairs, mostNs, restarted, endsAlone, givenUp, open, bins, slowest, oldest } = found;
    return ok({
      ...{ pairs, mostNs, restarted, endsAlone, givenUp, open, bins, slowest: [...slowest], oldest },
      ...{ medianNs: found.quantile(0.5), p95Ns: found.quantile(0.95), leastNs: pairs === 0 ? 0 : found.leastNs },
      ...{ looked: gathering.row - store.firstRow, total: store.endRow - store.firstRow, failure: gathering.failure },
    });
  }

  advance(nowMs: number): void {
    this.asked?.gathering.advance(nowMs);
  }

  close(): void {
    this.asked?.gathering.close();
    this.asked = null;
  }

  private begin(query: IntervalQuery): Question {
    const { store, scanner, names, changed } = this.dependencies;
    const known = names();
    const bindings = [bindNames(pairFilter(query.start), known), bindNames(pairFilter(query.end), known)] as const;
    const question: Question = {
      query,
      pairs: new IntervalPairs(),
      gathering: new Gathering({
        ...{ store, scanner, changed, readsBefore: true },
        query: { pairs: query, bindings },
        take: ({ segment }, { ends }) => {
          for (const [at, offset] of (ends?.offsets ?? []).entries()) {
            question.pairs.add({
              isStart: ends?.areStarts[at] === true,
              key: ends?.keys[at] ?? '',
              ...{ row: segment.firstRow + offset, timeNs: segment.timeNs[offset] as number },
            });
          }
        },
        restart: () => {
          question.pairs = new IntervalPairs();
        },
      }),
    };
    return question;
  }
}
