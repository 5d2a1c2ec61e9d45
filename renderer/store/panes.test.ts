/** The dock: one pane at a time, by its key, by what is explained, and closed by Escape after what lies above it. */
import { describe, expect, it } from 'vitest';
import { PANE_IDS, PANES, paneCommand, SECTIONS } from '../model/panes.ts';
import { memoryStorage, startFixture } from '../test/app-fixture.ts';
import { COMMANDS } from './commands.ts';
import { createUi } from './ui.ts';

describe('panes', () => {
  it('each have a command with the keys and the words of the table', () => {
    for (const pane of PANE_IDS) {
      const { keys, label } = COMMANDS[paneCommand(pane)];
      expect({ keys, label }).toEqual({ keys: PANES[pane].keys, label: PANES[pane].label });
    }
  });

  it('take the place of one another, and close by the same key', async () => {
    const { app, command } = await startFixture({ rows: 10 });
    const open = () => app.ui.store.getState().pane;
    for (const pane of PANE_IDS) {
      command(paneCommand(pane));
      expect(open()).toBe(pane);
    }
    command(paneCommand(PANE_IDS.at(-1) as never));
    expect(open()).toBeNull();
  });

  it('open at the section that is explained, which is forgotten with the next pane', () => {
    const ui = createUi(memoryStorage());
    for (const [section, pane] of Object.entries(SECTIONS) as [keyof typeof SECTIONS, string][]) {
      ui.explain(section);
      expect(ui.store.getState()).toMatchObject({ pane, reveal: { section } });
    }
    ui.togglePane('sql');
    expect(ui.store.getState().reveal).toBeNull();
    ui.writeNote(7);
    expect(ui.store.getState()).toMatchObject({ pane: 'bookmarks', noteOf: 7 });
    ui.openPane('bookmarks');
    expect(ui.store.getState().noteOf).toBeNull();
  });

  it('close by Escape after what lies above them and before the selection is dropped', async () => {
    const { app, command } = await startFixture({ rows: 10 });
    app.selectAt(3, false);
    command('pane.patterns');
    command('sessions');
    command('goTo');
    const state = () => {
      const { goTo, sessions, pane } = app.ui.store.getState();
      return [goTo, sessions, pane, app.view.store.getState().selection !== null];
    };
    const steps = [state()];
    for (let step = 0; step < 4; step++) {
      command('escape');
      steps.push(state());
    }
    expect(steps).toEqual([
      [true, true, 'patterns', true],
      [false, true, 'patterns', true],
      [false, false, 'patterns', true],
      [false, false, null, true],
      [false, false, null, false],
    ]);
  });
});
