/** The colour scheme in force. The main process sets it for the chosen theme; the page only reads the media query. */
import { useSyncExternalStore } from 'react';

function subscribe(changed: () => void): () => void {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia('(prefers-color-scheme: dark)').matches);
}
