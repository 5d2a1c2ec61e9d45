/** What events are called, as the page keeps it. */
import { describe, expect, it } from 'vitest';
import { type EventNamesState, withEventNames } from './event-names.ts';

describe('names of events', () => {
  const nothing: EventNamesState = { byNumber: new Map(), fields: new Set() };
  const nic = { provider: 'Nic', event: null, function: null, source_file: null };

  it('are found by their number, and say which of them tell events apart', () => {
    const first = withEventNames(nothing, [{ number: 1, names: nic }]);
    expect([...first.byNumber]).toEqual([[1, nic]]);
    // All of one provider: a column of it would say nothing.
    expect([...first.fields]).toEqual([]);
    const two = withEventNames(first, [{ number: 2, names: { ...nic, provider: 'Disk' } }]);
    expect([...two.fields]).toEqual(['provider']);
    const second = withEventNames(two, [{ number: 4, names: { ...nic, provider: 'Usb' } }]);
    expect(second.byNumber.size).toBe(3);
    // The same set, so that the table's columns are not made anew.
    expect(second.fields).toBe(two.fields);
    const third = withEventNames(second, [{ number: 3, names: { ...nic, function: 'NicSend' } }]);
    expect([...third.fields]).toEqual(['provider', 'function']);
    expect([...second.fields]).toEqual(['provider']);
  });
});
