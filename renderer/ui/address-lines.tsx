/** What the addresses in a message mean, a line each; and where that could come from, if nothing tells it yet. */
import type { ExplainedAddress, RowAddresses } from '../../electron/contract/addresses.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import { hasKernelAddress } from '../model/address-text.ts';
import { useAddresses, useApp } from './app-context.ts';

/** What is known of the addresses of a row, now and when more is. */
export function useRowAddresses(row: LogRow): RowAddresses | null {
  const app = useApp();
  useAddresses(({ version }) => version);
  return app.addresses.of(row);
}

export function AddressLine({ address }: { readonly address: ExplainedAddress }) {
  const { value, meaning, place, remark } = address;
  const more = [place, remark].filter((part) => part !== '').join(' - ');
  return (
    <li>
      <code>{value}</code>{' '}
      <span className="readings">
        <span className="reading">
          <b>{meaning}</b>
          {more !== '' && <span className="quiet"> - {more}</span>}
        </span>
      </span>
    </li>
  );
}

/** Shown where a message has addresses of the kernel and nothing explains them. */
export function AddressHint({ text, told }: { readonly text: string; readonly told: RowAddresses | null }) {
  const app = useApp();
  if (told === null || told.found.length > 0 || !hasKernelAddress(text)) return null;
  return (
    <p className="address-hint quiet" data-testid="address-hint">
      {told.complete ? 'No module is known at these addresses.' : 'Looking for modules in the log.'}{' '}
      <button type="button" className="link" onClick={() => void app.addresses.openModules()}>
        Open a list of modules
      </button>
    </p>
  );
}
