/** The kinds `tcp:PORT` and `udp:PORT`: lines that other programs send, of this machine unless an address is named. */
import { isIP } from 'node:net';
import { fail } from '../../core/result.ts';
import type { SourceKind } from '../source-kind.ts';
import { type Listening, openSocketSource, type Protocol } from './socket-source.ts';

const LOOPBACK = '127.0.0.1';

/** `PORT`, `ADDRESS:PORT` or `[ADDRESS]:PORT`; null for anything else. */
export function listeningAt(protocol: Protocol, rest: string): Listening | null {
  const match = /^(?:(?:\[([0-9a-f:.]+)\]|([0-9.]+)):)?(\d{1,5})$/i.exec(rest);
  const address = match?.[1] ?? match?.[2] ?? LOOPBACK;
  const port = Number(match?.[3]);
  return match !== null && isIP(address) !== 0 && port >= 1 && port <= 65_535 ? { protocol, address, port } : null;
}

function socketKind(protocol: Protocol, describes: string): SourceKind {
  return {
    kind: protocol,
    form: `${protocol}:PORT`,
    describes,
    accepts: (rest) => listeningAt(protocol, rest) !== null,
    options: [],
    title: (rest) => `${protocol}:${rest}`,
    offers: () => [],
    open: (rest, { displayName }) => {
      const listening = listeningAt(protocol, rest);
      if (listening !== null) return openSocketSource(listening, displayName);
      const action = `Use ${protocol}:5140, or ${protocol}:0.0.0.0:5140 to be reached by other machines`;
      return fail('bad-argument', `'${rest}' is no port to listen to`, action);
    },
  };
}

export const tcpKind = socketKind('tcp', 'lines that programs of this machine send; of others: tcp:ADDRESS:PORT');
export const udpKind = socketKind('udp', 'the same by datagrams, such as syslog');
