/** The kind `driver:[DEVICE]`: the rings of ringview.sys, or of a driver that embeds RingView. */
import { NEEDS_RIGHTS } from '../machine-situation.ts';
import type { SourceKind } from '../source-kind.ts';
import { DEVICE_NAME, openDriverSource } from './driver.ts';

export const driverKind: SourceKind = {
  kind: 'driver',
  form: 'driver:[DEVICE]',
  describes: 'ringview.sys, or a driver that embeds RingView (Windows)',
  accepts: (device) => device === '' || DEVICE_NAME.test(device),
  options: [],
  title: (device) => `driver:${device}`,
  offers: ({ windows }) => {
    if (windows === null) return [];
    const { driver, elevated } = windows;
    const notLoaded = driver === 'not-installed' ? 'not installed' : driver === 'stopped' ? 'not started' : null;
    const rights = elevated === false ? NEEDS_RIGHTS : null;
    return [{ spec: 'driver:', what: 'DbgPrint, and drivers that log by RingView', hindrance: notLoaded ?? rights }];
  },
  open: openDriverSource,
};
