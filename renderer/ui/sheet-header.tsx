/** The head of a sheet: its title, the button that closes it, and the keys, which go to the sheet and back to the log. */
import { Button } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useEffect, useRef } from 'react';
import { keyFor } from '../store/commands.ts';
import { focusTable } from './use-keys.ts';

export function SheetHeader({ title, onClose }: { readonly title: string; readonly onClose: () => void }) {
  const head = useRef<HTMLElement>(null);
  useEffect(() => {
    const sheet = head.current?.closest<HTMLElement>('.sheet') ?? null;
    // A field of it that is typed into first has the keys already.
    if (sheet !== null && !sheet.contains(document.activeElement)) {
      sheet.tabIndex = -1;
      sheet.focus({ preventScroll: true });
    }
    // Closed by its own key, it leaves them to nobody.
    return () =>
      queueMicrotask(() => {
        if (document.activeElement === document.body) focusTable();
      });
  }, []);
  return (
    <header ref={head}>
      <h2>{title}</h2>
      <Button
        size="small"
        appearance="subtle"
        icon={<DismissRegular />}
        aria-label="Close"
        title={`Close (${keyFor('escape')})`}
        onClick={onClose}
      />
    </header>
  );
}
