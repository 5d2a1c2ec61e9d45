/**
 * In which letters the log is written, as variables of the page. Another size enlarges the table as a whole, so that rows,
 * columns, and what is reckoned in rows and pixels, follow by themselves; `--mono` is the face of every message.
 */
import { DEFAULT_LOOK, type LogLook } from '../../electron/contract/log-look.ts';

export function applyLook(style: CSSStyleDeclaration, { fontSize, fontFamily }: LogLook): void {
  style.setProperty('--log-scale', `${fontSize / DEFAULT_LOOK.fontSize}`);
  if (fontFamily === '') style.removeProperty('--mono');
  else style.setProperty('--mono', `"${fontFamily}", var(--mono-usual)`);
}
