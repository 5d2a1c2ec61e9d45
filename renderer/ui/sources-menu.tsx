/** The menu of the sources in use: their states, what else could be captured, adding one by name, removing one. */
import { Button, Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components';
import { AddRegular, DismissRegular, DocumentAddRegular, LayerRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { MAX_SOURCE_TEXT } from '../../electron/contract/limits.ts';
import type { SourceOffer } from '../../electron/contract/machine.ts';
import { isReadable } from '../../electron/contract/merging.ts';
import { movedText } from '../../electron/contract/moved-time.ts';
import type { SourceStatus } from '../../electron/contract/status.ts';
import { formatCount, formatPlural, formatRate } from '../model/format.ts';
import { oneSourceWords } from '../model/source-state.ts';
import { keyFor, tip } from '../store/commands.ts';
import { useApp, useCapture, useOffers, useRun, useSourceNames, useStatus } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { NameEnds } from './name-ends.tsx';
import { focusInput } from './use-keys.ts';

const DRIVER_SOURCE = 'driver:';
const ADD_INPUT = 'source-add-input';

export function SourcesMenu() {
  const count = useStatus(({ status }) => status?.sources.length ?? 0);
  const [open, setOpen] = useState(false);
  return (
    <Popover positioning="below-start" trapFocus open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <PopoverTrigger disableButtonEnhancement>
        <Button
          className="sources-button"
          size="small"
          appearance="subtle"
          icon={<LayerRegular />}
          title="Sources: capture from several at once, in one order"
          aria-label="Sources"
          data-testid="sources-menu"
        >
          {count > 1 ? count : null}
        </Button>
      </PopoverTrigger>
      <PopoverSurface className="sources" aria-label="Sources" data-own-keys="">
        <SourceList />
        <BesideFiles onLeave={() => setOpen(false)} />
        <Offered onLeave={() => setOpen(false)} />
        <AddSource />
      </PopoverSurface>
    </Popover>
  );
}

function SourceList() {
  const sources = useStatus(({ status }) => status?.sources);
  const capturing = useStatus(({ status }) => status?.capturing ?? false);
  if (!sources || sources.length === 0) return <p className="none">Nothing is captured yet.</p>;
  return (
    <ul>
      {sources.map((source) => (
        <SourceLine key={source.id} source={source} capturing={capturing} />
      ))}
    </ul>
  );
}

/** Opens files beside those of the session, where all of its rows are of files: see store/merging.ts. */
function BesideFiles({ onLeave }: { readonly onLeave: () => void }) {
  const run = useRun();
  const live = useStatus(({ status }) => status?.sources.find(({ info }) => !isReadable(info))?.name ?? null);
  return (
    <button
      type="button"
      className="offer-add beside"
      disabled={live !== null}
      title={
        live === null
          ? tip('openBeside')
          : `What was captured from ${live} cannot be put into another order: close or clear this session, then open its recording (${keyFor('sessions')})`
      }
      data-testid="open-beside"
      onClick={() => {
        onLeave();
        run('openBeside');
      }}
    >
      <DocumentAddRegular aria-hidden="true" />
      <span>Open files beside…</span>
      <span className="offer-what">
        {live === null ? 'logs, in one order of time with these' : 'not with what is live; its recording can be merged'}
      </span>
    </button>
  );
}

function SourceLine({ source, capturing }: { readonly source: SourceStatus; readonly capturing: boolean }) {
  const app = useApp();
  const { name, state, tone, explanation } = oneSourceWords(source, capturing);
  const short = useSourceNames()?.get(source.id) ?? name;
  return (
    <li
      className={`source-line tone-${tone}`}
      title={short === name ? explanation : `${name}\n${explanation}`}
      data-testid={`source-line-${source.id}`}
    >
      <span className="dot" aria-hidden="true" />
      <span className="source-line-name">
        <NameEnds name={short} />
      </span>
      <span className="quiet">{state}</span>
      {source.statedNs !== undefined && (
        <span className="quiet source-line-moved">moved by {movedText(source.statedNs)}</span>
      )}
      <span className="source-line-numbers">
        {formatRate(source.perSecond)}, {formatPlural(source.records, 'record')}
        {source.lost > 0 && <b className="bad">, {formatCount(source.lost)} lost</b>}
      </span>
      <Button
        size="small"
        appearance="transparent"
        icon={<DismissRegular />}
        disabled={!capturing}
        title={`Release ${name}; its rows stay`}
        aria-label={`Remove ${name}`}
        data-testid={`source-remove-${source.id}`}
        onClick={() => {
          // The button disappears together with its line. Without a focused element, Escape would not close the menu.
          focusInput(ADD_INPUT);
          void app.capture.remove(source.id);
        }}
      />
    </li>
  );
}

/** What can be captured on this machine, requested each time the menu opens. */
function Offered({ onLeave }: { readonly onLeave: () => void }) {
  const app = useApp();
  const offers = useOffers((state) => state.offers);
  const inUse = useSpecsInUse();
  useEffect(() => void app.offers.refresh(), [app]);
  const free = offers?.filter(({ spec }) => !inUse.includes(spec)) ?? [];
  if (free.length === 0) return null;
  return (
    <section className="offers" aria-label="What can be captured" data-testid="source-offers">
      <h3>On this machine</h3>
      <ul>
        {free.map((offer) => (
          <OfferLine key={offer.spec} offer={offer} onLeave={onLeave} />
        ))}
      </ul>
    </section>
  );
}

function OfferLine({
  offer: { spec, what, hindrance },
  onLeave,
}: {
  readonly offer: SourceOffer;
  readonly onLeave: () => void;
}) {
  const app = useApp();
  const busy = useCapture((capture) => capture.busy);
  const driver = spec === DRIVER_SOURCE && hindrance !== null;
  return (
    <li className="offer" data-testid={`offer-${spec}`}>
      <button
        type="button"
        className="offer-add"
        disabled={busy}
        title={`Capture from ${spec}`}
        onClick={() => {
          // The line disappears together with its source. Without a focused element, Escape would not close the menu.
          focusInput(ADD_INPUT);
          void app.capture.add(spec);
        }}
      >
        <AddRegular aria-hidden="true" />
        <span className="source-line-name">
          <NameEnds name={spec} />
        </span>
        <span className="offer-what">{what}</span>
        {hindrance !== null && <span className="offer-hindrance">{hindrance}</span>}
      </button>
      {driver && (
        <button
          type="button"
          className="link"
          data-testid="offer-set-up"
          onClick={() => {
            onLeave();
            app.ui.explain('driver');
          }}
        >
          Set up
        </button>
      )}
    </li>
  );
}

/** Names of the sources that are captured now. */
function useSpecsInUse(): readonly string[] {
  const capturing = useStatus(({ status }) => status?.capturing ?? false);
  const names = useStatus(({ status }) => status?.sources.map(({ info }) => info.name).join('\n') ?? '');
  return capturing ? names.split('\n') : [];
}

function AddSource() {
  const app = useApp();
  const [name, setName] = useState('');
  const windows = useCapture((capture) => capture.windows);
  const recent = useCapture((capture) => capture.recent);
  const failure = useCapture((capture) => capture.failure);
  const inUse = useSpecsInUse();
  const offers = useOffers((state) => state.offers);
  const add = async (source: string): Promise<void> => {
    if (await app.capture.add(source)) setName('');
  };
  const elsewhere = [...inUse, ...(offers?.map(({ spec }) => spec) ?? [])];
  const offered = recent.filter((source) => !elsewhere.includes(source));
  return (
    <>
      <form
        className="source-add"
        onSubmit={(event) => {
          event.preventDefault();
          void add(name);
        }}
      >
        <input
          id={ADD_INPUT}
          className="field"
          aria-label="Source to add"
          placeholder={windows ? 'or by name: driver:DEVICE, etw:PROVIDER' : 'or by name: sim:NAME'}
          spellCheck={false}
          value={name}
          maxLength={MAX_SOURCE_TEXT + 1}
          data-testid="source-add"
          onChange={(event) => {
            setName(event.target.value);
            app.capture.check(event.target.value);
          }}
        />
        <Button type="submit" size="small" icon={<AddRegular />} disabled={name.trim() === ''}>
          Add
        </Button>
      </form>
      <FailureNote failure={failure} className="source-failure" />
      {offered.length > 0 && (
        <div className="recent-sources">
          <span className="quiet">recent</span>
          {offered.map((source) => (
            <button key={source} type="button" className="link" onClick={() => void add(source)}>
              {source}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
