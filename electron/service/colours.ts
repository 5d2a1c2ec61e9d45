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

  constructor(dependencies: ColoursDependencies) {
    this.dependencies = dependencies;
  }

  /** The same list until it changes. */
  get all(): Rules {
    return this.dependencies.load();
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
