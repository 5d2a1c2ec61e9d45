/** The colour scheme in force, for components. */
import { useSyncExternalStore } from 'react';
import { colourSchemeOf } from '../store/colour-scheme.ts';

const scheme = colourSchemeOf(window.matchMedia('(prefers-color-scheme: dark)'));

export const useDark = (): boolean => useSyncExternalStore(scheme.follow, scheme.isDark);
