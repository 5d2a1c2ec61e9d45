/** Statistics, side by side as far as the window is wide: rate, CPUs, the driver's own counters, memory. */
import { Button } from '@fluentui/react-components';
import { type CSSProperties, Fragment } from 'react';
import type { CpuStats, RingFigures, SourceStatus } from '../../../electron/contract/status.ts';
import { cpuColour } from '../../model/cpu-hue.ts';
import { formatBytes, formatCount, formatPercent, formatPlural, formatRate, formatShort } from '../../model/format.ts';
import { isRecorded } from '../../model/source-state.ts';
import { type Command, tip } from '../../store/commands.ts';
import { useApp, useRun, useStatus } from '../app-context.ts';
import { FailureNote } from '../failure-text.tsx';
import { RatePlot } from '../rate-plot.tsx';
import { Section } from './section.tsx';

export function StatisticsPane() {
  return (
    <div className="pane-scroll statistics" data-testid="statistics-pane">
      <Section id="rate" title="Rate">
        <RatePlot />
        <PatternsLink />
      </Section>
      <Section id="cpus" title="CPUs">
        <CpuTables />
        <LanesLink />
      </Section>
      <Section id="counters" title="Driver counters">
        <Counters />
      </Section>
      <Section id="memory" title="Retention">
        <Memory />
      </Section>
    </div>
  );
}

/** From how much comes to what it is that comes. */
const PatternsLink = () => <PaneLink command="pane.patterns" words="Which messages?" testId="patterns-open" />;
const LanesLink = () => <PaneLink command="pane.lanes" words="Over time" testId="lanes-open" />;

interface PaneLinkProps {
  readonly command: Command;
  readonly words: string;
  readonly testId: string;
}

/** Opens the pane that tells more. */
function PaneLink({ command, words, testId }: PaneLinkProps) {
  const run = useRun();
  return (
    <Button size="small" title={tip(command)} data-testid={testId} onClick={() => run(command)}>
      {words}
    </Button>
  );
}

function CpuTables() {
  const sources = useStatus(({ status }) => status?.sources);
  const recorded = useStatus(({ status }) => isRecorded(status));
  if (recorded) return <p className="none">What was recorded has no source that counts: its lanes have the CPUs.</p>;
  if (!sources || sources.length === 0) return <p className="none">No source yet.</p>;
  if (sources.length === 1) return <CpuTable source={sources[0] as SourceStatus} />;
  return sources.map((source) => (
    <Fragment key={source.id}>
      <h3 className="source-name">
        {source.name} <span className="quiet">{formatRate(source.perSecond)}</span>
      </h3>
      <CpuTable source={source} />
    </Fragment>
  ));
}

/** CPUs of one table; more of them stand in several side by side. */
const CPUS_A_TABLE = 8;

function CpuTable({ source: { cpus, rates } }: { readonly source: SourceStatus }) {
  if (cpus.length === 0) return <p className="none">Nothing was read yet.</p>;
  const tables = Math.ceil(cpus.length / CPUS_A_TABLE);
  return (
    <div className="cpu-tables">
      {Array.from({ length: tables }, (_, table) => {
        const some = cpus.slice(table * CPUS_A_TABLE, (table + 1) * CPUS_A_TABLE);
        return <OneTable key={some[0]?.cpu} cpus={some} all={cpus} rates={rates} />;
      })}
    </div>
  );
}

interface TableProps extends Pick<SourceStatus, 'cpus' | 'rates'> {
  /** All CPUs of the source, so that its tables have the same columns. */
  readonly all: SourceStatus['cpus'];
}

