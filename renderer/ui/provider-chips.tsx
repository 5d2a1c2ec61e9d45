/** A chip for each of those who log, where there are several: drivers by their names, providers of traces. Many are one chip. */
import { Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons';
import { useMemo } from 'react';
import { hiddenProviders, PROVIDERS_IN_A_ROW, providerNames } from '../model/provider-chips.ts';
import { useApp, useEventNames, useFilter } from './app-context.ts';
import { CHIP_HOW, Chip } from './chip.tsx';
import { useRovingFocus } from './roving-focus.ts';

interface Names {
  readonly names: readonly string[];
  readonly hidden: ReadonlySet<string>;
}

export function ProviderChips({ narrow }: { readonly narrow: boolean }) {
  const byNumber = useEventNames((state) => state.byNumber);
  const applied = useFilter((filter) => filter.applied);
  const names = useMemo(() => providerNames(byNumber.values()), [byNumber]);
  const hidden = useMemo(() => hiddenProviders(applied, names), [applied, names]);
  if (names.length === 0) return null;
  const folds = names.length > (narrow ? PROVIDERS_IN_A_ROW.narrow : PROVIDERS_IN_A_ROW.wide);
  if (folds) return <Fold names={names} hidden={hidden} />;
  return (
    <div className="chip-row provider-chips" data-testid="provider-chips">
      <Each names={names} hidden={hidden} />
    </div>
  );
}

function Each({ names, hidden }: Names) {
  const app = useApp();
  return names.map((name) => (
    <Chip
      key={name}
      className="chip provider-chip"
      shown={!hidden.has(name)}
      tip={`${name}. ${CHIP_HOW}`}
      testId={`provider-chip-${name}`}
      onToggle={() => app.filter.toggleProvider(name)}
      onIsolate={() => app.filter.isolateProvider(name, names)}
    >
      <span className="only-read">Logger </span>
      {name}
    </Chip>
  ));
}

function Fold({ names, hidden }: Names) {
  const count = names.length;
  const shown = hidden.size === 0 ? `${count}` : `${count - hidden.size} of ${count}`;
  return (
    <Popover positioning="below-start" trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <button
          type="button"
          className={`chip cpu-fold${hidden.size > 0 ? ' some' : ''}`}
          title={`${shown} loggers are shown. Click for each of them`}
          data-testid="provider-fold"
        >
          loggers {shown}
          <ChevronDownRegular fontSize={12} aria-hidden="true" />
        </button>
      </PopoverTrigger>
      <PopoverSurface className="cpu-grid-surface" aria-label="Loggers" data-own-keys="">
        <Column names={names} hidden={hidden} />
      </PopoverSurface>
    </Popover>
  );
}

function Column(all: Names) {
  const roving = useRovingFocus(1);
  return (
    <div className="chip-column" role="group" aria-label="Loggers shown" data-testid="provider-chips" {...roving}>
      <Each {...all} />
    </div>
  );
}
