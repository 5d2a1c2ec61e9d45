/** The kind `dbwin:[global]`: what programs, or services, say by OutputDebugString. */
import { NEEDS_RIGHTS } from '../machine-situation.ts';
import type { SourceKind } from '../source-kind.ts';
import { openDbwinSource } from './dbwin.ts';

export const dbwinKind: SourceKind = {
  kind: 'dbwin',
  form: 'dbwin:[global]',
  describes: 'OutputDebugString of programs, or of services (Windows)',
  accepts: (scope) => scope === '' || scope === 'global',
  options: [],
  title: (scope) => `dbwin:${scope}`,
  offers: ({ windows }) => {
    if (windows === null) return [];
    const { elevated, session, global, viewers } = windows;
    const rights = elevated === false ? NEEDS_RIGHTS : null;
    const owner = viewers.length > 0 ? viewers.join(' or ') : 'another viewer';
    const taken = (owned: boolean | null): string | null => (owned === true ? `taken by ${owner}` : null);
    return [
      { spec: 'dbwin:', what: 'debug output of programs', hindrance: taken(session) },
      { spec: 'dbwin:global', what: 'debug output of services', hindrance: taken(global) ?? rights },
    ];
  },
  open: openDbwinSource,
};
