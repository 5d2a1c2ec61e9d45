/** A chip for each CPU, level, logger and source. Many CPUs are one chip that opens a grid. One stop of the keyboard. */
import { useStore } from 'zustand';
import { OTHER_LEVEL } from '../../electron/contract/rows.ts';
import { LEVEL_NAMES } from '../../native/core/entry.ts';
import { hasLevels } from '../model/column-kinds.ts';
import { cpuCountOf } from '../model/cpu-count.ts';
import { filterLine } from '../model/filter-edit.ts';
import { formatPlural, formatShort } from '../model/format.ts';
import type { App } from '../store/app.ts';
import { keyFor, LEVEL_COMMANDS } from '../store/commands.ts';
import { isFiltering } from '../store/filter.ts';
import { useApp, useFilter, usePage, useSourceNames, useStatus, useWithin } from './app-context.ts';
import { CHIP_HOW, Chip } from './chip.tsx';
import { CpuChip } from './cpu-chip.tsx';
import { CpuFold } from './cpu-fold.tsx';
import { ProviderChips } from './provider-chips.tsx';
import { RateLine } from './rate-line.tsx';
import { useRovingFocus } from './roving-focus.ts';
import { useNarrow } from './use-narrow.ts';

/** More CPUs than this are folded into one chip; in a narrow window, more than so few. */
const ROW_OF_CHIPS = 16;
const NARROW_ROW_OF_CHIPS = 4;

export function Chips() {
  const cpuCount = useStatus(({ status }) => cpuCountOf(status));
  const narrow = useNarrow();
  const roving = useRovingFocus();
  const folds = cpuCount > (narrow ? NARROW_ROW_OF_CHIPS : ROW_OF_CHIPS);
  return (
    <div className="chips" role="toolbar" aria-label="CPUs and levels" data-testid="chips" data-own-keys="" {...roving}>
      {folds ? <CpuFold count={cpuCount} /> : cpuCount > 0 && <CpuChips count={cpuCount} />}
      <LevelChips />
      <ProviderChips narrow={narrow} />
      <SourceChips />
      <WithinChip />
      <ResetButton />
      <RateLine />
    </div>
  );
}

function CpuChips({ count }: { readonly count: number }) {
  return (
    <>
      <span className="chips-label" aria-hidden="true">
        CPU
      </span>
      <div className="chip-row">
        {Array.from({ length: count }, (_, cpu) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a CPU is its number
          <CpuChip key={cpu} cpu={cpu} count={count} />
        ))}
      </div>
    </>
  );
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
      tip={`${whole}. ${CHIP_HOW}`}
      testId={`source-chip-${id}`}
      onToggle={() => app.filter.toggleSource(id)}
      onIsolate={() => app.filter.isolateSource(id, ids)}
    >
      <span className="only-read">Source </span>
      {name}
    </Chip>
  );
}

/** A log that states no level has nothing to hide by them, unless some are hidden already. */
function LevelChips() {
  const stated = useStatus(({ status }) => hasLevels(status));
  const hides = useFilter((filter) => filter.applied.hiddenLevels.length > 0);
  if (!stated && !hides) return null;
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
      tip={`${name}: ${formatPlural(count, 'record')} (${keyFor(LEVEL_COMMANDS[level] ?? 'toggleOther')}). ${CHIP_HOW}`}
      testId={`level-chip-${level}`}
      onToggle={() => app.filter.toggleLevel(level)}
      onIsolate={() => app.filter.isolateLevel(level)}
    >
      <span className="only-read">Level </span>
      {name} {count > 0 && <span className="chip-count">{formatShort(count)}</span>}
    </Chip>
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
