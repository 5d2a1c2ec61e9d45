/**
 * A chip for each CPU and each level: a click hides or shows it, with Alt it hides all others. Many CPUs are shown as a
 * small grid.
 */
import type { CSSProperties, KeyboardEvent, MouseEvent } from 'react';
import { useStore } from 'zustand';
import { MAX_CPUS } from '../../electron/contract/limits.ts';
import { OTHER_LEVEL } from '../../electron/contract/rows.ts';
import type { CpuStats, Status } from '../../electron/contract/status.ts';
import { LEVEL_NAMES } from '../../native/core/entry.ts';
import { cpuColour } from '../model/cpu-hue.ts';
import { filterLine } from '../model/filter-edit.ts';
import { formatCount, formatPlural, formatShort } from '../model/format.ts';
import type { App } from '../store/app.ts';
import { keyFor, LEVEL_COMMANDS } from '../store/commands.ts';
import { isFiltering } from '../store/filter.ts';
import { useApp, useFilter, usePage, useSourceNames, useStatus, useWithin } from './app-context.ts';

/** More CPUs than this are drawn as a grid of small squares. */
const ROW_OF_CHIPS = 16;

const HOW = 'Click shows or hides, Alt+click (Alt+Enter) shows this one alone.';

/** CPUs that producers have, or that the records of files name. */
function cpuCountOf(status: Status | null): number {
  const counts = (status?.sources ?? []).map(({ info, cpus }) => Math.max(info.cpuCount, (cpus.at(-1)?.cpu ?? -1) + 1));
  return Math.min(MAX_CPUS, Math.max(0, ...counts));
}

export function Chips() {
  const cpuCount = useStatus(({ status }) => cpuCountOf(status));
  return (
    <div className="chips" role="toolbar" aria-label="CPUs and levels" data-testid="chips" data-own-keys="">
      {cpuCount > 0 && <CpuChips count={cpuCount} />}
      <LevelChips />
      <SourceChips />
      <WithinChip />
      <ResetButton />
    </div>
  );
}

function CpuChips({ count }: { readonly count: number }) {
  const many = count > ROW_OF_CHIPS;
  const columns = Math.min(32, Math.ceil(count / 2));
  return (
    <>
      <span className="chips-label">CPU</span>
      <div
        className={many ? 'chip-grid' : 'chip-row'}
        style={many ? ({ '--chip-columns': columns } as CSSProperties) : undefined}
      >
        {Array.from({ length: count }, (_, cpu) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a CPU is its number
          <CpuChip key={cpu} cpu={cpu} count={count} />
        ))}
      </div>
    </>
  );
}

/** Figures of CPU `cpu` of every source. */
function statsOf(status: Status | null, cpu: number): CpuStats[] {
  return (status?.sources ?? []).flatMap(({ cpus }) => cpus.find((each) => each.cpu === cpu) ?? []);
}

function cpuTip(cpu: number, stats: readonly CpuStats[]): string {
  const sum = (of: (each: CpuStats) => number) => formatCount(stats.reduce((total, each) => total + of(each), 0));
  const numbers = stats.length > 0 ? `: ${sum(({ read }) => read)} read, ${sum(({ lost }) => lost)} lost` : '';
  return `CPU ${cpu}${numbers}. ${HOW}`;
}

/** A chip a source, where there are several. */
function SourceChips() {
  const names = useSourceNames();
  if (names === null) return null;
  const ids = [...names.keys()];
  return (
    <div className="chip-row source-chips">
      {[...names].map(([id, name]) => (
        <SourceChip key={id} id={id} name={name} ids={ids} />
      ))}
    </div>
  );
}

function SourceChip({
  id,
  name,
  ids,
}: {
  readonly id: number;
  readonly name: string;
  readonly ids: readonly number[];
}) {
  const app = useApp();
  const hidden = useFilter((filter) => filter.applied.hiddenSources.includes(id));
  const lost = useStatus(({ status }) => (status?.sources.find((source) => source.id === id)?.lost ?? 0) > 0);
  const whole = useStatus(({ status }) => status?.sourceNames.find((source) => source.id === id)?.name ?? name);
  return (
    <Chip
      className={`chip source-chip${lost ? ' lossy' : ''}`}
      shown={!hidden}
      label={`Source ${name}`}
      tip={`${whole}. ${HOW}`}
      testId={`source-chip-${id}`}
      onToggle={() => app.filter.toggleSource(id)}
      onIsolate={() => app.filter.isolateSource(id, ids)}
    >
      {name}
    </Chip>
  );
}

