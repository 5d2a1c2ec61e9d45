/** What views share: one state for all views of a page, one for all views of a session. */
import type { Bookmarks } from './bookmarks.ts';
import type { Capture } from './capture.ts';
import type { Carried } from './carried.ts';
import type { Colours } from './colours.ts';
import type { Columns } from './columns.ts';
import type { DebugFilterEditor } from './debug-filter.ts';
import type { Decoder } from './decoder.ts';
import type { Driver } from './driver.ts';
import type { KnownEventNames } from './event-names.ts';
import type { ExportJobs } from './exports.ts';
import type { FilterSets } from './filter-sets.ts';
import type { Offers } from './offers.ts';
import type { Processes } from './processes.ts';
import type { Recent } from './recent.ts';
import type { Recorded } from './recorded.ts';
import type { Schemas } from './schemas.ts';
import type { Settings } from './settings.ts';
import type { Sql, SqlEditor } from './sql.ts';
import type { StatusStore } from './status.ts';
import type { Ui } from './ui.ts';
import type { Watches } from './watches.ts';

/** State that all views of a page share. */
export interface PageSlices {
  readonly ui: Ui;
  readonly exports: ExportJobs;
  readonly offers: Offers;
  readonly recorded: Recorded;
  readonly recent: Recent;
  readonly filterSets: FilterSets;
  readonly colours: Colours;
  readonly watches: Watches;
  readonly settings: Settings;
  readonly schemas: Schemas;
  readonly driver: Driver;
  readonly debugFilter: DebugFilterEditor;
  readonly decoder: Decoder;
  readonly sqlEditor: SqlEditor;
  /** Has the program restarted with the rights of an administrator. */
  readonly elevate: () => Promise<void>;
}

/** State that all views of a session share. */
export interface SessionSlices {
  readonly status: StatusStore;
  readonly capture: Capture;
  readonly columns: Columns;
  readonly processes: Processes;
  readonly eventNames: KnownEventNames;
  readonly bookmarks: Bookmarks;
  readonly carried: Carried;
  readonly sql: Sql;
}
