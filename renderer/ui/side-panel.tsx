/** Statistics: source, rate, CPUs, losses, memory, and the driver's own counters. */
import { Button } from '@fluentui/react-components';
import { type CSSProperties, Fragment, type ReactNode, useEffect, useRef } from 'react';
import type { CpuStats, RingFigures, SourceStatus } from '../../electron/contract/status.ts';
import { LOSS_CAUSE_NAMES } from '../../native/core/entry.ts';
import { cpuColour } from '../model/cpu-hue.ts';
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatPlural,
  formatRate,
  formatShort,
  sentence,
} from '../model/format.ts';
import { CAUSE_HELP, occurredCauses } from '../model/loss.ts';
import { hasCaptured } from '../model/source-state.ts';
import { tip } from '../store/commands.ts';
import type { Section as SectionId } from '../store/ui.ts';
import { useApp, useRun, useStatus, useUi } from './app-context.ts';
import { DoctorSection } from './doctor-section.tsx';
import { DriverSection } from './driver-section.tsx';
import { RatePlot } from './rate-plot.tsx';
import { Sources } from './source-section.tsx';

export function SidePanel() {
  return (
    <aside className="side" aria-label="Statistics" data-testid="side-panel">
      <Section id="rate" title="Rate">
        <RatePlot />
        <PatternsLink />
      </Section>
      <Section id="cpus" title="CPUs">
        <CpuTables />
      </Section>
      <Section id="losses" title="Losses">
        <Losses />
      </Section>
      <Section id="memory" title="Retention">
        <Memory />
      </Section>
      <Section id="counters" title="Driver counters">
        <Counters />
      </Section>
      <Section id="source" title="Source">
        <Sources />
      </Section>
      <Section id="driver" title="Driver">
        <DriverSection />
      </Section>
      <Section id="doctor" title="Doctor">
        <DoctorSection />
      </Section>
    </aside>
  );
}

/** From how much comes to what it is that comes. */
function PatternsLink() {
  const run = useRun();
  return (
    <Button
      size="small"
      title={tip('togglePatterns')}
      data-testid="patterns-open"
      onClick={() => run('togglePatterns')}
    >
      Which messages?
    </Button>
  );
}

/** Scrolls itself into view when the status bar asks for it. */
function Section({
  id,
  title,
  children,
}: {
  readonly id: SectionId;
  readonly title: string;
  readonly children: ReactNode;
}) {
  const element = useRef<HTMLElement>(null);
  const request = useUi(({ reveal }) => (reveal?.section === id ? reveal.request : 0));
  useEffect(() => {
    if (request > 0) element.current?.scrollIntoView({ block: 'start' });
  }, [request]);
  return (
    <section
      ref={element}
      className={request > 0 ? 'section asked' : 'section'}
      key={request}
      aria-label={title}
      data-testid={`stats-${id}`}
    >
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function CpuTables() {
  const sources = useStatus(({ status }) => status?.sources);
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

function CpuTable({ source: { cpus, rates } }: { readonly source: SourceStatus }) {
  const late = cpus.some((stats) => stats.late > 0);
  const rings = cpus.some(({ ring }) => ring !== undefined);
  if (cpus.length === 0) return <p className="none">Nothing was read yet.</p>;
  return (
    <table className="numbers">
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

function Losses() {
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
      {failure && (
        <p className="note bad">
          {sentence(failure.message)} {sentence(failure.action)}
        </p>
      )}
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
