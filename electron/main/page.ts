/**
 * Serves the built renderer under a scheme of its own. A page loaded from `file:` could read other files and has no
 * origin to check calls against; `ringview://app` has one, and this file decides what lies below it.
 */
import { readFile } from 'node:fs/promises';
import { extname, normalize, resolve, sep } from 'node:path';
import { protocol } from 'electron';
import { SCHEME, TROUBLE } from '../contract/address.ts';
import { TROUBLE_POLICY, troublePage } from './trouble-page.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
};

/**
 * Everything comes from the package itself. Styles may be inline because Fluent UI inserts its rules at run time;
 * scripts may not.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Its packets are no requests, so that nothing above concerns them.
  "webrtc 'block'",
].join('; ');

/** Declares the scheme; Electron requires this before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/** The file below `folder` that an address means, or null for an address that means none. */
export function fileOfAddress(folder: string, address: string): string | null {
  let path: string;
  try {
    const url = new URL(address);
    if (url.host !== 'app') return null;
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  const root = resolve(folder);
  const file = resolve(root, `.${normalize(`/${path}`)}`);
  return file.startsWith(root + sep) ? file : null;
}

/**
 * Serves `folder` under the scheme, and the page without script, which says what `trouble` answers and needs no file.
 * Call once the app is ready.
 */
export function servePage(folder: string, trouble: () => string): void {
  protocol.handle(SCHEME, async (request) => {
    if (request.url === TROUBLE) {
      return new Response(troublePage(trouble()), {
        headers: { 'content-type': CONTENT_TYPES['.html'] as string, 'content-security-policy': TROUBLE_POLICY },
      });
    }
    const file = fileOfAddress(folder, request.url);
    const type = file === null ? undefined : CONTENT_TYPES[extname(file)];
    if (file === null || type === undefined) return new Response('not found', { status: 404 });
    try {
      return new Response(await readFile(file), {
        headers: {
          'content-type': type,
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'x-content-type-options': 'nosniff',
        },
      });
    } catch {
      return new Response('not found', { status: 404 });
    }
  });
}
