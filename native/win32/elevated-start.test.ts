import { expect, it } from 'vitest';
import { resultOf, startElevated } from './elevated-start.ts';
import { ERROR } from './errors.ts';

const system = { code: '1', text: 'text' };

it('what the system answers is what a person is told', () => {
  const told = (error: number) => resultOf({ file: 'a.exe' }, { error, system });
  expect(told(0)).toEqual({ ok: true, value: undefined });
  expect(told(ERROR.CANCELLED)).toMatchObject({ ok: false, failure: { code: 'cancelled', system } });
  expect(told(ERROR.ACCESS_DENIED)).toMatchObject({ ok: false, failure: { code: 'permission-denied' } });
  expect(told(ERROR.FILE_NOT_FOUND)).toMatchObject({ ok: false, failure: { code: 'io-error' } });
});

it.skipIf(process.platform === 'win32')('off Windows nothing is started', async () => {
  const started = await startElevated({ file: 'a.exe', parameters: '', folder: '/' });
  expect(started).toMatchObject({ ok: false, failure: { code: 'source-unsupported' } });
});
