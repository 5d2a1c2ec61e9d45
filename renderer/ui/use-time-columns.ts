/** What the columns of times and deltas show in the view that is looked at; the same object until that changes. */
import { useMemo } from 'react';
import { type TimeColumns, timeColumns } from '../model/time-columns.ts';
import { useMeasure, useStatus, useUi } from './app-context.ts';

export function useTimeColumns(): TimeColumns {
  const choice = useUi((ui) => ui.times);
  // Each status is a new object: what is compared are the numbers in it.
  const startUnixMs = useStatus(({ status }) => status?.origin.startUnixMs ?? null);
  const bootNs = useStatus(({ status }) => status?.origin.bootNs ?? null);
  const reference = useMeasure((measure) => measure.reference);
  const fromReference = useMeasure((measure) => measure.fromReference);
  return useMemo(
    () => timeColumns({ choice, origin: { startUnixMs, bootNs }, reference, fromReference }),
    [choice, startUnixMs, bootNs, reference, fromReference],
  );
}
