/** Who logs through the loaded driver, and which levels of each are switched on. */
import type { Logger } from '../../electron/contract/machine.ts';
import { LEVEL_NAMES } from '../../native/core/entry.ts';
import { offNames } from '../../native/core/logger-mask.ts';
import { useApp } from './app-context.ts';

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

function LoggerRow({ logger: { name, off, attached } }: { readonly logger: Logger }) {
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
    </tr>
  );
}
