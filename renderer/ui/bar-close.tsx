/** The button that closes a bar above the table. */
import { DismissRegular } from '@fluentui/react-icons';
import { keyFor } from '../store/commands.ts';
import { BarButton } from './bar-button.tsx';

export function BarClose({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  return (
    <BarButton
      icon={<DismissRegular />}
      name={`Close ${name}`}
      title={`Close (${keyFor('escape')})`}
      onClick={onClose}
    />
  );
}
