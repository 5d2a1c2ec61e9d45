/**
 * Which driver logged a row. The session page of a driver's rings names those who log through it (layout.h); a row has
 * the number in its origin, and gets the name as the provider of its event.
 */
import type { EntryBatch } from './entry.ts';
import { EventNameTable, NO_EVENT_NAMES } from './event-names.ts';
import { RV, SESSION } from './layout.ts';
import type { ImageMemory } from './memory.ts';

const BYTES = RV.LOGGERS * RV.LOGGER_NAME_BYTES;

/** The image of a ring session, or its session page alone. */
type SessionMemory = Pick<ImageMemory, 'copyOut'>;

export class LoggerNames {
  readonly table = new EventNameTable();
  private readonly memory: SessionMemory;
  private readonly page = new Uint8Array(BYTES);
  /** Numbers in the table, by those of loggers; 0: not known yet. */
  private readonly numbers = new Uint16Array(RV.LOGGERS);

  constructor(memory: SessionMemory) {
    this.memory = memory;
  }

  /** Fills the event column. A name that is new is read from the page, which has it before its first record. */
  name({ origin, event, count }: EntryBatch): void {
    const { numbers } = this;
    let looked = false;
    for (let row = 0; row < count; row++) {
      const logger = (origin[row] as number) - RV.ORIGIN_LOGGER;
      if (logger < 0 || logger >= RV.LOGGERS) {
        event[row] = 0;
        continue;
      }
      if (numbers[logger] === 0 && !looked) {
        looked = true;
        this.look();
      }
      event[row] = numbers[logger] as number;
    }
  }

  private look(): void {
    this.memory.copyOut(SESSION.loggers, this.page, 0, BYTES);
    for (let logger = 0; logger < RV.LOGGERS; logger++) {
      const provider = textOf(this.page.subarray(logger * RV.LOGGER_NAME_BYTES, (logger + 1) * RV.LOGGER_NAME_BYTES));
      if (provider !== '' && this.numbers[logger] === 0) {
        this.numbers[logger] = this.table.numberOf({ ...NO_EVENT_NAMES, provider });
      }
    }
  }
}

/** The printable ASCII up to the first NUL; what is neither is shown as a question mark. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end)).replace(/[^ -~]/g, '?');
}
