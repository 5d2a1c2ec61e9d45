/**
 * Shared memory that another process cuts to nothing and gives back, thousands of times, while it is read: what ends is
 * the source, with a reason, and never the process. Before it was read by calls that can fail, this was a SIGBUS.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { Result } from '../../core/result.ts';
import { getPlatform } from '../../platform.ts';
import { planSimulator, SimulatedDriver } from '../../sim/index.ts';
import type { LogSource } from '../source.ts';
import { openRingSource } from './ring.ts';
import { lookAtRingSession } from './ring-sessions.ts';

const SESSIONS = 24;
/** Cuts of one session; each is two system calls. */
const CUTS = 400;

/** Cuts and restores each object named on a line of its input, then says that it did. */
const CUTTER = `
const { createInterface } = require('node:readline');
const { closeSync, fstatSync, ftruncateSync, openSync } = require('node:fs');
createInterface({ input: process.stdin }).on('line', (line) => {
  const [path, cuts, to] = line.split(' ');
  const file = openSync(path, 'r+');
  const { size } = fstatSync(file);
  for (let cut = 0; cut < Number(cuts); cut++) {
    ftruncateSync(file, Number(to));
    ftruncateSync(file, size);
  }
  closeSync(file);
  console.log('cut');
});`;

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

const cleanups: (() => void)[] = [];
let sessions = 0;

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

/** A session with full rings; its producer touches them no more. */
function fullSession(cpus: number): { name: string; path: string } {
  const name = `cut.${process.pid}.${sessions++}`;
  const plan = unwrap(planSimulator({ name, cpus, ringBytes: 262144, mode: 'overwrite' }));
  const driver = unwrap(SimulatedDriver.create(plan, unwrap(getPlatform())));
  cleanups.push(() => driver.close());
  driver.start();
  driver.step(cpus * 3000);
  return { name, path: `/dev/shm/ringview.${name}` };
}

function startCutter(): ChildProcess {
  const child = spawn(process.execPath, ['-e', CUTTER], { stdio: ['pipe', 'pipe', 'inherit'] });
  cleanups.push(() => child.kill('SIGKILL'));
  return child;
}

/** Polls until the source has ended in some way. */
async function readToEnd(source: LogSource): Promise<void> {
  while (source.poll(() => {}).state === 'capturing') await new Promise((resolve) => setImmediate(resolve));
}

describe.skipIf(process.platform !== 'linux')('a session that is cut and given back while it is read', () => {
  it('fails with truncated-mapping, whatever the moment, and never ends the process', {
    timeout: 120_000,
  }, async () => {
    const cutter = startCutter();
    const codes: (string | undefined)[] = [];
    for (let session = 0; session < SESSIONS; session++) {
      const { name, path } = fullSession(1 + (session % 4));
      const source = unwrap(openRingSource(name));
      cleanups.push(() => source.close(() => {}));
      const done = once(cutter.stdout as NonNullable<typeof cutter.stdout>, 'data');
      cutter.stdin?.write(`${path} ${CUTS} 0\n`);
      await readToEnd(source);
      codes.push(source.stats().failure?.code);
      // The cuts go on: taking leave of the session writes to it.
      source.close(() => {});
      await done;
      expect(source.stats().state).toBe('failed');
    }
    expect(codes).toEqual(Array(SESSIONS).fill('truncated-mapping'));
  });

  it('can be opened, looked at and closed meanwhile: each time there is a session or a reason', {
    timeout: 120_000,
  }, async () => {
    const cutter = startCutter();
    let opened = 0;
    let refused = 0;
    for (let session = 0; session < 6; session++) {
      const { name, path } = fullSession(2);
      let cutting = true;
      const done = once(cutter.stdout as NonNullable<typeof cutter.stdout>, 'data').then(() => {
        cutting = false;
      });
      cutter.stdin?.write(`${path} ${CUTS * 4} ${session % 2 === 0 ? 0 : 4096}\n`);
      while (cutting) {
        lookAtRingSession(name);
        const source = openRingSource(name);
        if (source.ok) {
          opened++;
          source.value.poll(() => {});
          source.value.close(() => {});
        } else {
          refused++;
          expect(['truncated-mapping', 'bad-magic', 'bad-layout']).toContain(source.failure.code);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await done;
    }
    expect(opened + refused).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  });
});