function OneTable({ cpus, all, rates }: TableProps) {
  const late = all.some((stats) => stats.late > 0);
  const rings = all.some(({ ring }) => ring !== undefined);
  return (
    <table className="numbers one-cpu-table">
      <thead>
        <tr>
          <th scope="col">cpu</th>
          <th scope="col">/s</th>
          <th scope="col">read</th>
          <th scope="col">lost</th>
          {late && <th scope="col">late</th>}
          {rings && (
            <th scope="col" className="fill-head" title="Fill of the ring now; the mark is the highest seen">
              ring
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {cpus.map((stats) => (
          <CpuLine
            key={stats.cpu}
            stats={stats}
            late={late}
            rate={rates.find((each) => each.cpu === stats.cpu)?.perSecond ?? 0}
          />
        ))}
      </tbody>
    </table>
  );
}

function CpuLine({ stats, rate, late }: { readonly stats: CpuStats; readonly rate: number; readonly late: boolean }) {
  return (
    <tr data-testid={`cpu-line-${stats.cpu}`}>
      <th scope="row">
        <span className="cpu" style={{ '--cpu': cpuColour(stats.cpu) } as CSSProperties}>
          {stats.cpu}
        </span>
      </th>
      <td>{formatShort(rate)}</td>
      <td title={formatCount(stats.read)}>{formatShort(stats.read)}</td>
      <td className={stats.lost > 0 ? 'bad' : 'zero'} title={formatCount(stats.lost)}>
        {formatShort(stats.lost)}
      </td>
      {late && <td className={stats.late > 0 ? 'warn' : 'zero'}>{formatShort(stats.late)}</td>}
      {stats.ring && <RingFill ring={stats.ring} />}
    </tr>
  );
}

function RingFill({ ring: { pendingBytes, peakPendingBytes, ringBytes } }: { readonly ring: RingFigures }) {
  const fill = ringBytes > 0 ? pendingBytes / ringBytes : 0;
  const peak = ringBytes > 0 ? peakPendingBytes / ringBytes : 0;
  return (
    <td className="fill-cell">
      <span
        className={`fill${peak >= 1 ? ' full' : ''}`}
        style={{ '--fill': fill, '--peak': Math.min(1, peak) } as CSSProperties}
        title={`${formatPercent(fill)} of ${formatBytes(ringBytes)} now, ${formatPercent(peak)} at most`}
      />
    </td>
  );
}

function Memory() {
  const used = useStatus(({ status }) => status?.memoryBytes ?? 0);
  const cap = useStatus(({ status }) => status?.memoryCapBytes ?? 0);
  const evicted = useStatus(({ status }) => status?.evictedRecords ?? 0);
  const diskRows = useStatus(({ status }) => status?.retention.diskRows ?? 0);
  const diskBytes = useStatus(({ status }) => status?.retention.diskBytes ?? 0);
  const failure = useStatus(({ status }) => status?.retention.failure ?? null);
  const hidden = useStatus(({ status }) => status?.retention.hiddenRows ?? 0);
  const app = useApp();
  const share = cap > 0 ? Math.min(1, used / cap) : 0;
  return (
    <>
      <span className="fill wide" style={{ '--fill': share, '--peak': share } as CSSProperties} />
      <p className="note">
        {formatBytes(used)} of {formatBytes(cap)}.{' '}
        {diskRows > 0
          ? `${formatCount(diskRows)} of the oldest rows lie on disk, ${formatBytes(diskBytes)}.`
          : 'At the cap the oldest rows go to disk.'}
        {evicted > 0 && ` ${formatPlural(evicted, 'record')} dropped.`}
        {hidden > 0 && ` ${formatPlural(hidden, 'record')} hidden by the filter and not kept.`}{' '}
        <button type="button" className="link" onClick={() => app.ui.setRetention(true)}>
          Change…
        </button>
      </p>
      <FailureNote failure={failure} className="note bad" />
    </>
  );
}

type RingCpuStats = CpuStats & { readonly ring: RingFigures };

/** Counters of the producer, summed over its CPUs. */
const COUNTERS: readonly {
  readonly name: string;
  readonly help: string;
  readonly of: (stats: RingCpuStats) => number;
}[] = [
  { name: 'written', help: 'Records the driver completed', of: (s) => s.ring.written },
  { name: 'overwritten', help: 'Records it replaced before they were read', of: (s) => s.ring.overwritten },
  { name: 'wrapped', help: 'Times a ring began again at its start', of: (s) => s.ring.wrapped },
  { name: 'too big', help: 'Attempts longer than the longest record', of: (s) => s.lostByCause.tooBig },
  { name: 'zero length', help: 'Attempts without data', of: (s) => s.lostByCause.zeroLength },
  { name: 'missing data', help: 'Attempts with a length but no buffer', of: (s) => s.lostByCause.missingData },
  {
    name: 'bad consumer positions',
    help: 'Positions from a reader that the driver refused',
    of: (s) => s.ring.badConsumer,
  },
  {
    name: 'index holes',
    help: 'Indices taken and left unused, because an interrupt reserved first',
    of: (s) => s.ring.indexHoles,
  },
];

function Counters() {
  const sources = useStatus(({ status }) => status?.sources);
  const recorded = useStatus(({ status }) => isRecorded(status));
  if (recorded) return <p className="none">What was recorded has no driver behind it that counts.</p>;
  if (!sources || sources.length === 0) return <p className="none">No source yet.</p>;
  const cpus = sources
    .flatMap((source) => source.cpus)
    .filter((stats): stats is RingCpuStats => stats.ring !== undefined);
  if (cpus.length === 0) return <p className="none">A file has no driver behind it that counts.</p>;
  return (
    <table className="numbers counters">
      <tbody>
        {COUNTERS.map(({ name, help, of }) => {
          const sum = cpus.reduce((total, stats) => total + of(stats), 0);
          return (
            <tr key={name} title={help}>
              <th scope="row">{name}</th>
              <td className={sum === 0 ? 'zero' : undefined}>{formatCount(sum)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
