/** The head of a sheet: its title, and the button that closes it. */
import { Button } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { keyFor } from '../store/commands.ts';

export function SheetHeader({ title, onClose }: { readonly title: string; readonly onClose: () => void }) {
  return (
    <header>
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
