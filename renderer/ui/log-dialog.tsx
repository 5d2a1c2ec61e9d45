/** The dialog about logging to a file: what is to be written and how, or how far it is. Not modal: capturing goes on. */
import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { EXPORT_FORMATS, LINE_FORMAT_NAMES, type LineFormat } from '../../electron/contract/export-formats.ts';
import type { FileLogStatus } from '../../electron/contract/file-log.ts';
import { formatCount, formatPlural } from '../model/format.ts';
import { isSeveral, type LogForm, type LogTroubles, logRequestOf } from '../model/log-form.ts';
import { useApp, useLogging, useStatus, useUi } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { FigureField } from './figure-field.tsx';
import { SheetHeader } from './sheet-header.tsx';
import { focusTable } from './use-keys.ts';

const FORMATS = EXPORT_FORMATS.filter(({ name }) => LINE_FORMAT_NAMES.includes(name as LineFormat));

export function LogDialog() {
  const open = useUi((ui) => ui.fileLog);
  const log = useStatus(({ status }) => status?.fileLog ?? null);
  if (!open) return null;
  return log === null ? <BeginDialog /> : <WritingDialog log={log} />;
}

function useClose(): () => void {
  const { ui } = useApp();
  return () => {
    ui.setFileLog(false);
    focusTable();
  };
}

function BeginDialog() {
  const { logging, ui } = useApp();
  const form = useLogging((state) => state.form);
  const busy = useLogging((state) => state.busy);
  const failure = useLogging((state) => state.failure);
  const [troubles, setTroubles] = useState<LogTroubles>({});
  const close = useClose();
  const change = (part: Partial<LogForm>): void => {
    logging.change(part);
    setTroubles({});
  };
  const start = async (): Promise<void> => {
    const read = logRequestOf(form, ui.store.getState().output);
    if ('troubles' in read) setTroubles(read.troubles);
    else if (await logging.start(read.request)) close();
  };
  return (
    <form
      className="sheet retention"
      role="dialog"
      aria-label="Log to a file"
      data-testid="log-dialog"
      data-own-keys=""
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <SheetHeader title="Log to a file" onClose={close} />
      <p className="note">
        Rows that come from now on are written as they come, until you stop it or the session ends. A clear does not end
        it.
      </p>
      <FormatField form={form} change={change} />
      <RowsField form={form} change={change} />
      <FilesField form={form} troubles={troubles} change={change} />
      <p className="note">
        In the name of the file, <code>{'{session}'}</code>, <code>{'{date}'}</code>, <code>{'{time}'}</code> and{' '}
        <code>{'{n}'}</code> stand for the session, when the file begins, and its number.
      </p>
      <FailureNote failure={failure} testId="log-failure" />
      <footer>
        <Button size="small" onClick={close}>
          Cancel
        </Button>
        <Button size="small" appearance="primary" type="submit" disabledFocusable={busy} data-testid="log-start">
          Choose the file and start
        </Button>
      </footer>
    </form>
  );
}

interface FieldProps {
  readonly form: LogForm;
  readonly change: (part: Partial<LogForm>) => void;
}

function FormatField({ form, change }: FieldProps) {
  return (
    <fieldset className="log-formats">
      <legend>As</legend>
      {FORMATS.map(({ name, title, carries }, at) => (
        <label key={name} title={`Holds: ${carries}`}>
          <input
            type="radio"
            name="log-format"
            // The dialog was opened to begin a log.
            // biome-ignore lint/a11y/noAutofocus: as above
            autoFocus={at === 0}
            checked={form.format === name}
            data-testid={`log-format-${name}`}
            onChange={() => change({ format: name as LineFormat })}
          />{' '}
          {title}
        </label>
      ))}
    </fieldset>
  );
}

