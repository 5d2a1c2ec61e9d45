/** The colour scheme in force. The main process sets it for the chosen theme; the page only reads the media query. */
import { useSyncExternalStore } from 'react';

const SCHEME = '(prefers-color-scheme: dark)';
/** Whoever draws by the scheme. */
const followers = new Set<() => void>();

/**
 * All are told in one go. With a listener each, whoever listened first would be drawn while the others still had the
 * colours from before: a plot would take those of the theme that is just being left.
 */
function tellAll(): void {
  for (const follower of followers) follower();
}

let query: MediaQueryList | null = null;

function scheme(): MediaQueryList {
  if (query === null) {
    query = window.matchMedia(SCHEME);
    query.addEventListener('change', tellAll);
  }
  return query;
}

function subscribe(changed: () => void): () => void {
  followers.add(changed);
  return () => {
    followers.delete(changed);
  };
}

export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => scheme().matches);
}
