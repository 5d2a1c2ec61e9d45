import { expect, it } from 'vitest';
import { ourSchemas } from '../decode/schema/ours.ts';
import { SchemaSet } from '../decode/schema/schema-set.ts';
import { DriverMessages } from './messages.ts';
import { WithRecords } from './records.ts';

it('records come as often as asked, and their schema tells all of them', () => {
  const set = SchemaSet.of(ourSchemas().map((schema) => ({ schema, added: false })));
  if (!set.ok) throw new Error(set.failure.message);
  const source = new WithRecords(new DriverMessages(1), 5, 2);
  const words = new Set<string>();
  for (let i = 1; i <= 500; i++) {
    const bytes = new Uint8Array(source.next());
    source.write(bytes, 0);
    expect(source.type !== 0).toBe(i % 5 === 0);
    if (source.type === 0) continue;
    const message = set.value.get(source.type)?.message(bytes) ?? '';
    expect(message).toMatch(/^(TCP|UDP) (connect|close) 10\.0\.0\.\d+ port \d+ -> 93\.184\.216\.\d+ port \d+/);
    words.add(message.split(' ').slice(0, 2).join(' '));
  }
  expect([...words]).toEqual(expect.arrayContaining(['TCP close', 'TCP connect', 'UDP connect']));
});
