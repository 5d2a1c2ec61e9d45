/** Builds and starts test-child.ts, for tests that need a producer in a process which can be killed. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { type Exit, type RunningChild, startProgram } from './child-output.ts';
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

export function startChild(options: SimulatorOptions): RunningChild {
  return startProgram(process.execPath, [`${folder}/test-child.mjs`, JSON.stringify(options)]);
}

/** The result a producer prints as its last line. */
export function resultOf(exit: Exit): SimulatorResult {
  return JSON.parse(exit.stdout.trim().split('\n').at(-1) ?? '') as SimulatorResult;
}
