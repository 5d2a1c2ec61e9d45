/** One chip for all CPUs, where there are too many for a row or the window is too narrow: it opens them as a grid. */
import { Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons';
import type { CSSProperties } from 'react';
import { useFilter, useStatus } from './app-context.ts';
import { CpuChip } from './cpu-chip.tsx';
import { useRovingFocus } from './roving-focus.ts';

/** CPUs of a line of the grid. */
const COLUMNS = 16;

export function CpuFold({ count }: { readonly count: number }) {
  const hidden = useFilter((filter) => filter.applied.hiddenCpus.filter((cpu) => cpu < count).length);
  const lossy = useStatus(({ status }) => (status?.lost ?? 0) > 0);
  const shown = hidden === 0 ? `${count}` : `${count - hidden} of ${count}`;
  return (
    <Popover positioning="below-start" trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <button
          type="button"
          className={`chip cpu-fold${hidden > 0 ? ' some' : ''}${lossy ? ' lossy' : ''}`}
          title={`${shown} CPUs are shown${lossy ? '; records were lost' : ''}. Click for each of them`}
          data-testid="cpu-fold"
        >
          CPUs {shown}
          <ChevronDownRegular fontSize={12} aria-hidden="true" />
        </button>
      </PopoverTrigger>
      <PopoverSurface className="cpu-grid-surface" aria-label="CPUs" data-own-keys="">
        <CpuGrid count={count} />
      </PopoverSurface>
    </Popover>
  );
}

function CpuGrid({ count }: { readonly count: number }) {
  const columns = Math.min(COLUMNS, count);
  const roving = useRovingFocus(columns);
  return (
    <div
      className="chip-grid"
      role="group"
      aria-label="CPUs shown"
      style={{ '--chip-columns': columns } as CSSProperties}
      {...roving}
    >
      {Array.from({ length: count }, (_, cpu) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a CPU is its number
        <CpuChip key={cpu} cpu={cpu} count={count} />
      ))}
    </div>
  );
}