function CpuChip({ cpu, count }: { readonly cpu: number; readonly count: number }) {
  const app = useApp();
  const hidden = useFilter((filter) => filter.applied.hiddenCpus.includes(cpu));
  const lost = useStatus(({ status }) => statsOf(status, cpu).some((stats) => stats.lost > 0));
  const tip = useStatus(({ status }) => cpuTip(cpu, statsOf(status, cpu)));
  return (
    <Chip
      className={`chip cpu-chip${lost ? ' lossy' : ''}`}
      style={{ '--cpu': cpuColour(cpu) } as CSSProperties}
      shown={!hidden}
      label={`CPU ${cpu}`}
      tip={tip}
      testId={`cpu-chip-${cpu}`}
      onToggle={() => app.filter.toggleCpu(cpu)}
      onIsolate={() => app.filter.isolateCpu(cpu, count)}
    >
      {cpu}
    </Chip>
  );
}

function LevelChips() {
  return (
    <div className="chip-row level-chips">
      {[...LEVEL_NAMES, 'other'].map((name, level) => (
        <LevelChip key={name} level={level} name={name} />
      ))}
    </div>
  );
}

function LevelChip({ level, name }: { readonly level: number; readonly name: string }) {
  const app = useApp();
  const hidden = useFilter((filter) => filter.applied.hiddenLevels.includes(level));
  const count = useStatus(({ status }) => status?.levels[level] ?? 0);
  // A chip for levels beyond the known ones is shown only if there are such rows.
  if (level === OTHER_LEVEL && count === 0 && !hidden) return null;
  return (
    <Chip
      className={`chip level-chip level-${level}`}
      shown={!hidden}
      label={`Level ${name}`}
      tip={`${name}: ${formatPlural(count, 'record')} (${keyFor(LEVEL_COMMANDS[level] ?? 'toggleOther')}). ${HOW}`}
      testId={`level-chip-${level}`}
      onToggle={() => app.filter.toggleLevel(level)}
      onIsolate={() => app.filter.isolateLevel(level)}
    >
      {name}
      {count > 0 && <span className="chip-count">{formatShort(count)}</span>}
    </Chip>
  );
}

interface ChipProps {
  readonly className: string;
  readonly style?: CSSProperties;
  readonly shown: boolean;
  readonly label: string;
  readonly tip: string;
  readonly testId: string;
  readonly onToggle: () => void;
  readonly onIsolate: () => void;
  readonly children: React.ReactNode;
}

function Chip({ className, style, shown, label, tip, testId, onToggle, onIsolate, children }: ChipProps) {
  return (
    <button
      type="button"
      className={className}
      style={style}
      aria-pressed={shown}
      aria-label={label}
      title={tip}
      data-testid={testId}
      onClick={(event: MouseEvent) => (event.altKey ? onIsolate() : onToggle())}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== 'Enter' || !event.altKey) return;
        event.preventDefault();
        onIsolate();
      }}
    >
      {children}
    </button>
  );
}

/** Says by what this view is filtered besides, and leads to the view it is linked to. */
function WithinChip() {
  const page = usePage();
  const within = useWithin();
  const parent = typeof within === 'number' ? page.appOf(within) : null;
  if (within === undefined) return null;
  if (parent === null) {
    return (
      <span
        className="within"
        title="The view that this one is linked to was closed; its last filter stays"
        data-testid="within"
      >
        within a closed view
      </span>
    );
  }
  return <WithinView parent={parent} />;
}

function WithinView({ parent }: { readonly parent: App }) {
  const page = usePage();
  const line = useStore(parent.filter.store, ({ applied }) => filterLine(applied)) || 'all';
  return (
    <button
      type="button"
      className="within"
      title={`This view shows only what passes this filter too, whatever it becomes: ${line}. Click for its view`}
      data-testid="within"
      onClick={() => page.show(parent.look.view)}
    >
      within {line}
    </button>
  );
}

function ResetButton() {
  const app = useApp();
  const filtering = useFilter(isFiltering);
  if (!filtering) return null;
  return (
    <button
      type="button"
      className="reset"
      title={`Show everything again (${keyFor('showEverything')})`}
      data-testid="filter-reset"
      onClick={app.filter.reset}
    >
      reset filter
    </button>
  );
}
