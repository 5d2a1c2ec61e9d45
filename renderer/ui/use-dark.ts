/** The colour scheme in force, for components. */
import { useSyncExternalStore } from 'react';
import { colourSchemeOf } from '../store/colour-scheme.ts';

const scheme = colourSchemeOf(window.matchMedia('(prefers-color-scheme: dark)'));

export const useDark = (): boolean => useSyncExternalStore(scheme.follow, scheme.isDark);

const forced = colourSchemeOf(window.matchMedia('(forced-colors: active)'));

/** Changes whenever other colours are in force, forced ones too: what is drawn on a canvas is then drawn anew. */
export const useColours = (): string => {
  const dark = useDark();
  const active = useSyncExternalStore(forced.follow, forced.isDark);
  return `${dark ? 'dark' : 'light'}${active ? ', forced' : ''}`;
};
