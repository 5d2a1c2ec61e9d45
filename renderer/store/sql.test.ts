/** Questions in SQL as the page asks them; how they are answered is tested where the database is. */
import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../electron/contract/channels.ts';
import { pack } from '../../electron/contract/packed.ts';
import { MAX_EARLIER_QUESTIONS, type PageState } from '../../electron/contract/page-state.ts';
import type { AnswerCell, QueryAnswer } from '../../electron/contract/sql.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { createFixture, startFixture } from '../test/app-fixture.ts';

const answered = (rows: readonly (readonly AnswerCell[])[]): Result<QueryAnswer> =>
  ok({ columns: [{ name: 'n', type: 'BIGINT' }], rows: pack(rows), cut: false, tookMs: 12, readMs: 0, tableRows: 100 });

async function start() {
  const fixture = await startFixture({ rows: 100 });
  const asked = fixture.wire.hold('session.query');
  const { sql, sqlEditor } = fixture.app;
  const ask = async (text: string) => {
    sqlEditor.setText(text);
    const done = sql.run();
    await fixture.settle();
    return done;
  };
  return { fixture, asked, sql, sqlEditor, ask, state: sql.store.getState };
}

describe('a question', () => {
  it('is asked about the session, tells how far it is, and its answer is shown', async () => {
    const { fixture, asked, sqlEditor, ask, state } = await start();
    void ask('select count(*) as n from log ');
    await fixture.settle();
    expect(asked[0]?.request).toEqual({ session: 1, sql: 'select count(*) as n from log ' });
    expect(state()).toMatchObject({ running: true, progress: null });
    const progress = { step: 'converting', rows: 10, totalRows: 100 } as const;
    fixture.tell('session.queryProgress', { session: 2, progress: { step: 'running' } });
    fixture.tell('session.queryProgress', { session: 1, progress });
    expect(state().progress).toEqual(progress);
    asked[0]?.say(answered([[100]]));
    await fixture.settle();
    expect(state()).toMatchObject({
      ...{ running: false, progress: null, failure: null },
      answer: {
        sql: 'select count(*) as n from log ',
        rows: [[100]],
        cut: false,
        tookMs: 12,
        readMs: 0,
        tableRows: 100,
      },
    });
    expect(sqlEditor.store.getState().earlier).toEqual(['select count(*) as n from log']);
    fixture.tell('session.queryProgress', { session: 1, progress });
    expect(state().progress).toBeNull();
  });

  it('that is asked later takes the place of one that is not answered', async () => {
    const { fixture, asked, ask, state } = await start();
    void ask('from log');
    await fixture.settle();
    void ask('select 1');
    await fixture.settle();
    asked[0]?.say(fail('cancelled', 'The question was stopped', 'Ask again'));
    await fixture.settle();
    expect(state()).toMatchObject({ running: true, failure: null });
    asked[1]?.say(answered([[1]]));
    await fixture.settle();
    expect(state()).toMatchObject({ running: false, failure: null, answer: { sql: 'select 1' } });
  });

  it('that fails leaves no answer of another one; one that is stopped does', async () => {
    const { fixture, asked, sql, ask, state } = await start();
    void ask('select 1');
    await fixture.settle();
    asked[0]?.say(answered([[1]]));
    await fixture.settle();
    void ask('select 2');
    await fixture.settle();
    sql.stop();
    expect(fixture.calls('session.stopQuery')).toEqual([{ session: 1 }]);
    asked[1]?.say(fail('cancelled', 'The question was stopped', 'Ask again'));
    await fixture.settle();
    expect(state()).toMatchObject({ failure: { code: 'cancelled' }, answer: { sql: 'select 1' } });
    void ask('selec');
    await fixture.settle();
    asked[2]?.say(fail('bad-argument', 'The query failed: Parser Error', 'The table is log'));
    await fixture.settle();
    expect(state()).toMatchObject({ failure: { code: 'bad-argument' }, answer: null });
  });

  it('that is none is refused where it is asked, and not kept', async () => {
    const { fixture, sql, sqlEditor, state } = await start();
    for (const text of [' \n', 'x'.repeat(5000)]) {
      fixture.wire.release('session.query');
      sqlEditor.setText(text);
      await sql.run();
      expect(state()).toMatchObject({ running: false, failure: { code: 'bad-argument' } });
    }
    expect(fixture.calls('session.query')).toEqual([]);
    expect(sqlEditor.store.getState().earlier).toEqual([]);
  });
});

it('an answer is exported as the question that it answers, and a failure is told in the pane', async () => {
  const { fixture, asked, sql, sqlEditor, ask, state } = await start();
  await sql.export('csv');
  expect(fixture.calls('session.exportQuery')).toEqual([]);
  void ask('select 1');
  await fixture.settle();
  asked[0]?.say(answered([[1]]));
  await fixture.settle();
  sqlEditor.setText('select 2');
  fixture.wire.answer('session.exportQuery', async () => fail('cancelled', 'No rows', 'Run it again'));
  await sql.export('json');
  expect(fixture.calls('session.exportQuery')).toEqual([{ session: 1, sql: 'select 1', format: 'json' }]);
  expect(state()).toMatchObject({ failure: { message: 'No rows' }, answer: { sql: 'select 1' } });
});

it('what was written and asked is there again after the page has ended, bounded', async () => {
  const { fixture, sqlEditor } = await start();
  fixture.command('pane.sql');
  for (let at = 0; at < MAX_EARLIER_QUESTIONS + 5; at++) sqlEditor.note(`select ${at}`);
  sqlEditor.setText('y'.repeat(5000));
  await fixture.run();
  fixture.fireTimers();
  await fixture.run();
  const told = fixture.program.remembered as PageState;
  expect(told.sql?.earlier).toHaveLength(MAX_EARLIER_QUESTIONS);
  expect(checkRequest('app.remember', { state: told })).toMatchObject({ ok: true });
  const next = createFixture({}, fixture.program);
  await next.connect();
  expect(next.page.ui.store.getState().pane).toBe('sql');
  expect(next.app.sqlEditor.store.getState()).toEqual({ text: 'y'.repeat(4096), earlier: told.sql?.earlier });
});
