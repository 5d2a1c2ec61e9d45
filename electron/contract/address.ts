/**
 * The addresses of this program's own pages, and nothing else it shows. Preload, the checks of calls and the checks of
 * navigation all compare against these, so that they cannot disagree on which page is ours.
 */
export const SCHEME = 'ringview';
export const ORIGIN = `${SCHEME}://app/`;
/** The page. It alone gets the bridge, and its calls alone are answered. */
export const INDEX = `${ORIGIN}index.html`;
/** Shown in its place while it keeps ending: without script, without bridge. */
export const TROUBLE = `${ORIGIN}trouble.html`;

/** True for the page itself, wherever in it; not for an address that only begins the same. */
export function isIndex(address: string): boolean {
  return address === INDEX || address.startsWith(`${INDEX}#`);
}
