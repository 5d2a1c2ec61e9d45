import { describe, expect, it } from 'vitest';
import { FakeSource } from '../test-support.ts';
import { type KnownReading, whyNotAnew, withEncoding, withFiles, withOffset } from './reading-plan.ts';

const known = (id: number, more: Partial<KnownReading> = {}): KnownReading => {
  const { info } = new FakeSource({ name: `/${id}.log`, file: { path: `/${id}.log` } });
  return { id, spec: `file:/${id}.log`, statedNs: 0, info, ...more };
};
const live = known(7, { info: new FakeSource({ name: 'sim:lab' }).info });
const stream = known(8, { info: new FakeSource({ name: 'standard input', file: { path: null } }).info });

describe('what is read anew', () => {
  it('is every file, with those that are added once each', () => {
    const have = [known(0, { statedNs: 5, encoding: 'utf-8' }), known(1)];
    expect(withFiles(have, ['file:/1.log', 'file:/2.log', 'file:/2.log'], 3)).toEqual({
      ok: true,
      value: [
        { spec: 'file:/0.log', statedNs: 5, encoding: 'utf-8' },
        { spec: 'file:/1.log', statedNs: 0 },
        { spec: 'file:/2.log', statedNs: 0 },
      ],
    });
    expect(withFiles(have, ['file:/1.log'], 3)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(withFiles(have, ['file:/2.log'], 2)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  });

  it('is changed in one thing of one file', () => {
    const have = [known(0, { statedNs: 5, encoding: 'utf-8' }), known(1)];
    expect(withOffset(have, 0, -3)).toMatchObject({ value: [{ statedNs: -3, encoding: 'utf-8' }, { statedNs: 0 }] });
    expect(withEncoding(have, 1, 'big5')).toMatchObject({ value: [{ statedNs: 5 }, { encoding: 'big5' }] });
    expect(withOffset(have, 2, 1)).toMatchObject({ ok: false });
  });

  it('is nothing where one of the sources is no file, which the sentence names', () => {
    for (const other of [live, stream]) {
      const have = [known(0), other];
      const refused = { ok: false, failure: { message: expect.stringContaining(other.info.name) } };
      expect(whyNotAnew(have)).toMatchObject(refused.failure);
      expect(withFiles(have, ['file:/2.log'], 9)).toMatchObject(refused);
      expect(withOffset(have, 0, 1)).toMatchObject(refused);
      expect(withEncoding(have, 0, 'big5')).toMatchObject(refused);
    }
    expect(whyNotAnew([known(0), known(1)])).toBeNull();
  });
});
