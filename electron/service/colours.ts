/** What the person highlights, in its order: kept by whoever runs the service, for all sessions. */
import { ok, type Result } from '../../native/core/result.ts';
import { type ColourRule, withRules } from '../contract/colour-rules.ts';

type Rules = readonly ColourRule[];

export interface ColoursDependencies {
  readonly load: () => Rules;
  readonly keep: (change: (now: Rules) => Rules) => void;
}

export class Colours {
  private readonly dependencies: ColoursDependencies;
  private readonly merged = new WeakMap<Rules, { readonly own: Rules; readonly both: Rules }>();

  constructor(dependencies: ColoursDependencies) {
    this.dependencies = dependencies;
  }

  /** The same list until it changes. */
  get all(): Rules {
    return this.dependencies.load();
  }

  /** Those and, behind them, what a session brings along. The same list until either changes. */
  with(carried: Rules): Rules {
    if (carried.length === 0) return this.all;
    const { all } = this;
    const known = this.merged.get(carried);
    if (known?.own === all) return known.both;
    const both = withRules(all, carried);
    this.merged.set(carried, { own: all, both });
    return both;
  }

  set(rules: Rules): Result<Rules> {
    this.dependencies.keep(() => rules);
    return ok(this.all);
  }

  /** Puts those behind the others that say something new. */
  add(rules: Rules): void {
    if (rules.length > 0) this.dependencies.keep((now) => withRules(now, rules));
  }
}
