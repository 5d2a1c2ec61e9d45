/** Runs one probe in node.exe: `node.exe probe.js NAME`. The probes are the product's own modules at work. */
import { sinceBoot } from './boot-probes.ts';
import { exitCode, say } from './claims.ts';
import { debugOutput } from './dbwin-probes.ts';
import { embedded, events, killedReader, lossy, million, readForever, stoppedDriver, write } from './driver-probes.ts';
import { askedForRights, writeArguments } from './elevation-probes.ts';
import { machine } from './machine-probes.ts';
import { programs } from './program-probes.ts';

const PROBES: Readonly<Record<string, () => Promise<void>>> = {
  million,
  lossy,
  'read-forever': readForever,
  'killed-reader': killedReader,
  'stopped-driver': stoppedDriver,
  embedded,
  events,
  programs,
  'since-boot': sinceBoot,
  write,
  machine: () => machine(process.argv[3] ?? ''),
  elevation: () => askedForRights(process.argv[3] ?? ''),
  'write-arguments': async () => writeArguments(process.argv.slice(3)),
  'debug-output': () => debugOutput(process.argv[3] ?? ''),
};

const probe = PROBES[process.argv[2] ?? ''];
try {
  if (probe === undefined) throw new Error(`there is no probe '${process.argv[2]}'`);
  await probe();
  process.exit(exitCode());
} catch (error) {
  say(`FAIL ${process.argv[2]}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(1);
}
