/** Who logs through the loaded driver, which levels of each are switched on, and of which its texts carry a stack. */
import type { Logger } from '../../electron/contract/machine.ts';
import { LEVEL_NAMES } from '../../native/core/entry.ts';
import { offNames } from '../../native/core/logger-mask.ts';
import { chosenStacks, stackChoices } from '../model/stack-choices.ts';
import { useApp } from './app-context.ts';

/** Whose records come long after their calls, when there is no stack any more. */
const PROGRAMS = 'programs';

export function Loggers({ loggers }: { readonly loggers: readonly Logger[] }) {
  return (
    <table className="numbers driver-loggers" data-testid="driver-loggers">
      <thead>
        <tr>
          <th scope="col">who logs</th>
          {LEVEL_NAMES.map((level) => (
            <th
              key={level}
              scope="col"
              title={`Whether ${level} is logged; what is off costs a driver next to nothing`}
            >
              {level}
            </th>
          ))}
          <th
            scope="col"
            title="Of which levels texts carry the stack of the call; it costs a walk over the stack and up to 128 bytes for each"
          >
            stacks
          </th>
        </tr>
      </thead>
      <tbody>
        {loggers.map((logger) => (
          <LoggerRow key={logger.name} logger={logger} />
        ))}
      </tbody>
    </table>
  );
}

function LoggerRow({ logger: { name, off, stacks, attached } }: { readonly logger: Logger }) {
  const app = useApp();
  const hidden = offNames({ levels: off.levels.filter((level) => level >= LEVEL_NAMES.length), types: off.types });
  const state = attached === 0 ? 'not attached' : 'attached';
  return (
    <tr>
      <th scope="row" title={`${name}: ${[state, ...hidden.map((each) => `${each} off`)].join(', ')}`}>
        {name}
        {hidden.length > 0 && <span className="quiet"> {hidden.join(', ')} off</span>}
      </th>
      {LEVEL_NAMES.map((label, level) => (
        <td key={label}>
          <input
            type="checkbox"
            aria-label={`${label} of ${name}`}
            checked={!off.levels.includes(level)}
            data-testid={`logger-${name}-${label}`}
            onChange={(event) => void app.driver.setLevel(name, level, event.target.checked)}
          />
        </td>
      ))}
      <td>{name !== PROGRAMS && <Stacks name={name} stacks={stacks} />}</td>
    </tr>
  );
}

function Stacks({ name, stacks }: { readonly name: string; readonly stacks: readonly number[] }) {
  const app = useApp();
  const choices = stackChoices(stacks);
  return (
    <select
      className="field"
      aria-label={`stacks of ${name}`}
      value={chosenStacks(choices, stacks)}
      data-testid={`stacks-${name}`}
      onChange={(event) => {
        const chosen = choices[Number(event.target.value)];
        if (chosen !== undefined) void app.driver.setStacks(name, chosen.levels);
      }}
    >
      {choices.map(({ words }, at) => (
        <option key={words} value={at}>
          {words}
        </option>
      ))}
    </select>
  );
}
