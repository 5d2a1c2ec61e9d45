/** The kind `channel:NAME`: what an event log of this machine gets from now on. */
import { fail } from '../../core/result.ts';
import type { SourceKind } from '../source-kind.ts';
import { openChannelSource } from './channel-source.ts';

/** Names of channels: `System`, `Microsoft-Windows-Kernel-PnP/Configuration`. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._()&-]{0,199}(?:\/[\p{L}\p{N} ._()&-]{1,55})?$/u;

export const channelKind: SourceKind = {
  kind: 'channel',
  form: 'channel:NAME',
  describes: 'what an event log of this machine gets from now on: channel:System (Windows)',
  accepts: (name) => NAME.test(name),
  options: ['symbols'],
  title: (name) => `channel:${name}`,
  offers: ({ windows }) =>
    windows === null
      ? []
      : [{ spec: 'channel:System', what: 'the event log of the system and its drivers', hindrance: null }],
  open: (name, options) => {
    if (!NAME.test(name)) {
      return fail(
        'bad-argument',
        `'${name}' is no name of a channel`,
        'Use one that wevtutil el lists, as channel:System',
      );
    }
    if (process.platform !== 'win32') {
      const action = 'Capture it on Windows; event logs in .evtx files open here';
      return fail('source-unsupported', 'Event logs that are written can be read on Windows only', action);
    }
    return openChannelSource(name, options);
  },
};
