/** Builds and starts test-child.ts: what a test needs to have a producer that can die. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { SimulatorResult } from './driver.ts';
import type { SimulatorOptions } from './options.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = `${root}build/test/native`;

/** Bundles the child program; call once before the tests that start it. */
export async function buildChild(): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: `${root}native/sim/test-child.ts`,
        external: ['koffi', /^node:/],
        output: { format: 'es', entryFileNames: 'test-child.mjs' },
      },
    },
  });
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningChild {
  readonly process: ChildProcess;
  readonly exit: Promise<Exit>;
}

export function startChild(options: SimulatorOptions): RunningChild {
  return startProgram(process.execPath, [`${folder}/test-child.mjs`, JSON.stringify(options)]);
}

export function startProgram(program: string, args: readonly string[]): RunningChild {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exit = new Promise<Exit>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, exit };
}

/** The result a producer prints as its last line. */
export function resultOf(exit: Exit): SimulatorResult {
  return JSON.parse(exit.stdout.trim().split('\n').at(-1) ?? '') as SimulatorResult;
}
