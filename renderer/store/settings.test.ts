/** The settings in a page: times that are chosen anywhere are kept, and what was kept is shown. */
import { describe, expect, it } from 'vitest';
import { startFixture } from '../test/app-fixture.ts';

describe('the settings', () => {
  it('keep the times that a person chooses in the window, once', async () => {
    const fixture = await startFixture({ rows: 10 });
    expect(fixture.calls('settings.set')).toEqual([]);
    fixture.app.ui.setTimes({ digits: 'ms' });
    fixture.app.ui.setTimes({ digits: 'ms' });
    await fixture.run();
    expect(fixture.program.settings.times).toEqual({ kind: 'elapsed', digits: 'ms', delta: 'row' });
    expect(fixture.calls('settings.set')).toHaveLength(1);
  });

  it('are shown as the file has them, after a change by hand too', async () => {
    const fixture = await startFixture({ rows: 10 });
    await fixture.app.settings.refresh();
    const times = { kind: 'clock', digits: '100ns', delta: 'cpu' } as const;
    fixture.program.settings = { ...fixture.program.settings, theme: 'light', times };
    await fixture.app.settings.refresh();
    const { ui } = fixture.app;
    expect(ui.store.getState()).toMatchObject({ theme: 'light', times });
    expect(fixture.calls('settings.set')).toEqual([]);
  });

  it('give rows the letters that are chosen here, by hand or in another window', async () => {
    const fixture = await startFixture({ rows: 10 });
    const { settings, ui } = fixture.app;
    const look = () => ui.store.getState().look;
    await settings.set({ fontSize: 18, fontFamily: 'Fira Code' });
    expect(look()).toEqual({ fontSize: 18, fontFamily: 'Fira Code', processColours: false });
    fixture.program.settings = { ...fixture.program.settings, fontSize: 10, fontFamily: '' };
    fixture.page.refresh();
    await fixture.run();
    expect(look()).toEqual({ fontSize: 10, fontFamily: '', processColours: false });
    expect(fixture.calls('settings.set')).toHaveLength(1);
  });

  it('colour processes or not, and say where that is seen', async () => {
    const fixture = await startFixture({ rows: 10 });
    const { settings, ui } = fixture.app;
    const said = () => ui.store.getState().notices.map(({ message, action }) => [message, action]);
    await settings.toggleProcessColours(['time', 'message']);
    expect(ui.store.getState().look.processColours).toBe(true);
    expect(fixture.program.settings.processColours).toBe(true);
    expect(said().at(-1)).toEqual(['Each process has a colour.', 'Show the column process or pid to see it.']);
    await settings.toggleProcessColours(['pid']);
    expect(ui.store.getState().look.processColours).toBe(false);
    expect(said().at(-1)).toEqual(['Processes have no colours any longer.', '']);
    await settings.toggleProcessColours(['pid']);
    expect(said().at(-1)).toEqual(['Each process has a colour.', '']);
  });

  it('keep the window on top or not, and say so; what fails is said in the sheet', async () => {
    const fixture = await startFixture({ rows: 10 });
    const { settings, ui } = fixture.app;
    const said = () => ui.store.getState().notices.map(({ message }) => message);
    await settings.toggleOnTop();
    expect(fixture.program.settings.alwaysOnTop).toBe(true);
    expect(said()).toEqual(['The window stays above all others.']);
    await settings.toggleOnTop();
    expect(fixture.program.settings.alwaysOnTop).toBe(false);
    expect(said()).toEqual(['Other windows may cover this one again.']);
    await settings.openFile();
    expect(settings.store.getState().failure?.code).toBe('io-error');
  });
});
