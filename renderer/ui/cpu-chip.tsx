/** The chip of one CPU, with a dot where records of it were lost. */
import type { CSSProperties } from 'react';
import type { CpuStats, Status } from '../../electron/contract/status.ts';
import { cpuColour } from '../model/cpu-hue.ts';
import { formatCount } from '../model/format.ts';
import { useApp, useFilter, useStatus } from './app-context.ts';
import { CHIP_HOW, Chip } from './chip.tsx';

/** Figures of CPU `cpu` of every source. */
function statsOf(status: Status | null, cpu: number): CpuStats[] {
  return (status?.sources ?? []).flatMap(({ cpus }) => cpus.find((each) => each.cpu === cpu) ?? []);
}

function cpuTip(cpu: number, stats: readonly CpuStats[]): string {
  const sum = (of: (each: CpuStats) => number) => formatCount(stats.reduce((total, each) => total + of(each), 0));
  const numbers = stats.length > 0 ? `: ${sum(({ read }) => read)} read, ${sum(({ lost }) => lost)} lost` : '';
  return `CPU ${cpu}${numbers}. ${CHIP_HOW}`;
}

export function CpuChip({ cpu, count }: { readonly cpu: number; readonly count: number }) {
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
