/** The button that closes a bar above the table. */
import { Button } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { keyFor } from '../store/commands.ts';

export function BarClose({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  return (
    <Button
      size="small"
      appearance="subtle"
      icon={<DismissRegular />}
      title={`Close (${keyFor('escape')})`}
      aria-label={`Close ${name}`}
      onClick={onClose}
    />
  );
}