function RowsField({ form, change }: FieldProps) {
  return (
    <fieldset>
      <legend>Write</legend>
      <div className="retention-choice">
        <label>
          <input
            type="radio"
            name="log-rows"
            checked={form.rows === 'all'}
            data-testid="log-rows-all"
            onChange={() => change({ rows: 'all' })}
          />{' '}
          All rows
        </label>
        <label>
          <input
            type="radio"
            name="log-rows"
            checked={form.rows === 'filtered'}
            data-testid="log-rows-filtered"
            onChange={() => change({ rows: 'filtered' })}
          />{' '}
          What the filter shows <span className="note">as it is set now; changes of it do not change the log</span>
        </label>
      </div>
    </fieldset>
  );
}

function FilesField({ form, troubles, change }: FieldProps & { readonly troubles: LogTroubles }) {
  return (
    <fieldset>
      <legend>Files</legend>
      <Choice
        label="Append"
        note="to a file of that name, instead of replacing it"
        checked={form.append}
        testId="log-append"
        onChange={(append) => change({ append })}
      />
      <Choice
        label="Another file each day"
        checked={form.daily}
        testId="log-daily"
        onChange={(daily) => change({ daily })}
      />
      <Choice
        label="Another file after each clear"
        checked={form.perSession}
        testId="log-per-session"
        onChange={(perSession) => change({ perSession })}
      />
      <FigureField
        label="Largest size"
        value={form.limit}
        trouble={troubles.limit}
        note={form.wrap ? 'then the same file begins anew' : 'such as 100 MB, then another file; empty: no limit'}
        testId="log-limit"
        onChange={(limit) => change({ limit })}
      />
      {form.limit.trim() !== '' && (
        <Choice
          label="Wrap"
          note="at that size begin the same file anew: older rows go"
          checked={form.wrap}
          testId="log-wrap"
          onChange={(wrap) => change({ wrap })}
        />
      )}
      {isSeveral(form) && (
        <FigureField
          label="Files kept"
          value={form.keep}
          trouble={troubles.keep}
          note="older ones of this log are deleted; empty: all"
          testId="log-keep"
          onChange={(keep) => change({ keep })}
        />
      )}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly note?: string;
  readonly checked: boolean;
  readonly testId: string;
  readonly onChange: (checked: boolean) => void;
}

function Choice({ label, note, checked, testId, onChange }: ChoiceProps) {
  return (
    <div className="retention-choice">
      <label>
        <input
          type="checkbox"
          checked={checked}
          data-testid={testId}
          onChange={(event) => onChange(event.target.checked)}
        />{' '}
        {label} {note && <span className="note">{note}</span>}
      </label>
    </div>
  );
}

function WritingDialog({ log }: { readonly log: FileLogStatus }) {
  const { logging } = useApp();
  const busy = useLogging((state) => state.busy);
  const close = useClose();
  const { state, name, place, filter, rows, replacedRows, waitingRows, missedRows, failure } = log;
  const failed = state === 'failed';
  const facts: readonly (readonly [string, string])[] = [
    ['file', name],
    ['in', place],
    ['rows', formatCount(rows) + (waitingRows > 0 ? `, ${formatCount(waitingRows)} on their way` : '')],
    ...(filter === null ? [] : [['only', filter] as const]),
    ...(replacedRows > 0 ? [['replaced', `${formatPlural(replacedRows, 'older row')}`] as const] : []),
    ...(missedRows > 0 ? [['missing', `${formatPlural(missedRows, 'row')} that could not be written`] as const] : []),
  ];
  return (
    <div className="sheet retention" role="dialog" aria-label="Log to a file" data-testid="log-dialog" data-own-keys="">
      <SheetHeader title={failed ? 'The log to a file has failed' : 'Logging to a file'} onClose={close} />
      <dl className="retention-facts" data-testid="log-facts">
        {facts.map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd className="path">{value}</dd>
          </div>
        ))}
      </dl>
      <FailureNote failure={failure} testId="log-failure" more="Capture goes on." />
      <footer>
        <Button size="small" onClick={close}>
          Close
        </Button>
        <Button
          size="small"
          appearance="primary"
          disabledFocusable={busy}
          data-testid="log-stop"
          onClick={() => void logging.stop().then(failed ? undefined : close)}
        >
          {failed ? 'Log to another file' : 'Stop'}
        </Button>
      </footer>
    </div>
  );
}
