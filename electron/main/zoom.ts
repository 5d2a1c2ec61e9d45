/**
 * Zoom by the keyboard, as browsers have it: without a menu nothing else would do it. Ctrl+0 is a key of the filter, so Ctrl+Shift+0
 * brings back the usual size.
 */
import type { Input, WebContents } from 'electron';

/** Of Chromium: each level is a fifth more or less. */
const STEP = 0.5;
const MOST = 4;

/** The zoom level that a key asks for; null if it is none of these keys. */
export function zoomOf(
  input: Pick<Input, 'type' | 'control' | 'alt' | 'shift' | 'key' | 'code'>,
  level: number,
): number | null {
  if (input.type !== 'keyDown' || !input.control || input.alt) return null;
  if (input.key === '+' || input.key === '=') return Math.min(MOST, level + STEP);
  if (input.key === '-') return Math.max(-MOST, level - STEP);
  return input.shift && input.code === 'Digit0' ? 0 : null;
}

export function zoomByKeys(contents: WebContents): void {
  contents.on('before-input-event', (event, input) => {
    const level = zoomOf(input, contents.getZoomLevel());
    if (level === null) return;
    event.preventDefault();
    contents.setZoomLevel(level);
  });
}
