/**
 * Questions in SQL about the session that is looked at: the question on the left, its answer on the right, as a table or
 * a plot. The database runs in a process of its own, so capture and the log go on meanwhile.
 */
import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { RESULT_FORMATS, type ResultFormat } from '../../electron/contract/sql.ts';
import { failureSentences } from '../model/format.ts';
import { answerWords, EXAMPLES } from '../model/sql.ts';
import type { Shown } from '../store/sql.ts';
import { AnswerPlot } from './answer-plot.tsx';
import { AnswerTable } from './answer-table.tsx';
import { useApp, useSql, useView } from './app-context.ts';
import { FailureText } from './failure-text.tsx';
import { SqlEditor } from './sql-editor.tsx';

export function SqlPane() {
  const answer = useSql((sql) => sql.answer);
  return (
    <section className="patterns sql" aria-label="Questions in SQL" data-testid="sql-pane" data-own-keys="">
      {answer !== null && (
        <header className="patterns-head">
          <Forms />
          <Sum answer={answer} />
          <ExportMenu />
        </header>
      )}
      <div className="sql-halves">
        <SqlEditor />
        <Answer />
      </div>
    </section>
  );
}

function Forms() {
  const app = useApp();
  const as = useSql((sql) => sql.as);
  return (
    <fieldset className="query-toggles" aria-label="Shown as">
      {(['table', 'plot'] as const).map((form) => (
        <button
          key={form}
          type="button"
          className="mini words"
          aria-pressed={form === as}
          data-testid={`sql-as-${form}`}
          onClick={() => app.sql.showAs(form)}
        >
          {form === 'table' ? 'Table' : 'Plot'}
        </button>
      ))}
    </fieldset>
  );
}

function Sum({ answer }: { readonly answer: Shown }) {
  const sessionRows = useView((view) => view.sessionRows);
  const { rows, cut, tookMs, readMs, tableRows } = answer;
  const words = answerWords({ rows: rows.length, cut, tookMs, readMs, tableRows }, sessionRows);
  return (
    <span className="patterns-sum" title={words} role="status" data-testid="sql-sum">
      {words}
    </span>
  );
}

const TITLES: Readonly<Record<ResultFormat, string>> = { csv: 'CSV', json: 'JSON', parquet: 'Parquet' };

function ExportMenu() {
  const app = useApp();
  return (
    <Menu positioning="above-end">
      <MenuTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance="subtle"
          icon={<ArrowDownloadRegular />}
          title="Write all rows of this answer to a file"
          data-testid="sql-export"
        >
          Export
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {RESULT_FORMATS.map((format) => (
            <MenuItem key={format} data-testid={`sql-export-${format}`} onClick={() => void app.sql.export(format)}>
              {TITLES[format]}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Answer() {
  const answer = useSql((sql) => sql.answer);
  const failure = useSql((sql) => sql.failure);
  const as = useSql((sql) => sql.as);
  const running = useSql((sql) => sql.running);
  return (
    <div className={`sql-answer${running ? ' old' : ''}`}>
      {failure?.code === 'cancelled' && (
        // Mostly by the person, who need not be alarmed.
        <p className="sql-note" role="status" data-testid="sql-stopped">
          {failureSentences(failure)}
        </p>
      )}
      {failure !== null && failure.code !== 'cancelled' && <FailureText failure={failure} testId="sql-failure" />}
      {answer === null && failure === null && <Beginning />}
      {answer !== null && (as === 'plot' ? <AnswerPlot answer={answer} /> : <AnswerTable answer={answer} />)}
    </div>
  );
}

/** Before anything was asked: what can be. */
function Beginning() {
  const app = useApp();
  const ask = (sql: string): void => {
    app.sqlEditor.setText(sql);
    void app.sql.run();
  };
  return (
    <div className="sql-beginning">
      <p className="none">
        The session is the table <code>log</code>. Write a question in SQL of DuckDB and run it with Ctrl+Enter, or
        begin with one of these:
      </p>
      <ul>
        {EXAMPLES.map(({ title, sql }) => (
          <li key={title}>
            <button type="button" className="link" title={sql} data-testid="sql-example" onClick={() => ask(sql)}>
              {title}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
