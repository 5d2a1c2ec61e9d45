/** The fields of the retention dialog as text, and the settings that they mean. */
import {
  LEAST_BYTES,
  LEAST_MEMORY_CAP,
  LEAST_ROWS,
  type RetentionPolicy,
  type RetentionSettings,
} from '../../electron/contract/retention.ts';
import { formatBytes, formatCount } from './format.ts';

export interface RetentionForm {
  readonly cap: string;
  readonly keep: RetentionPolicy['keep'];
  readonly rows: string;
  readonly bytes: string;
}

export interface FormTroubles {
  readonly cap?: string;
  readonly rows?: string;
  readonly bytes?: string;
}

/** The longest text in a box for a number or a size. It never leaves the page. */
export const MAX_FIGURE_TEXT = 64;

const DEFAULT_ROWS = 10_000_000;
const DEFAULT_BYTES = 10 * 1024 ** 3;

const COUNT = /^(\d+(?:\.\d+)?)([kmg]?)$/i;
const COUNT_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };
const SIZE = /^(\d+(?:\.\d+)?)(b|k|kb|m|mb|g|gb|t|tb)?$/i;
const SIZE_UNITS: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Reads `10,000,000`, `500k` or `1.5M` as a whole number; null if it is not one. */
export function parseCount(text: string): number | null {
  const [, digits, unit] = COUNT.exec(text.replace(/[\s,]/g, '')) ?? [];
  if (digits === undefined) return null;
  const count = Math.round(Number(digits) * (COUNT_UNITS[(unit as string).toLowerCase()] as number));
  return Number.isSafeInteger(count) ? count : null;
}

/** Reads `512 MB`, `2 GB` or `512` (megabytes) as bytes; null if it is not a size. */
export function parseSize(text: string): number | null {
  const [, digits, unit] = SIZE.exec(text.replace(/[\s,]/g, '')) ?? [];
  if (digits === undefined) return null;
  const bytes = Math.round(Number(digits) * (SIZE_UNITS[(unit ?? 'm').charAt(0).toLowerCase()] as number));
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** `2 GB` or `1,536 MB`; `parseSize` reads whole megabytes back as the same number. */
export function sizeText(bytes: number): string {
  const gigabytes = bytes / 1024 ** 3;
  return Number.isInteger(gigabytes) ? `${gigabytes} GB` : `${formatCount(bytes / 1024 ** 2)} MB`;
}

export function formOf({ memoryCapBytes, policy }: RetentionSettings): RetentionForm {
  return {
    cap: sizeText(memoryCapBytes),
    keep: policy.keep,
    rows: formatCount(policy.keep === 'rows' ? policy.rows : DEFAULT_ROWS),
    bytes: sizeText(policy.keep === 'bytes' ? policy.bytes : DEFAULT_BYTES),
  };
}

/**
 * The settings that the form asks for, or what is wrong with its fields. Only the fields of the selected choice are
 * checked.
 */
export function settingsOf(
  form: RetentionForm,
  largestCapBytes: number,
): { readonly settings: RetentionSettings } | { readonly troubles: FormTroubles } {
  const cap = parseSize(form.cap);
  const rows = form.keep === 'rows' ? parseCount(form.rows) : LEAST_ROWS;
  const bytes = form.keep === 'bytes' ? parseSize(form.bytes) : LEAST_BYTES;
  const capFits = cap !== null && cap >= LEAST_MEMORY_CAP && cap <= largestCapBytes;
  const rowsFit = rows !== null && rows >= LEAST_ROWS;
  const bytesFit = bytes !== null && bytes >= LEAST_BYTES;
  if (capFits && rowsFit && bytesFit) {
    const policy: RetentionPolicy =
      form.keep === 'rows'
        ? { keep: 'rows', rows }
        : form.keep === 'bytes'
          ? { keep: 'bytes', bytes }
          : { keep: form.keep };
    return { settings: { memoryCapBytes: cap, policy } };
  }
  return {
    troubles: {
      ...(capFits ? {} : { cap: `From ${formatBytes(LEAST_MEMORY_CAP)} to ${formatBytes(largestCapBytes)}.` }),
      ...(rowsFit ? {} : { rows: `A number of at least ${formatCount(LEAST_ROWS)}.` }),
      ...(bytesFit ? {} : { bytes: `At least ${formatBytes(LEAST_BYTES)}.` }),
    },
  };
}
