/** Why a driver could not switch captures on, by the system's error. Pure. */
import { ERROR } from './errors.ts';

export interface CaptureRefusal {
  readonly message: string;
  readonly action: string;
}

/** null: an error that says nothing about captures. */
export function captureRefusal(error: number): CaptureRefusal | null {
  switch (error) {
    case ERROR.ACCESS_DENIED:
      return {
        message: 'Windows does not tell this driver of processes or handles: it is not signed as that demands',
        action:
          'Use a ringview.sys that is signed and linked with /INTEGRITYCHECK; one that is test-signed needs: bcdedit /set testsigning on',
      };
    case ERROR.ALREADY_EXISTS:
      return {
        message: 'Another driver watches the registry or handles in the place of this one (the same altitude)',
        action: 'Switch it off in the driver that embeds RingView, or unload that driver',
      };
    case ERROR.NOT_SUPPORTED:
      return {
        message: 'This system, or this driver, cannot capture all of that',
        action: 'Choose from what it can capture: ringview driver status',
      };
    case ERROR.INVALID_PARAMETER:
    case ERROR.NO_SYSTEM_RESOURCES:
      return {
        message: 'Windows has no room for another driver that watches this',
        action: 'Unload a driver that watches processes, threads or images, then try again',
      };
    default:
      return null;
  }
}
