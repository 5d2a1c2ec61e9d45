import { describe, expect, it } from 'vitest';
import type { LogField } from '../../electron/contract/log-fields.ts';
import type { Status } from '../../electron/contract/status.ts';
import { lackingIn, lackingKey, lackingOf, states, statesLevel, statesPid } from './lacking.ts';

/** Two sources, of which some lack fields. */
const status = (...lacking: (readonly [number, LogField[], boolean])[]): Status =>
  ({
    sourceNames: [0, 3].map((id) => ({ id, name: `${id}` })),
    ...(lacking.length === 0
      ? {}
      : { lacking: lacking.map(([id, fields, zeroPidIsNone]) => ({ id, fields, zeroPidIsNone })) }),
  }) as unknown as Status;

/** As the page keeps it: by a key. */
const kept = (of: Status | null) => lackingOf(lackingKey(of));

describe('what a source does not state', () => {
  it('is known by its number, and nothing where all state everything', () => {
    const lacking = kept(status([3, ['cpu', 'remarks'], true]));
    expect([states(lacking, 0, 'cpu'), states(lacking, 3, 'cpu'), states(lacking, 3, 'level')]).toEqual([
      true,
      false,
      true,
    ]);
    for (const of of [null, status(), status([3, ['cpu'], true])]) expect(lackingIn(of)).toEqual(kept(of));
    expect([kept(null).size, kept(status()).size, lackingKey(status())]).toEqual([0, 0, '']);
  });

  it('takes a process number of 0 for none, where the source has no other word for that', () => {
    const lacking = kept(status([0, [], true], [3, ['pid'], false]));
    const of = (source: number, pid: number) => statesPid(lacking, { source, pid });
    expect([of(0, 0), of(0, 4), of(3, 4), of(7, 0)]).toEqual([false, true, false, true]);
  });

  it('takes a level for stated where it is not the one that rows without a level have', () => {
    const lacking = kept(status([3, ['level'], false]));
    const of = (source: number, level: number) => statesLevel(lacking, { source, level });
    expect([of(0, 2), of(3, 2), of(3, 0)]).toEqual([true, false, true]);
  });
});
