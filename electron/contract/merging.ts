/** What becomes of the rows of a session when its files are read again, in another order. */
import type { SourceInfo } from './status.ts';

/** Whether the rows of a source can be read again: those of a file can, what was captured live cannot. */
export const isReadable = ({ file }: Pick<SourceInfo, 'file'>): boolean => typeof file?.path === 'string';

/** After so many rows a page may ask: the one that is selected, and the one that times are measured from. */
export const MOST_STANDS = 2;

export interface ReadAgain {
  /** New numbers of the rows that were asked after, in their order; null for one that did not come again. */
  readonly rows: readonly (number | null)[];
  /** Bookmarks whose records were not found again, and which are gone. */
  readonly bookmarksLost: number;
}

/** Formats whose events other files explain: TMF files, PDBs, manifests, drivers. */
const EXPLAINED_FORMATS: readonly (string | null)[] = ['Windows trace', 'Windows event log'];

export const isExplained = (format: string | null): boolean => EXPLAINED_FORMATS.includes(format);

/** Where what explains them comes from: a dialog of the system asks for files or for a folder, not for both. */
export const SYMBOL_PLACES = ['files', 'folder'] as const;
export type SymbolPlace = (typeof SYMBOL_PLACES)[number];

export interface EventsExplained extends ReadAgain {
  /** How many files were given. */
  readonly files: number;
}

export interface FilesAdded extends ReadAgain {
  /** How many files were opened. */
  readonly files: number;
  /** The session in which they are, where that is a new one: the rows of a recorded session stay where they lie. */
  readonly opened: { readonly session: number; readonly view: number } | null;
}
