/** Whether the page is dark. The main process sets that for the chosen theme; the page only follows the media query. */

/** What is used of a `MediaQueryList`. */
export interface SchemeQuery {
  readonly matches: boolean;
  addEventListener(type: 'change', listener: () => void): void;
}

export interface ColourScheme {
  /** What all followers were last told. */
  readonly isDark: () => boolean;
  /** Calls `changed` whenever it is something else, until the function returned is called. */
  readonly follow: (changed: () => void) => () => void;
}

/**
 * All followers learn of a change in one go. With a listener each, whoever listened first would be drawn while the others
 * still had the colours from before: a plot would take those of the theme that is just being left. For the same reason
 * the query itself is only asked when it tells of a change: it answers with the new scheme somewhat earlier, and whoever
 * happened to be drawn just then would have it alone.
 */
export function colourSchemeOf(query: SchemeQuery): ColourScheme {
  const followers = new Set<() => void>();
  let dark = query.matches;
  query.addEventListener('change', () => {
    dark = query.matches;
    for (const follower of followers) follower();
  });
  return {
    isDark: () => dark,
    follow: (changed) => {
      followers.add(changed);
      return () => {
        followers.delete(changed);
      };
    },
  };
}
