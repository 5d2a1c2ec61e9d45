/** Which times a view shows: what the person chose for all logs, as far as this session knows such times. */
import type { ShownTimes } from '../../electron/contract/output.ts';
import { NO_ORIGIN, nextKind, shownKind, type TimeForm, type TimeOrigin } from '../../electron/contract/shown-time.ts';
import { kindWords, timeColumns } from '../model/time-columns.ts';
import type { Columns } from './columns.ts';
import type { Measure } from './measure.ts';
import type { StatusStore } from './status.ts';
import type { Ui } from './ui.ts';

export interface Times {
  origin(): TimeOrigin;
  form(): TimeForm;
  /** A time as the column of times shows it now. */
  text(timeNs: number): string;
  /** Shows the next kind of time that the session knows. */
  next(): void;
  /** How times and deltas are shown, for what is copied and exported. */
  shown(): ShownTimes;
}

export function createTimes(ui: Ui, status: StatusStore, columns: Columns, measure: Measure): Times {
  const origin = (): TimeOrigin => status.store.getState().status?.origin ?? NO_ORIGIN;
  function form(): TimeForm {
    const { kind, digits } = ui.store.getState().times;
    return { kind: shownKind(kind, origin()), digits };
  }
  return {
    origin,
    form,
    text: (timeNs) => {
      const setting = { choice: ui.store.getState().times, origin: origin(), reference: null, fromReference: false };
      return timeColumns(setting).text(timeNs);
    },
    next() {
      const kind = nextKind(form().kind, origin());
      ui.setTimes({ kind });
      ui.notify({ severity: 'info', message: kindWords(kind, origin()), action: '' });
    },
    shown() {
      const { times } = ui.store.getState();
      const { reference, fromReference } = measure.store.getState();
      const measured = fromReference && reference !== null ? { fromNs: reference.timeNs } : times.delta;
      return { ...form(), delta: columns.choice().modes.delta === 'hide' ? null : measured };
    },
  };
}
