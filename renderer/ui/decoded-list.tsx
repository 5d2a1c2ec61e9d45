/** What the codes and addresses in a message mean, a line each, below the message in the details. */
import { Button } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons';
import { useEffect, useMemo, useState } from 'react';
import type { LogRow } from '../../electron/contract/rows.ts';
import { addressLine } from '../model/address-text.ts';
import type { Explained } from '../model/decoding.ts';
import { AddressHint, AddressLine, useRowAddresses } from './address-lines.tsx';
import { useApp, useDecoding } from './app-context.ts';
import { copyText } from './copy-text.ts';

export function DecodedList({ text, row }: { readonly text: string; readonly row: LogRow }) {
  const app = useApp();
  const decoding = useDecoding();
  useEffect(() => void app.decoder.load(), [app]);
  const found = useMemo(() => decoding?.explain(text) ?? [], [decoding, text]);
  const addresses = useRowAddresses(row);
  const places = addresses?.found ?? [];
  const lines = [...(decoding === null ? [] : found.map(decoding.explanationLine)), ...places.map(addressLine)];
  if (lines.length === 0) return <AddressHint text={text} told={addresses} />;
  return (
    <div className="decoded">
      <ul aria-label="What the codes in the message mean" data-testid="details-decoded">
        {found.map((each) => (
          <Line key={`${each.value} ${each.meaning}`} explained={each} />
        ))}
        {places.map((each) => (
          <AddressLine key={each.value} address={each} />
        ))}
      </ul>
      <CopyMeanings text={lines.join('\n')} />
    </div>
  );
}

function Line({ explained }: { readonly explained: Explained }) {
  const { value, readings, certain } = explained;
  const alone = certain && readings.length === 1;
  return (
    <li>
      <code>{value}</code>{' '}
      <span className="readings">
        {readings.map(({ as, name, detail }) => (
          <span key={`${as} ${name} ${detail}`} className="reading">
            {!(alone && name !== null) && <span className="quiet">as {as} </span>}
            {name !== null && <b>{name}</b>}
            {name !== null && detail !== '' && <span className="quiet"> - </span>}
            {detail !== '' && <span className="quiet">{detail}</span>}
          </span>
        ))}
      </span>
    </li>
  );
}

function CopyMeanings({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState<string | null>(null);
  return (
    <span className="copy-meanings">
      <Button
        size="small"
        appearance="subtle"
        icon={<CopyRegular />}
        aria-label="Copy what the codes mean"
        title="Copy what the codes mean"
        data-testid="details-decoded-copy"
        onClick={() => setCopied(copyText(text) ? text : null)}
      />
      <span className="quiet" role="status">
        {copied === text ? 'copied' : ''}
      </span>
    </span>
  );
}
