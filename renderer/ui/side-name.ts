/** What a log is called while there are two side by side. */
import { useStore } from 'zustand';
import { boxOf } from '../model/filter-edit.ts';
import type { App } from '../store/app.ts';
import { isFiltering } from '../store/filter.ts';
import { useApp, useBeside, usePage, useTabs } from './app-context.ts';

/** The filter of a view in words, behind the name of its session where the other view is of another one. */
export function useSideName(app: App): string {
  const page = usePage();
  const other = useBeside(({ pair }) => pair?.find((view) => view !== app.look.view) ?? null);
  const pattern = useStore(app.filter.store, ({ applied }) => boxOf(applied).pattern);
  const filtering = useStore(app.filter.store, isFiltering);
  const session = useTabs(({ layout }) => layout.find((info) => info.session === app.look.session)?.name ?? '');
  const own = pattern !== '' ? pattern : filtering ? 'Filtered' : 'All';
  const elsewhere = other !== null && page.appOf(other)?.look.session !== app.look.session;
  return elsewhere ? `${session}: ${own}` : own;
}

/** The accessible name of the table. */
export function useLogLabel(): string {
  const name = useSideName(useApp());
  return useBeside(({ pair }) => pair !== null) ? `Log: ${name}` : 'Log';
}
