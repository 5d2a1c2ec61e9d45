/**
 * Gives components the page and the view that is shown, and lets them read parts of their state without rendering again
 * when other parts change.
 */
import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import { choiceOf } from '../model/column-choice.ts';
import { columnKind } from '../model/column-kinds.ts';
import type { ColumnChoice } from '../model/columns.ts';
import { type Lacking, lackingKey, lackingOf } from '../model/lacking.ts';
import { sourceNamesKey, sourceNamesOf } from '../model/source-state.ts';
import type { AddressesState } from '../store/addresses.ts';
import type { App } from '../store/app.ts';
import type { BesideState } from '../store/beside.ts';
import type { BookmarksState } from '../store/bookmarks.ts';
import type { CaptureState } from '../store/capture.ts';
import type { CarriedState } from '../store/carried.ts';
import type { ColoursState } from '../store/colours.ts';
import type { Command } from '../store/commands.ts';
import type { CopyState } from '../store/copy.ts';
import type { DebugFilterState } from '../store/debug-filter.ts';
import type { Decoding } from '../store/decoder.ts';
import type { DensityState } from '../store/density.ts';
import type { DetailsState } from '../store/details.ts';
import type { DoctorState } from '../store/doctor.ts';
import type { DriverStatus } from '../store/driver.ts';
import type { EventNamesState } from '../store/event-names.ts';
import type { ExportState } from '../store/exports.ts';
import type { FilterState } from '../store/filter.ts';
import type { FilterPanelState } from '../store/filter-panel.ts';
import type { FilterSetsState } from '../store/filter-sets.ts';
import type { FindState } from '../store/find.ts';
import type { HighlightsState } from '../store/highlights.ts';
import type { IntervalsState } from '../store/intervals.ts';
import type { LanesState } from '../store/lanes.ts';
import type { LifeState } from '../store/life.ts';
import type { LoggingState } from '../store/logging.ts';
import type { LossListState } from '../store/loss-list.ts';
import type { MarkingState } from '../store/marking.ts';
import type { MeasureState } from '../store/measure.ts';
import type { MergingState } from '../store/merging.ts';
import type { OffersState } from '../store/offers.ts';
import type { Page, TabsState } from '../store/page.ts';
import type { ProcessesState } from '../store/processes.ts';
import type { ReadingState } from '../store/reading.ts';
import type { RecentState } from '../store/recent.ts';
import type { RecordedState } from '../store/recorded.ts';
import type { RowPaintState } from '../store/row-paint.ts';
import type { SchemaSlice } from '../store/schemas.ts';
import type { SettingsSlice } from '../store/settings.ts';
import type { SqlEditorState, SqlState } from '../store/sql.ts';
import type { StatusState } from '../store/status.ts';
import type { TemplatesState } from '../store/templates.ts';
import type { UiState } from '../store/ui.ts';
import type { ViewState } from '../store/view-state.ts';
import type { WatchesStore } from '../store/watches.ts';
import type { WordMarkState } from '../store/word-mark.ts';
import { runCommand } from './use-keys.ts';

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('usePage outside of PageContext');
  return page;
}

export const useTabs = <T>(select: (state: TabsState) => T): T => useStore(usePage().tabs, select);

/** The view that the one looked at is linked to; null if that was closed; undefined if it is linked to none. */
export function useWithin(): number | null | undefined {
  const { view } = useApp().look;
  return useTabs(({ layout }) => layout.flatMap(({ views }) => views).find((each) => each.view === view)?.within);
}

/** Runs a command on the view that is looked at. */
export function useRun(): (command: Command) => void {
  const page = usePage();
  return (command) => runCommand(page, command);
}

/** The App of the view that is shown. */
export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('useApp outside of AppContext');
  return app;
}

/** Whether the view looked at is the active one: the other one of two side by side is not. */
export function useActive(): boolean {
  const { view } = useApp().look;
  return useTabs(({ active }) => active === view);
}

/** Two views side by side. */
export const useBeside = <T>(select: (state: BesideState) => T): T => useStore(usePage().beside.store, select);

/*
 * A selector must return an equal value (a number, a string, a stored object) as long as nothing that it reads has
 * changed.
 */
export const useView = <T>(select: (state: ViewState) => T): T => useStore(useApp().view.store, select);
export const useStatus = <T>(select: (state: StatusState) => T): T => useStore(useApp().status.store, select);
export const useFilter = <T>(select: (state: FilterState) => T): T => useStore(useApp().filter.store, select);
export const useLogging = <T>(select: (state: LoggingState) => T): T => useStore(useApp().logging.store, select);
export const useReading = <T>(select: (state: ReadingState) => T): T => useStore(useApp().reading.store, select);
export const useMeasure = <T>(select: (state: MeasureState) => T): T => useStore(useApp().measure.store, select);
export const useMerging = <T>(select: (state: MergingState) => T): T => useStore(useApp().merging.store, select);
export const useFind = <T>(select: (state: FindState) => T): T => useStore(useApp().find.store, select);
export const useHighlights = <T>(select: (state: HighlightsState) => T): T =>
  useStore(useApp().highlights.store, select);
