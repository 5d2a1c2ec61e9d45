import { expect, it } from 'vitest';
import { createEntryBatch } from './entry.ts';
import { RV, SESSION } from './layout.ts';
import { LoggerNames } from './logger-names.ts';
import type { ImageMemory } from './memory.ts';

function createPage() {
  const page = new Uint8Array(RV.PAGE);
  let looks = 0;
  const memory = {
    copyOut: (offset: number, bytes: Uint8Array, at: number, length: number) => {
      looks++;
      bytes.set(page.subarray(offset, offset + length), at);
    },
  } as ImageMemory;
  const put = (logger: number, name: string): void => {
    page.set(new TextEncoder().encode(name), SESSION.loggers + logger * RV.LOGGER_NAME_BYTES);
  };
  return { names: new LoggerNames(memory), put, looks: () => looks };
}

/** The providers of rows with these origins. */
function providers(names: LoggerNames, origins: readonly number[]): (string | null)[] {
  const batch = createEntryBatch(origins.length, 8);
  batch.event.fill(9);
  batch.origin.set(origins);
  batch.count = origins.length;
  names.name(batch);
  return Array.from(batch.event, (number) => names.table.at(number)?.provider ?? null);
}

it('gives each row the name of the driver that logged it', () => {
  const { names, put, looks } = createPage();
  put(3, 'nic');
  put(63, 'x'.repeat(24));
  expect(providers(names, [16 + 3, 0, 1, 16 + 63, 16 + 3])).toEqual(['nic', null, null, 'x'.repeat(24), 'nic']);
  put(4, 'disk');
  expect(providers(names, [16 + 4, 16 + 3])).toEqual(['disk', 'nic']);
  expect(looks()).toBe(2);
  expect(providers(names, [16 + 4, 16 + 3])).toEqual(['disk', 'nic']);
  expect(looks()).toBe(2);
});

it('takes anything from the page and the rows, and looks once a batch at most', () => {
  const { names, put, looks } = createPage();
  put(5, 'a\u0001b\u007f\u00e9');
  expect(providers(names, [16 + 5, 16 + 6, 16 + 6, 15, 16 + 64, 65535])).toEqual([
    'a?b???',
    null,
    null,
    null,
    null,
    null,
  ]);
  expect(looks()).toBe(1);
});
