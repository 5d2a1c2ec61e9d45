import { describe, expect, it } from 'vitest';
import * as decoding from '../model/decoding.ts';
import { createDecoder } from './decoder.ts';

describe('what codes mean', () => {
  it('is loaded once, when it is first asked for', async () => {
    let loads = 0;
    const decoder = createDecoder(async () => {
      loads++;
      return decoding;
    });
    expect([loads, decoder.store.getState().decoding]).toEqual([0, null]);
    await Promise.all([decoder.load(), decoder.load()]);
    await decoder.load();
    expect([loads, decoder.store.getState().decoding]).toEqual([1, decoding]);
  });

  it('is asked for again after it could not be loaded', async () => {
    const answers = [() => Promise.reject(new Error('gone')), () => Promise.resolve(decoding)];
    const decoder = createDecoder(() => (answers.shift() as () => Promise<typeof decoding>)());
    expect(await decoder.load()).toBeNull();
    expect(await decoder.load()).toBe(decoding);
  });
});
