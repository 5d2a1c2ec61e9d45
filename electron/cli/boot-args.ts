/** The options of `ringview driver boot`: when the driver is loaded, and with what it begins then. */
import { type BootChange, parseCaptures, START_CHOICES } from '../../native/core/boot.ts';
import { BadOption, oneOf, wholeNumber } from './arg-values.ts';

const topic = 'driver';

interface BootValues {
  readonly start?: string | undefined;
  readonly 'ring-bytes'?: string | undefined;
  readonly mode?: string | undefined;
  readonly order?: string | undefined;
  readonly captures?: string | undefined;
  readonly standard?: boolean | undefined;
}

/** What is said of the next start; null if nothing is, so that it is shown. */
export function bootChange(values: BootValues): BootChange | null {
  const start = oneOf(values.start, START_CHOICES, '--start', topic);
  const bytes = values['ring-bytes'];
  const captures = values.captures === undefined ? undefined : parseCaptures(values.captures);
  if (captures === null)
    throw new BadOption(`--captures '${values.captures}' is not as 'process,image' or 'none'`, topic);
  const mode = oneOf(values.mode, ['drop', 'overwrite'], '--mode', topic);
  const order = oneOf(values.order, ['index', 'clock'], '--order', topic);
  const change: BootChange = {
    ...(start === undefined ? {} : { start }),
    ...(values.standard ? { standard: true } : {}),
    parameters: {
      ...(bytes === undefined ? {} : { ringBytes: wholeNumber(bytes, '--ring-bytes', 1, topic) }),
      ...(mode === undefined ? {} : { ringMode: mode }),
      ...(order === undefined ? {} : { orderMode: order }),
      ...(captures === undefined ? {} : { captures }),
    },
  };
  return Object.keys(values).length === 0 ? null : change;
}
