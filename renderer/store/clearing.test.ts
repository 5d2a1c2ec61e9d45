import { describe, expect, it } from 'vitest';
import { startFixture } from '../test/app-fixture.ts';
import { clearRows } from './clearing.ts';

describe('a clear', () => {
  it('says how many records it was, and nothing where there were none', async () => {
    const fixture = await startFixture({ rows: 1234 });
    const said = () => fixture.app.ui.store.getState().notices.at(-1);
    fixture.command('clear');
    await fixture.run();
    expect(said()).toMatchObject({ severity: 'info', message: '1,234 records cleared.', action: '' });
    expect(fixture.app.view.store.getState().sessionEntries).toBe(0);
    fixture.app.ui.dismiss(said()?.id ?? -1);
    fixture.command('clear');
    expect(said()).toBeUndefined();
  });

  it('says where they are kept, where they are', async () => {
    const { app } = await startFixture({ rows: 1 });
    const recording = { name: 'a', goneRows: 0, failure: null };
    const status = { store: { getState: () => ({ status: { retention: { recording } } }) } };
    clearRows({ ...app, status: status as never });
    expect(app.ui.store.getState().notices.at(-1)).toMatchObject({
      message: '1 record cleared.',
      action: 'Their recording has them (Ctrl+Shift+H).',
    });
  });
});
