/** The editor of the debug print filter: which levels of which component Windows lets through at all. */
import { Button } from '@fluentui/react-components';
import { ArrowClockwiseRegular, ShieldRegular } from '@fluentui/react-icons';
import { useEffect } from 'react';
import type { DebugFilter } from '../../electron/contract/machine.ts';
import { MASK_LEVELS } from '../../electron/contract/machine.ts';
import { hexMask, type MaskRow, maskRows, otherComponents, withLevel } from '../model/debug-mask.ts';
import { formatPlural } from '../model/format.ts';
import { useApp, useDebugFilter } from './app-context.ts';
import { Command } from './command.tsx';
import { FailureText } from './failure-text.tsx';

const COMPONENT_HELP: Readonly<Record<string, string>> = {
  DEFAULT: 'DbgPrint and KdPrint, which write at level info',
  IHVDRIVER: 'DbgPrintEx with DPFLTR_IHVDRIVER_ID',
  WIN2000: 'Added to the mask of every component',
};

export function DebugFilterEditor() {
  const app = useApp();
  const filter = useDebugFilter((state) => state.filter);
  const failure = useDebugFilter((state) => state.failure);
  useEffect(() => void app.debugFilter.refresh(), [app]);
  return (
    <div className="debug-filter" data-testid="debug-filter">
      <p className="note">
        Decides which DbgPrint messages exist at all. Windows reads it when it starts: a change needs a restart.
      </p>
      {filter && <Editor filter={filter} />}
      {failure && <FailureText failure={failure} testId="debug-filter-failure" />}
    </div>
  );
}

function Editor({ filter }: { readonly filter: DebugFilter }) {
  const draft = useDebugFilter((state) => state.draft);
  const saving = useDebugFilter((state) => state.saving);
  const rows = maskRows(filter, draft);
  const changes = rows.filter(({ changed }) => changed).length;
  const locked = filter.elevated === false || saving;
  return (
    <>
      {filter.restartNeeded === true && (
        <p className="restart" role="status" data-testid="debug-filter-restart">
          <ArrowClockwiseRegular /> It was changed after Windows started. Restart Windows for it to take effect.
        </p>
      )}
      <table className="numbers masks">
        <thead>
          <tr>
            <th scope="col">component</th>
            {MASK_LEVELS.map(([name]) => (
              <th key={name} scope="col">
                {name === 'warning' ? 'warn' : name}
              </th>
            ))}
            <th scope="col">mask</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <MaskLine key={row.component} row={row} locked={locked} />
          ))}
        </tbody>
      </table>
      {filter.elevated !== false && <AddComponent others={otherComponents(filter, draft)} locked={locked} />}
      <FilterRights elevated={filter.elevated} />
      {changes > 0 && <SaveBar changes={changes} saving={saving} />}
    </>
  );
}

function MaskLine({ row, locked }: { readonly row: MaskRow; readonly locked: boolean }) {
  const app = useApp();
  const { component, mask, levels, changed } = row;
  return (
    <tr className={changed ? 'changed' : undefined} data-testid={`mask-${component}`}>
      <th scope="row" title={COMPONENT_HELP[component]}>
        {component}
      </th>
      {levels.map(({ name, bit, on, forced }) => (
        <td key={name}>
          <input
            type="checkbox"
            checked={on}
            disabled={locked || forced}
            aria-label={`${component} ${name}`}
            title={forced ? `${name}: Windows lets it through whatever is set here` : name}
            onChange={(event) => app.debugFilter.edit(component, withLevel(mask, bit, event.target.checked))}
          />
        </td>
      ))}
      <td className="mask-value">{hexMask(mask)}</td>
    </tr>
  );
}

function AddComponent({ others, locked }: { readonly others: readonly string[]; readonly locked: boolean }) {
  const app = useApp();
  return (
    <select
      className="field add-component"
      aria-label="Add a component"
      value=""
      disabled={locked}
      data-testid="mask-add"
      onChange={(event) => app.debugFilter.edit(event.target.value, ALL_LEVELS)}
    >
      <option value="" disabled>
        Add a component...
      </option>
      {others.map((component) => (
        <option key={component} value={component}>
          {component}
        </option>
      ))}
    </select>
  );
}

const ALL_LEVELS = MASK_LEVELS.reduce((mask, [, bit]) => mask | bit, 0);

function FilterRights({ elevated }: { readonly elevated: boolean | null }) {
  if (elevated !== false) {
    return (
      <p className="rights" data-testid="debug-filter-rights">
        <ShieldRegular /> Changing it needs the rights of an administrator{elevated === true && ', which RingView has'}.
      </p>
    );
  }
  return (
    <div className="rights lacking" data-testid="debug-filter-rights">
      <p>
        <ShieldRegular /> Changing it needs the rights of an administrator: start RingView with "Run as administrator",
        or run this in a prompt that was started so:
      </p>
      <Command text="npx ringview doctor --set-mask DEFAULT=0xf" testId="copy-mask-command" />
    </div>
  );
}

function SaveBar({ changes, saving }: { readonly changes: number; readonly saving: boolean }) {
  const app = useApp();
  return (
    <div className="driver-actions">
      <Button
        size="small"
        appearance="primary"
        disabledFocusable={saving}
        title="Writes to HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Debug Print Filter"
        data-testid="mask-save"
        onClick={() => void app.debugFilter.save()}
      >
        Write {formatPlural(changes, 'mask')} to the registry
      </Button>
      <Button size="small" disabledFocusable={saving} data-testid="mask-discard" onClick={app.debugFilter.discard}>
        Discard
      </Button>
    </div>
  );
}
