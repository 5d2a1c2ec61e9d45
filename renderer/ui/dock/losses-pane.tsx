/** Where records were lost in the rows shown: when, how many, on which CPUs, why. A click goes there. */
import { Fragment, memo, useEffect } from 'react';
import type { FoundLoss } from '../../../electron/contract/loss.ts';
import { cpuWords } from '../../../electron/contract/loss.ts';
import { LOSS_CAUSE_NAMES } from '../../../native/core/entry.ts';
import { formatCount, formatPlural } from '../../model/format.ts';
import { CAUSE_HELP, causeWords, occurredCauses } from '../../model/loss.ts';
import { lostBeforeWords } from '../../model/lost-before.ts';
import { hasCaptured } from '../../model/source-state.ts';
import { tip } from '../../store/commands.ts';
import { useApp, useLossList, useRun, useStatus, useView } from '../app-context.ts';
import { useTimeColumns } from '../use-time-columns.ts';
import { Section } from './section.tsx';

export function LossesPane() {
  const app = useApp();
  const losses = useLossList((list) => list.losses);
  useEffect(() => app.lossList.watch(), [app]);
  return (
    <section className="patterns" aria-label="Losses" data-testid="losses-pane">
      <header className="patterns-head">
        <Steps />
        <Sum />
      </header>
      <div className="losses-halves">
        {losses.length > 0 && <List losses={losses} />}
        <Section id="losses" title="By cause">
          <Causes />
        </Section>
      </div>
    </section>
  );
}

function Steps() {
  const run = useRun();
  const none = useView((view) => view.sessionRows === view.sessionEntries);
  return (
    <div className="query-toggles">
      {(['previousLoss', 'nextLoss'] as const).map((command) => (
        <button
          key={command}
          type="button"
          className="mini words"
          disabled={none}
          title={tip(command)}
          data-testid={`losses-${command === 'nextLoss' ? 'next' : 'previous'}`}
          onClick={() => run(command)}
        >
          {command === 'nextLoss' ? 'Next' : 'Previous'}
        </button>
      ))}
    </div>
  );
}

function Sum() {
  const places = useLossList((list) => list.losses.length);
  const older = useLossList((list) => list.older);
  const counted = useLossList((list) => list.counted);
  const lost = useStatus(({ status }) => status?.lost ?? 0);
  const captured = useStatus(({ status }) => hasCaptured(status));
  const before = useStatus(({ status }) => lostBeforeWords(status));
  return (
    <span className="patterns-sum" role="status" data-testid="losses-sum">
      {sumWords({ places, older, counted, lost, captured })}
      {before === '' ? '' : ` ${before}.`}
    </span>
  );
}

interface Told {
  readonly places: number;
  readonly older: number;
  readonly counted: boolean;
  readonly lost: number;
  readonly captured: boolean;
}

function sumWords({ places, older, counted, lost, captured }: Told): string {
  if (lost === 0 && places === 0) return captured ? 'Nothing was lost.' : 'Nothing has been captured yet.';
  const all = `${formatPlural(lost, 'record')} lost`;
  if (!counted) return all;
  if (places === 0) return `${all}, none of them where rows are shown.`;
  const listed = older === 0 ? '' : ` The newest ${formatCount(places)} are listed.`;
  return `${all}, at ${formatPlural(places + older, 'place')} in the rows shown.${listed}`;
}

function List({ losses }: { readonly losses: readonly FoundLoss[] }) {
  const { text } = useTimeColumns();
  return (
    <div className="patterns-scroll">
      <table className="numbers patterns-list losses-list">
        <thead>
          <tr>
            <th scope="col">from</th>
            <th scope="col">to</th>
            <th scope="col">lost</th>
            <th scope="col" className="words">
              CPUs
            </th>
            <th scope="col" className="words last">
              why
            </th>
          </tr>
        </thead>
        <tbody>
          {losses.map((loss) => (
            <Line key={loss.first} loss={loss} text={text} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LineProps {
  readonly loss: FoundLoss;
  readonly text: (timeNs: number) => string;
}

const Line = memo(function Line({ loss, text }: LineProps) {
  const app = useApp();
  const { fromNs, toNs, lost, cpus, causes } = loss;
  return (
    <tr data-testid="loss">
      <td>{fromNs === null ? 'not known' : text(fromNs)}</td>
      <td>
        <button
          type="button"
          className="link-text figure"
          title="Go to this loss"
          data-testid="loss-go"
          onClick={() => void app.losses.goTo(loss)}
        >
          {text(toNs)}
        </button>
      </td>
      <td className="bad">{formatCount(lost)}</td>
      <td className="words">{cpuWords(cpus)}</td>
      <td className="words last">{causeWords(causes) || 'not known'}</td>
    </tr>
  );
});
/** Of the whole session, with what can be done about each. */
function Causes() {
  const causes = useStatus(({ status }) => status?.lostByCause);
  const lost = useStatus(({ status }) => status?.lost ?? 0);
  const captured = useStatus(({ status }) => hasCaptured(status));
  if (!captured) return <p className="none">Nothing has been captured yet.</p>;
  if (!causes || lost === 0) return <p className="none good">Nothing was lost.</p>;
  const unexplained = lost - Object.values(causes).reduce((sum, count) => sum + count, 0);
  return (
    <dl className="losses">
      {occurredCauses(causes).map((cause) => (
        <Fragment key={cause}>
          <dt>
            <b className="bad">{formatCount(causes[cause])}</b> {LOSS_CAUSE_NAMES[cause]}
          </dt>
          <dd>{CAUSE_HELP[cause]}</dd>
        </Fragment>
      ))}
      {unexplained > 0 && (
        <>
          <dt>
            <b className="bad">{formatCount(unexplained)}</b> cause not known
          </dt>
          <dd>The file says how many records are missing, not why.</dd>
        </>
      )}
    </dl>
  );
}