export const useColours = <T>(select: (state: ColoursState) => T): T => useStore(useApp().colours.store, select);
export const useCarried = <T>(select: (state: CarriedState) => T): T => useStore(useApp().carried.store, select);
export const useRowPaint = <T>(select: (state: RowPaintState) => T): T => useStore(useApp().rowPaint.store, select);
export const useWordMark = <T>(select: (state: WordMarkState) => T): T => useStore(useApp().wordMark.store, select);
export const useMatches = <T>(select: (state: { readonly version: number }) => T): T =>
  useStore(useApp().matches.store, select);
export const useWatches = <T>(select: (state: WatchesStore) => T): T => useStore(useApp().watches.store, select);
export const useSchemas = <T>(select: (state: SchemaSlice) => T): T => useStore(useApp().schemas.store, select);
export const useSettings = <T>(select: (state: SettingsSlice) => T): T => useStore(useApp().settings.store, select);
export const useCapture = <T>(select: (state: CaptureState) => T): T => useStore(useApp().capture.store, select);
export const useExports = <T>(select: (state: ExportState) => T): T => useStore(useApp().exports.store, select);
export const useFilterPanel = <T>(select: (state: FilterPanelState) => T): T =>
  useStore(useApp().filterPanel.store, select);
export const useFilterSets = <T>(select: (state: FilterSetsState) => T): T =>
  useStore(useApp().filterSets.store, select);
export const useRecorded = <T>(select: (state: RecordedState) => T): T => useStore(useApp().recorded.store, select);
export const useRecent = <T>(select: (state: RecentState) => T): T => useStore(useApp().recent.store, select);
export const useCopy = <T>(select: (state: CopyState) => T): T => useStore(useApp().copy.store, select);
export const useDensity = <T>(select: (state: DensityState) => T): T => useStore(useApp().density.store, select);
export const useBookmarks = <T>(select: (state: BookmarksState) => T): T => useStore(useApp().bookmarks.store, select);
export const useMarking = <T>(select: (state: MarkingState) => T): T => useStore(useApp().marking.store, select);
export const useLossList = <T>(select: (state: LossListState) => T): T => useStore(useApp().lossList.store, select);
export const useDoctor = <T>(select: (state: DoctorState) => T): T => useStore(useApp().doctor.store, select);
export const useTemplates = <T>(select: (state: TemplatesState) => T): T => useStore(useApp().templates.store, select);
export const useAddresses = <T>(select: (state: AddressesState) => T): T => useStore(useApp().addresses.store, select);
export const useIntervals = <T>(select: (state: IntervalsState) => T): T => useStore(useApp().intervals.store, select);
export const useLanes = <T>(select: (state: LanesState) => T): T => useStore(useApp().lanes.store, select);
export const useLife = <T>(select: (state: LifeState) => T): T => useStore(useApp().life.store, select);
export const useDriver = <T>(select: (state: DriverStatus) => T): T => useStore(useApp().driver.store, select);
export const useDebugFilter = <T>(select: (state: DebugFilterState) => T): T =>
  useStore(useApp().debugFilter.store, select);
export const useDecoding = (): Decoding | null => useStore(useApp().decoder.store, (state) => state.decoding);
export const useOffers = <T>(select: (state: OffersState) => T): T => useStore(useApp().offers.store, select);
export const useProcesses = <T>(select: (state: ProcessesState) => T): T => useStore(useApp().processes.store, select);
export const useEventNames = <T>(select: (state: EventNamesState) => T): T =>
  useStore(useApp().eventNames.store, select);
export const useUi = <T>(select: (state: UiState) => T): T => useStore(useApp().ui.store, select);
export const useSql = <T>(select: (state: SqlState) => T): T => useStore(useApp().sql.store, select);
export const useSqlEditor = <T>(select: (state: SqlEditorState) => T): T => useStore(useApp().sqlEditor.store, select);
export const useDetails = <T>(select: (state: DetailsState) => T): T => useStore(useApp().details.store, select);

/** What is chosen of the columns for the kind of log that is looked at. The same object until it is changed. */
export function useColumnChoice(): ColumnChoice {
  const kind = useStatus(({ status }) => columnKind(status));
  return useUi(({ columns }) => choiceOf(columns, kind));
}

/** What the rows of sources do not state. The same map until that changes. */
export function useLacking(): Lacking {
  const key = useStatus(({ status }) => lackingKey(status));
  return useMemo(() => lackingOf(key), [key]);
}

/** Names of the sources by number; null while there is only one. The same map until a name changes. */
export function useSourceNames(): ReadonlyMap<number, string> | null {
  const key = useStatus(({ status }) => sourceNamesKey(status));
  return useMemo(() => sourceNamesOf(key), [key]);
}
