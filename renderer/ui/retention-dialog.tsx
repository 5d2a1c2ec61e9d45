/** The dialog about how much history is kept, and where. Not modal: capturing and the table continue below it. */
import { Button } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import type { RecordingStatus, RetentionPolicy } from '../../electron/contract/retention.ts';
import type { Status } from '../../electron/contract/status.ts';
import { type Failure, failureMessage, sentence } from '../../native/core/result.ts';
import { formatBytes, formatCount, formatPlural } from '../model/format.ts';
import { type FormTroubles, formOf, type RetentionForm, settingsOf } from '../model/retention-form.ts';
import { useApp, useStatus, useUi, useView } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { FigureField } from './figure-field.tsx';
import { SheetHeader } from './sheet-header.tsx';
import { focusTable } from './use-keys.ts';

export function RetentionDialog() {
  const open = useUi((ui) => ui.retention);
  const status = useStatus((state) => state.status);
  return open && status ? <OpenDialog status={status} /> : null;
}

const CHOICES: readonly { readonly keep: RetentionPolicy['keep']; readonly label: string; readonly note: string }[] = [
  { keep: 'all', label: 'Everything', note: 'in memory up to the cap, beyond it on disk' },
  { keep: 'rows', label: 'The last rows', note: 'older ones are dropped, some ten thousand at a time' },
  { keep: 'bytes', label: 'The last bytes', note: 'in memory and on disk together' },
];

function OpenDialog({ status }: { readonly status: Status }) {
  const app = useApp();
  const { memoryCapBytes, retention } = status;
  const [form, setForm] = useState<RetentionForm>(() => formOf({ memoryCapBytes, policy: retention.policy }));
  const filtered = retention.captureFilter !== null;
  const [captureFilter, setCaptureFilter] = useState(filtered);
  const [troubles, setTroubles] = useState<FormTroubles>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = (part: Partial<RetentionForm>) => {
    setForm({ ...form, ...part });
    setTroubles({});
    setFailure(null);
  };
  const close = () => {
    app.ui.setRetention(false);
    focusTable();
  };
  const apply = async () => {
    const read = settingsOf(form, retention.largestCapBytes);
    if ('troubles' in read) {
      setTroubles(read.troubles);
      return;
    }
    const filter = captureFilter ? app.filter.store.getState().applied : null;
    const refused =
      (await app.setRetention(read.settings)) ??
      (captureFilter || filtered ? await app.setCaptureFilter(filter) : null);
    if (refused) setFailure(refused);
    else close();
  };
  return (
    <form
      className="sheet retention"
      role="dialog"
      aria-label="Retention"
      data-testid="retention-dialog"
      data-own-keys=""
      onSubmit={(event) => {
        event.preventDefault();
        void apply();
      }}
    >
      <SheetHeader title="Retention" onClose={close} />
      <Whereabouts status={status} />
      <FigureField
        label="Memory for rows"
        value={form.cap}
        trouble={troubles.cap}
        note={`at most ${formatBytes(retention.largestCapBytes)} on this machine; the oldest rows beyond it go to disk`}
        testId="retention-cap"
        focus
        onChange={(cap) => change({ cap })}
      />
      <fieldset>
        <legend>Keep</legend>
        {CHOICES.map(({ keep, label, note }) => (
          <div key={keep} className="retention-choice">
            <label>
              <input
                type="radio"
                name="keep"
                checked={form.keep === keep}
                data-testid={`retention-keep-${keep}`}
                onChange={() => change({ keep })}
              />{' '}
              {label} <span className="note">{note}</span>
            </label>
            {keep === 'rows' && form.keep === keep && (
              <FigureField
                label="Rows"
                value={form.rows}
                trouble={troubles.rows}
                testId="retention-rows"
                onChange={(rows) => change({ rows })}
              />
            )}
            {keep === 'bytes' && form.keep === keep && (
              <FigureField
                label="Size"
                value={form.bytes}
                trouble={troubles.bytes}
                testId="retention-bytes"
                onChange={(bytes) => change({ bytes })}
              />
            )}
          </div>
        ))}
      </fieldset>
      <label className="retention-choice">
        <input
          type="checkbox"
          checked={captureFilter}
          data-testid="retention-capture-filter"
          onChange={(event) => setCaptureFilter(event.target.checked)}
        />{' '}
        Only what the filter shows{' '}
        <span className="note">as it is set now; hidden rows are not kept when they arrive</span>
      </label>
      <Consequence form={form} />
      {captureFilter && (
        <p className="retention-warning" data-testid="retention-warning">
          From then on, rows that this filter hides when they arrive are gone for good, in every view of this session.
          They are counted in the status bar. A regular expression hides rows without dropping them, and loss markers
          are always kept.
        </p>
      )}
      <FailureNote failure={failure} />
      <footer>
        <Button size="small" onClick={close}>
          Cancel
        </Button>
        <Button size="small" appearance="primary" type="submit" data-testid="retention-apply">
          Apply
        </Button>
      </footer>
    </form>
  );
}

function Whereabouts({ status }: { readonly status: Status }) {
  const { memoryBytes, memoryCapBytes, evictedRows, retention } = status;
  const rows = useView((view) => view.sessionRows);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      'in memory',
      `${formatPlural(Math.max(0, rows - retention.diskRows), 'row')}, ${formatBytes(memoryBytes)} of ${formatBytes(memoryCapBytes)}`,
    ],
    ['on disk', `${formatPlural(retention.diskRows, 'row')}, ${formatBytes(retention.diskBytes)}`],
    ...(retention.place === null
      ? []
      : [
          [
            'where',
            <span key="place" className="path">
              {retention.place}
            </span>,
          ] as const,
        ]),
    ['recorded', <Recording key="recording" recording={retention.recording} />],
    ...(evictedRows > 0 ? [['dropped', `${formatPlural(evictedRows, 'oldest row')}`] as const] : []),
    ...(retention.hiddenRows > 0 ? [['not kept', `${formatPlural(retention.hiddenRows, 'hidden row')}`] as const] : []),
  ];
  return (
    <>
      <dl className="retention-facts" data-testid="retention-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <FailureNote failure={retention.failure} />
    </>
  );
}

function Recording({ recording }: { readonly recording: RecordingStatus | null }) {
  const app = useApp();
  const list = (
    <button type="button" className="link" onClick={() => app.ui.setSessions(true)}>
      Sessions
    </button>
  );
  if (recording === null) return <span>no: these rows go with this window ({list} has what is recorded)</span>;
  const { name, goneRows, failure } = recording;
  return (
    <span data-testid="retention-recording">
      as {name}, in {list}
      {goneRows > 0 && `, without ${formatPlural(goneRows, 'row')} that the disk was too slow for`}
      {failure && <span className="bad"> {sentence(failureMessage(failure))}</span>}
    </span>
  );
}

/** States what a choice would do irrevocably, before it is made. */
function Consequence({ form }: { readonly form: RetentionForm }) {
  const rows = useView((view) => view.sessionRows);
  const read = settingsOf(form, Number.MAX_SAFE_INTEGER);
  const policy = 'settings' in read ? read.settings.policy : null;
  if (policy?.keep === 'rows' && rows > policy.rows) {
    return (
      <p className="retention-warning" data-testid="retention-warning">
        About {formatCount(rows - policy.rows)} of the oldest rows are dropped at once.
      </p>
    );
  }
  if (policy?.keep === 'bytes')
    return <p className="note">Whatever is held beyond that is dropped at once, the oldest first.</p>;
  return null;
}
