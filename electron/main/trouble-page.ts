/**
 * What the window shows while its page keeps ending. It has no script and no bridge, so there is next to nothing in it
 * that could end as well; the way back is a link, which has the focus, so that Enter is enough.
 */
import { INDEX } from '../contract/address.ts';

/** Nothing at all may be loaded or run; the style is in the page. */
export const TROUBLE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; webrtc 'block'";

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
}

/** The page as HTML; `reason` says in the system's words how the page ended. */
export function troublePage(reason: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>RingView: the page ended, capture goes on</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 12vh auto; max-width: 34em; padding: 0 2em; }
a { display: inline-block; margin-top: 1em; padding: .4em 1.2em; border: 1px solid; border-radius: 4px; }
</style>
</head>
<body>
<h1>The page ended again and again</h1>
<p>The log is still captured: nothing of it is lost by this, and filter, selection and place are kept.</p>
<p>How it ended: ${escaped(reason)}. It is tried again by itself, ever less often.</p>
<p><a href="${INDEX}" autofocus>Load the page again</a> (Enter)</p>
</body>
</html>
`;
}
