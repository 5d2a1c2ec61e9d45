/** The button that closes a bar above the table. */
import { DismissRegular } from '@fluentui/react-icons';
import { keyFor } from '../store/commands.ts';
import { IconButton } from './icon-button.tsx';

export function BarClose({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  return (
    <IconButton
      icon={<DismissRegular />}
      name={`Close ${name}`}
      title={`Close (${keyFor('escape')})`}
      onClick={onClose}
    />
  );
}
