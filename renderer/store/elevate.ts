/** A person wants the program restarted with the rights of an administrator. */
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { Ui } from './ui.ts';

/** Has that done; why it was not is told. */
export const elevateBy = (bridge: Pick<BoundBridge, 'app'>, ui: Pick<Ui, 'notify'>) => async (): Promise<void> => {
  const asked = await bridge.app.elevate();
  if (asked.ok) return;
  const { code, message, action } = asked.failure;
  ui.notify({ severity: code === 'cancelled' ? 'info' : 'error', message, action });
};
