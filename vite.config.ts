/**
 * Owns how sources become programs. One configuration a target, chosen by vite's mode: the page, Electron's main
 * process with its helper processes, the preload script, the command line. Vitest reads the same file for the tests.
 */
import { readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import react from '@vitejs/plugin-react';
import type { UserConfig } from 'vite';
import type { InlineConfig } from 'vitest/node';

const root = import.meta.dirname;

/** Resolved when the program runs: by Electron, by Node, or, with binaries of their own, from node_modules. */
const external = ['electron', 'koffi', '@duckdb/node-api', '@playwright/test', ...builtinModules, /^node:/];

export default ({ mode }: { mode: string }): UserConfig & { test?: InlineConfig } => {
  switch (mode) {
    case 'renderer':
      return renderer();
    case 'main':
      return node('electron/main', 'dist/main', ['main.ts'], 'node22');
    case 'cli':
      return node('electron/cli', 'dist/cli', ['ringview.ts'], 'node20');
    case 'preload':
      return preload();
    case 'bench':
      return node('e2e/bench', 'dist/bench', ['bench.ts'], 'node20');
    case 'soak':
      return node('e2e/soak', 'dist/soak', ['faults.ts'], 'node20');
    case 'bench-page':
      return benchPage();
    case 'test':
      return { test: tests };
    default:
      throw new Error(`there is no target "${mode}": use npm run build`);
  }
};

function renderer(): UserConfig {
  return {
    root: join(root, 'renderer'),
    base: './',
    publicDir: false,
    plugins: [react()],
    build: {
      outDir: join(root, 'dist/renderer'),
      emptyOutDir: true,
      target: 'chrome140',
      sourcemap: true,
      modulePreload: { polyfill: false },
      // A data: address would need an exception in the content security policy.
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4096,
    },
  };
}

/** The page over a session computed from row numbers, for measuring at lengths no memory holds. */
function benchPage(): UserConfig {
  const page = renderer();
  return {
    ...page,
    build: {
      ...page.build,
      outDir: join(root, 'dist/bench-page'),
      sourcemap: false,
      rolldownOptions: { input: join(root, 'renderer/test/harness.html') },
    },
  };
}

/** Programs run by Node or Electron's Node: the named entries, and every process or worker file beside them. */
function node(from: string, to: string, entries: readonly string[], target: string): UserConfig {
  const beside = readdirSync(join(root, from)).filter((name) => /-(process|worker)\.ts$/.test(name));
  return {
    root,
    publicDir: false,
    resolve: { conditions: ['node', 'import', 'module', 'default'] },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: join(root, to),
      emptyOutDir: true,
      target,
      sourcemap: true,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(
          [...entries, ...beside].map((name) => [basename(name, '.ts'), join(root, from, name)]),
        ),
        external,
        // All in one folder: `new URL('./x-process.js', import.meta.url)` then holds from any chunk.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  };
}

/** A sandboxed preload script is one CommonJS file that can load nothing but `electron`. */
function preload(): UserConfig {
  return {
    root,
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: join(root, 'dist/preload'),
      emptyOutDir: true,
      target: 'chrome140',
      sourcemap: true,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(root, 'electron/preload/preload.ts'),
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
      },
    },
  };
}

const tests: InlineConfig = {
  root,
  include: ['{native,electron,renderer,e2e}/**/*.test.{ts,tsx}'],
  environment: 'node',
  // Loading the same modules for each of some four hundred files again took longer than the tests of them.
  isolate: false,
  setupFiles: ['electron/setup/test-support.ts'],
  // By itself it leaves a processor free, which on two of them is half the machine; many tests only wait for a program.
  maxWorkers: availableParallelism() + 1,
  testTimeout: 120_000,
  hookTimeout: 20_000,
};
