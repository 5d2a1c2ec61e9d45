/**
 * Which messages the session is made of: those that differ only in their numbers are one line. What floods stands first;
 * a click shows only such messages in the table, or hides them.
 */
import { EyeOffRegular } from '@fluentui/react-icons';
import { useEffect } from 'react';
import { MAX_PATTERN_TEXT } from '../../electron/contract/limits.ts';
import type { TemplateFigures, TemplateOrder, TemplateReport } from '../../electron/contract/templates.ts';
import { formatCount, formatPercent, formatPlural, formatShare, formatShort } from '../model/format.ts';
import { useApp, useTemplates } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { IconButton } from './icon-button.tsx';
import { useTimeColumns } from './use-time-columns.ts';

const ORDERS: readonly { readonly order: TemplateOrder; readonly label: string; readonly tip: string }[] = [
  { order: 'count', label: 'Most', tip: 'Most messages first' },
  { order: 'rate', label: 'Fastest', tip: 'Most messages a second now first' },
  { order: 'newest', label: 'Newest', tip: 'What came for the first time last, first' },
  { order: 'silent', label: 'Silent', tip: 'What has not come for longest, though it came often, first' },
];

export function PatternsPane() {
  const app = useApp();
  const report = useTemplates((state) => state.report);
  useEffect(() => app.templates.watch(), [app]);
  return (
    <section className="patterns" aria-label="Patterns of messages" data-testid="patterns-pane" data-own-keys="">
      <header className="patterns-head">
        <Orders />
        <span className="patterns-sum" role="status" data-testid="patterns-sum">
          {report === null ? 'Counting' : sumWords(report)}
        </span>
      </header>
      <FailureNote failure={report?.failure ?? null} className="patterns-note bad" />
      {report !== null && report.rows.length === 0 && report.counted === report.total && (
        <p className="patterns-note none">
          No message yet. Those that differ only in numbers are counted together here.
        </p>
      )}
      {report !== null && report.rows.length > 0 && <List report={report} />}
    </section>
  );
}

function Orders() {
  const app = useApp();
  const chosen = useTemplates((state) => state.order);
  return (
    <fieldset className="query-toggles" aria-label="Order">
      {ORDERS.map(({ order, label, tip }) => (
        <button
          key={order}
          type="button"
          className="mini words"
          aria-pressed={order === chosen}
          title={tip}
          data-testid={`patterns-${order}`}
          onClick={() => app.templates.setOrder(order)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

/** What the list is about, and what of the log it does not tell apart. */
function sumWords({ counted, total, missed, templates, others, rows }: TemplateReport): string {
  const going = counted + missed < total ? `${formatPercent(counted / total)} of ` : '';
  const words = [`${formatPlural(templates, 'pattern')} in ${going}${formatPlural(total, 'record')}`];
  if (rows.length < templates) words.push(`the first ${rows.length} of them are listed`);
  if (others > 0) words.push(`${formatPlural(others, 'record')} of rarer ones, counted together`);
  if (missed > 0) words.push(`${formatPlural(missed, 'record')} left before they were counted`);
  return words.join('; ');
}

function List({ report }: { readonly report: TemplateReport }) {
  const { text } = useTimeColumns();
  return (
    <div className="patterns-scroll">
      <table className="numbers patterns-list">
        <thead>
          <tr>
            <th scope="col">count</th>
            <th scope="col">share</th>
            <th scope="col" title="Over the last second of the log">
              /s
            </th>
            <th scope="col" className="wide-only">
              first
            </th>
            <th scope="col" className="wide-only">
              last
            </th>
            <th scope="col" className="message" title="# stands for what varies">
              message
            </th>
            <th scope="col" aria-label="hide" />
          </tr>
        </thead>
        <tbody>
          {report.rows.map((figures) => (
            <Line key={figures.template} figures={figures} report={report} text={text} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LineProps {
  readonly figures: TemplateFigures;
  readonly report: TemplateReport;
  readonly text: (timeNs: number) => string;
}

function Line({ figures, report, text }: LineProps) {
  const app = useApp();
  const { template, count, perSecond, firstNs, firstRow, lastNs, lastRow, isNew, isSilent } = figures;
  const usable = template !== '' && template.length <= MAX_PATTERN_TEXT / 2;
  const filter = (hides: boolean): void => app.filter.addTerm({ kind: 'like', template }, hides);
  return (
    <tr data-testid="pattern">
      <td>{formatCount(count)}</td>
      <td>{formatShare(count / Math.max(1, report.counted))}</td>
      <td>{perSecond === 0 ? '' : formatShort(Math.max(1, Math.round(perSecond)))}</td>
      <td className="wide-only">
        <TimeLink row={firstRow} words={text(firstNs)} name="first" />
      </td>
      <td className="wide-only">
        <TimeLink row={lastRow} words={text(lastNs)} name="last" />
      </td>
      <td className="message">
        {isNew && (
          <span className="badge calm" title="Came first after the last bookmark">
            new
          </span>
        )}
        {isSilent && (
          <span className="badge" title={`None since ${text(lastNs)}`}>
            silent
          </span>
        )}
        <button
          type="button"
          className="link-text"
          disabled={!usable}
          title={`Show only messages like this: ${template}`}
          data-testid="pattern-only"
          onClick={() => filter(false)}
        >
          {template === '' ? '(empty)' : template}
        </button>
      </td>
      <td>
        <IconButton
          icon={<EyeOffRegular />}
          name={`Hide messages like ${template}`}
          title="Hide messages like this"
          testId="pattern-hide"
          isIdle={!usable}
          onClick={() => filter(true)}
        />
      </td>
    </tr>
  );
}

function TimeLink({ row, words, name }: { readonly row: number; readonly words: string; readonly name: string }) {
  const app = useApp();
  return (
    <button
      type="button"
      className="link-text figure"
      title={`Go to the ${name} of them`}
      data-testid={`pattern-${name}`}
      onClick={() => void app.goToRow(row)}
    >
      {words}
    </button>
  );
}
