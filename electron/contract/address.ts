/**
 * The addresses of this program's own pages. Preload, the checks of calls and the checks of navigation all compare
 * against these, so that they cannot disagree about which page is ours.
 */
export const SCHEME = 'ringview';
export const ORIGIN = `${SCHEME}://app/`;
/** The page. Only this page gets the bridge, and only its calls are answered. */
export const INDEX = `${ORIGIN}index.html`;
/** Shown instead of the page if that keeps crashing: it has no script and no bridge. */
export const TROUBLE = `${ORIGIN}trouble.html`;

/** True for the page itself, with any fragment; not for an address that merely begins with the same text. */
export function isIndex(address: string): boolean {
  return address === INDEX || address.startsWith(`${INDEX}#`);
}
