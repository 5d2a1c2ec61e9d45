/** The files and sessions that were opened lately: in a menu beside the button that opens others, and where there is no row yet. */
import { Button, Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components';
import { ChevronDownRegular, DismissRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { RecentFile } from '../../electron/contract/recent.ts';
import { useApp, usePage, useRecent } from './app-context.ts';
import { NameEnds } from './name-ends.tsx';

/** Where there is no row yet, so many are enough. */
const FEW = 5;

export function RecentMenu() {
  const [open, setOpen] = useState(false);
  return (
    <Popover positioning="below-start" trapFocus open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <PopoverTrigger disableButtonEnhancement>
        <Button
          className="sources-button"
          size="small"
          appearance="subtle"
          icon={<ChevronDownRegular />}
          title="Files and sessions that were opened lately"
          aria-label="Recent files"
          data-testid="recent-menu"
        />
      </PopoverTrigger>
      <PopoverSurface className="sources" aria-label="Recent files" data-own-keys="">
        <RecentList most={Number.POSITIVE_INFINITY} onOpened={() => setOpen(false)} none="Nothing was opened yet." />
      </PopoverSurface>
    </Popover>
  );
}

/** The newest of them; nothing at all before any was opened. */
export function RecentFew() {
  const none = useRecent(({ files }) => files === null || files.length === 0);
  const app = useApp();
  useEffect(() => void app.recent.refresh(), [app]);
  if (none) return null;
  return (
    <section className="recent-few" aria-label="Opened lately">
      <h3>Opened lately</h3>
      <RecentList most={FEW} onOpened={() => {}} none="" />
    </section>
  );
}

function RecentList({
  most,
  onOpened,
  none,
}: {
  readonly most: number;
  readonly onOpened: () => void;
  readonly none: string;
}) {
  const app = useApp();
  const files = useRecent((state) => state.files);
  useEffect(() => void app.recent.refresh(), [app]);
  if (files === null) return null;
  if (files.length === 0) return <p className="none">{none}</p>;
  return (
    <ul className="recent-files" data-testid="recent-files">
      {files.slice(0, most).map((file) => (
        <RecentLine key={file.id} file={file} onOpened={onOpened} />
      ))}
    </ul>
  );
}

function RecentLine({ file, onOpened }: { readonly file: RecentFile; readonly onOpened: () => void }) {
  const page = usePage();
  const app = useApp();
  const { id, name, place, recorded, missing } = file;
  return (
    <li className="offer" data-testid="recent-file">
      <button
        type="button"
        className="offer-add"
        title={missing ? `${name} is not in ${place} any more` : `Open ${name} from ${place}`}
        onClick={() => {
          onOpened();
          void page.openRecent(id);
        }}
      >
        <span className="source-line-name">
          <NameEnds name={name} />
        </span>
        <span className="offer-what">{recorded ? `session in ${place}` : place}</span>
        {missing && <span className="offer-hindrance">missing</span>}
      </button>
      <Button
        size="small"
        appearance="transparent"
        icon={<DismissRegular />}
        title={`Take ${name} off this list; the file stays`}
        aria-label={`Remove ${name} from the list`}
        data-testid="recent-forget"
        onClick={() => void app.recent.forget(id)}
      />
    </li>
  );
}
