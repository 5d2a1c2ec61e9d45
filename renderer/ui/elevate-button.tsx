/** The way out of a failure that needs the rights of an administrator; nothing where it does not. */
import { Button } from '@fluentui/react-components';
import { ShieldRegular } from '@fluentui/react-icons';
import type { Failure } from '../../native/core/result.ts';
import { useApp } from './app-context.ts';

export function ElevateButton({ failure }: { readonly failure: Failure }) {
  const app = useApp();
  if (failure.needs !== 'elevation') return null;
  return (
    <Button
      size="small"
      icon={<ShieldRegular />}
      title="RingView ends and starts again with more rights, with its sessions, sources and views; Windows asks first"
      data-testid="elevate"
      onClick={() => void app.elevate()}
    >
      Restart as administrator
    </Button>
  );
}
