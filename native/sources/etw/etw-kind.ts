/** The kind `etw:...`: Windows tracing while it runs, of providers, of the system, or of a session of others. */
import { NEEDS_RIGHTS } from '../machine-situation.ts';
import type { SourceKind } from '../source-kind.ts';
import { parseEtwName } from './etw-name.ts';
import { openEtwSource } from './etw-open.ts';

export const etwKind: SourceKind = {
  kind: 'etw',
  form: 'etw:[WHAT]',
  describes: 'Windows tracing, live: etw:PROVIDER, etw:kernel, etw:session:NAME (Windows; see traces --help)',
  // What the system logger does not know is said by name where it is opened.
  accepts: (rest) => rest.startsWith('kernel:') || parseEtwName(rest).ok,
  options: ['encoding', 'symbols'],
  title: (rest) => `etw:${rest}`,
  offers: ({ windows }) => {
    if (windows === null) return [];
    const hindrance = windows.elevated === false ? NEEDS_RIGHTS : null;
    return [
      { spec: 'etw:kernel:dbgprint', what: 'DbgPrint of all drivers by the system, without ringview.sys', hindrance },
    ];
  },
  open: openEtwSource,
};
