import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EVENT_TYPE } from './events.ts';

const header = readFileSync(new URL('../../driver/include/ringview/events.h', import.meta.url), 'utf8');

it('the twin of events.h has its numbers', () => {
  const numbers = [...header.matchAll(/^#define RV_TYPE_(\w+) (0x[0-9a-f]+)u$/gm)].map(([, name, value]) => [
    name,
    Number(value),
  ]);
  expect(Object.fromEntries(numbers)).toEqual(EVENT_TYPE);
});
