/** The kind `sim:NAME`: a ring session that a simulated driver keeps in shared memory. */
import { RING_SESSION_NAME } from '../../core/platform.ts';
import type { SourceKind, SourceOffer } from '../source-kind.ts';
import { openRingSource } from './ring.ts';

export const ringKind: SourceKind = {
  kind: 'sim',
  form: 'sim:NAME',
  describes: 'a ring session of a simulated driver on this machine',
  accepts: (name) => RING_SESSION_NAME.test(name),
  options: [],
  title: (name) => `sim:${name}`,
  // Offers only ring sessions whose producer lives. What dead producers left is shown by the doctor, and can still be
  // opened by name.
  offers: ({ ringSessions }) =>
    [...ringSessions].flatMap(([name, looked]): SourceOffer[] => {
      if (!looked.ok || !looked.value.alive) return [];
      const { producer, cpuCount } = looked.value;
      const what = `${producer}, ${cpuCount} ${cpuCount === 1 ? 'CPU' : 'CPUs'}`;
      return [{ spec: `sim:${name}`, what, hindrance: null }];
    }),
  open: openRingSource,
};
