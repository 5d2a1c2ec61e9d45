/**
 * Questions in SQL: what stands in the editor and was asked earlier, which all sessions share, and what came of the last
 * question about one session.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { MAX_SQL_TEXT } from '../../electron/contract/limits.ts';
import { newestFirst } from '../../electron/contract/newest-first.ts';
import { unpack } from '../../electron/contract/packed.ts';
import { MAX_EARLIER_QUESTIONS, type SqlState as Told } from '../../electron/contract/page-state.ts';
import type { AnswerCell, QueryColumn, QueryProgress, ResultFormat } from '../../electron/contract/sql.ts';
import type { Failure } from '../../native/core/result.ts';

export interface SqlEditorState {
  readonly text: string;
  /** What was asked, the newest first. */
  readonly earlier: readonly string[];
}

export interface SqlEditor {
  readonly store: StoreApi<SqlEditorState>;
  setText(text: string): void;
  /** Notes a question that was asked. */
  note(sql: string): void;
  restore(told: Pick<Told, 'text' | 'earlier'>): void;
  told(): Pick<Told, 'text' | 'earlier'>;
}

export function createSqlEditor(): SqlEditor {
  const store = createStore<SqlEditorState>(() => ({ text: '', earlier: [] }));
  return {
    store,
    setText: (text) => store.setState({ text }),
    note: (sql) =>
      store.setState(({ earlier }) => ({ earlier: newestFirst(earlier, sql.trim(), MAX_EARLIER_QUESTIONS) })),
    restore: ({ text, earlier }) => store.setState({ text, earlier }),
    told() {
      const { text, earlier } = store.getState();
      // A longer text cannot be asked, so nothing that matters is lost by cutting it.
      return { text: text.slice(0, MAX_SQL_TEXT), earlier };
    },
  };
}

/** An answer as it is shown. */
export interface Shown {
  /** What was asked. */
  readonly sql: string;
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly AnswerCell[])[];
  readonly cut: boolean;
  readonly tookMs: number;
  readonly readMs: number;
  readonly tableRows: number;
}

export interface SqlState {
  /** A question is being answered. */
  readonly running: boolean;
  /** Null before anything is known of it. */
  readonly progress: QueryProgress | null;
  readonly answer: Shown | null;
  /** Why the last question or export has no answer. */
  readonly failure: Failure | null;
  readonly as: 'table' | 'plot';
}

export interface Sql {
  readonly store: StoreApi<SqlState>;
  /** Returns a function that ends the subscription. */
  connect(): () => void;
  /** Asks what stands in the editor. An answer that was there stays until the next one comes. */
  run(): Promise<void>;
  stop(): void;
  showAs(as: SqlState['as']): void;
  /** Writes all rows of the answer to a file that the person is asked for. */
  export(format: ResultFormat): Promise<void>;
}

export function createSql(bridge: Pick<BoundBridge, 'session' | 'on'>, editor: SqlEditor): Sql {
  const store = createStore<SqlState>(() => ({
    ...{ running: false, progress: null, answer: null, failure: null, as: 'table' },
  }));
  let asked = 0;
  return {
    store,
    connect: () =>
      bridge.on.session.queryProgress(({ progress }) => {
        if (store.getState().running) store.setState({ progress });
      }),
    async run() {
      const sql = editor.store.getState().text;
      const mine = ++asked;
      store.setState({ running: true, progress: null, failure: null });
      if (sql.trim() !== '' && sql.length <= MAX_SQL_TEXT) editor.note(sql);
      const result = await bridge.session.query({ sql });
      // A later question has taken its place.
      if (mine !== asked) return;
      const done = { running: false, progress: null };
      if (result.ok) {
        const { rows, ...answer } = result.value;
        store.setState({ ...done, answer: { sql, ...answer, rows: unpack(rows) } });
        return;
      }
      const { failure } = result;
      // What was stopped leaves what was there before; another answer beside a failure would be taken for its own.
      store.setState(failure.code === 'cancelled' ? { ...done, failure } : { ...done, failure, answer: null });
    },
    stop: () => void bridge.session.stopQuery(),
    showAs: (as) => store.setState({ as }),
    async export(format) {
      const { answer } = store.getState();
      if (answer === null) return;
      store.setState({ failure: null });
      const started = await bridge.session.exportQuery({ sql: answer.sql, format });
      if (!started.ok) store.setState({ failure: started.failure });
    },
  };
}
