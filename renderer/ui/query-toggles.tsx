/** The two switches of a text query, shared by the filter and the find bar. */

interface QueryTogglesProps {
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  readonly onRegex: () => void;
  readonly onCase: () => void;
  /** Prefix of the test ids: `filter-case`, `filter-regex`. */
  readonly testId: string;
}

export function QueryToggles({ regex, caseSensitive, onRegex, onCase, testId }: QueryTogglesProps) {
  return (
    <span className="query-toggles">
      <button
        type="button"
        className="mini"
        aria-pressed={caseSensitive}
        aria-label="Aa: match case"
        title="Match case"
        data-testid={`${testId}-case`}
        onClick={onCase}
      >
        Aa
      </button>
      <button
        type="button"
        className="mini"
        aria-pressed={regex}
        aria-label="Regular expression"
        title="Regular expression"
        data-testid={`${testId}-regex`}
        onClick={onRegex}
      >
        .*
      </button>
    </span>
  );
}
