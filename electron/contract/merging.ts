/** What becomes of the rows of a session when its files are read again, in another order. */

export interface ReadAgain {
  /** New number of the row that was asked after; null if there was none, or it did not come again. */
  readonly row: number | null;
  /** Bookmarks whose records were not found again, and which are gone. */
  readonly bookmarksLost: number;
}

export interface FilesAdded extends ReadAgain {
  /** How many files were opened. */
  readonly files: number;
}
