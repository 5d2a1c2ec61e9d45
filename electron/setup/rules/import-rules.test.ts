import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importViolations } from './import-rules.ts';
import { ROOMS } from './import-table.ts';

/** Folders that git ignores. */
const GENERATED = /^(\..*|node_modules|dist|build|test-results|playwright-report)$/;
const ROOT = join(import.meta.dirname, '..', '..', '..');

/** The rules a one-file example breaks. */
function broken(file: string, text: string): string[] {
  return importViolations(file, text).map(({ line, rule }) => `${line}: ${rule}`);
}

describe('the checker', () => {
  it('lets a room import itself and what lies upstream', () => {
    expect(broken('native/core/a.ts', "import { b } from './b.ts';")).toEqual([]);
    expect(broken('electron/session/a.ts', "import type { Entry } from '../../native/core/entry.ts';")).toEqual([]);
    expect(
      broken('renderer/ui/a.tsx', "import { useState } from 'react';\nimport '../../electron/contract/rows.ts';"),
    ).toEqual([]);
  });

  it('names file, line and rule of an import against the flow', () => {
    expect(importViolations('native/core/a.ts', "\n\nimport { x } from '../../electron/main/x.ts';")).toEqual([
      { file: 'native/core/a.ts', line: 3, rule: 'native/core may not import electron/main/x.ts' },
    ]);
  });

  it.each([
    ['a type', "import type { X } from '../main/x.ts';"],
    ['a re-export', "export { x } from '../main/x.ts';"],
    ['a re-export of all', "export * from '../main/x.ts';"],
    ['a dynamic import', "const x = await import('../main/x.ts');"],
    ['an import in a type position', "export type X = import('../main/x.ts').X;"],
    ['a require', "const x = require('../main/x.ts');"],
    ['an import require', "import x = require('../main/x.ts');"],
  ])('sees %s', (_name, text) => {
    expect(broken('electron/session/a.ts', text)).toEqual(['1: electron/session may not import electron/main/x.ts']);
  });

  it('lets tests share what only tests use, and nobody else use it', () => {
    const text = "import { f } from '../test/fixture.ts';";
    expect(broken('renderer/store/a.test.ts', text)).toEqual([]);
    expect(broken('renderer/store/a.ts', text)).toEqual(['1: renderer/store may not import renderer/test/fixture.ts']);
    expect(broken('native/core/a.test.ts', "import '../../renderer/test/fixture.ts';")).toHaveLength(1);
  });

  it.each([
    ['native/core/a.ts', './merge-plain.ts'],
    ['native/core/a.ts', './model.ts'],
    ['native/core/a.ts', './a.test.ts'],
    ['native/sim/a.ts', './child-output.ts'],
    ['native/sim/a.ts', './spawn-child.ts'],
    ['electron/session/ingest/a.ts', './source-merger-plain.ts'],
    ['electron/session/search/a.ts', './plain-terms.ts'],
    ['electron/session/output/formats/a.ts', '../../test-support.ts'],
    ['electron/recording/a.ts', '../session/test-support.ts'],
    ['electron/files/a.ts', './test-child.ts'],
    ['renderer/a.ts', './test/program.ts'],
  ])('keeps what is only for tests out of the product: %s may not import %s', (file, target) => {
    const text = `import { x } from '${target}';`;
    expect(broken(file, text)).toEqual([
      expect.stringMatching(/^1: the product may not import .*: it is only for tests$/),
    ]);
    expect(broken(file.replace('/a.ts', '/a.test.ts'), text)).toEqual([]);
  });

  it('keeps a session from knowing its views, and views from knowing how rows come', () => {
    expect(broken('electron/session/ingest/a.ts', "import { v } from '../view/view.ts';")).toEqual([
      '1: electron/session/ingest may not import electron/session/view/view.ts',
    ]);
    expect(broken('electron/session/view/a.ts', "import { s } from '../ingest/session.ts';")).toHaveLength(1);
    expect(
      broken('electron/session/workspace/a.ts', "import '../view/view.ts';\nimport '../ingest/session.ts';"),
    ).toEqual([]);
  });

  it('lets the tests of the app use what tests share', () => {
    expect(broken('e2e/a.spec.ts', "import { startProgram } from '../native/sim/child-output.ts';")).toEqual([]);
  });

  it('refuses a module name that is computed', () => {
    expect(broken('native/posix/a.ts', 'await import(name);')).toEqual(['1: imports a module whose name is computed']);
  });

  it('keeps what is loaded when it is needed out of the start of the page', () => {
    const rule = '1: renderer/model/decoding.ts is loaded when it is needed: by import(), or as a type';
    const path = "'../model/decoding.ts'";
    expect(broken('renderer/ui/a.tsx', `import { explain } from ${path};`)).toEqual([rule]);
    expect(broken('renderer/ui/a.tsx', `export * from ${path};`)).toEqual([rule]);
    expect(broken('renderer/ui/a.tsx', `import type { Explained } from ${path};`)).toEqual([]);
    expect(broken('renderer/store/a.ts', `const tables = await import(${path});`)).toEqual([]);
    expect(broken('renderer/store/a.ts', `type Tables = typeof import(${path});`)).toEqual([]);
    expect(broken('renderer/store/a.test.ts', `import { explain } from ${path};`)).toEqual([]);
    expect(broken('renderer/ui/a.tsx', "import '../../native/decode/find.ts';")).toEqual([
      '1: renderer may not import native/decode/find.ts',
    ]);
  });

  it('keeps Node out of the pure rooms and of the page', () => {
    for (const room of [
      'native/core',
      'native/decode',
      'electron/contract',
      'electron/session',
      'electron/preload',
      'renderer',
    ]) {
      expect(broken(`${room}/a.ts`, "import 'node:fs';")).toEqual([
        `1: ${room} may not import node:fs: it runs without Node`,
      ]);
      expect(broken(`${room}/a.test.ts`, "import 'node:fs';\nimport { it } from 'vitest';")).toEqual([]);
    }
  });

  it('keeps packages where the table has them', () => {
    expect(broken('renderer/model/a.ts', "import 'react';")).toEqual([
      '1: renderer/model may not import the package react',
    ]);
    expect(broken('electron/cli/a.ts', "import 'electron';")).toEqual([
      '1: electron/cli may not import the package electron',
    ]);
    expect(broken('renderer/ui/a.tsx', "import '@fluentui/react-icons/fonts';")).toEqual([]);
    expect(broken('renderer/ui/a.tsx', "import '@fluentui/tokens';")).toEqual([
      '1: renderer may not import the package @fluentui/tokens',
    ]);
    expect(broken('native/sources/a.ts', "import 'vitest';")).toHaveLength(1);
  });

  it('gives each dangerous interface one owner', () => {
    const koffi = "import koffi from 'koffi';";
    expect(broken('native/posix/bindings.ts', koffi)).toEqual([]);
    expect(broken('native/sources/ring.ts', koffi)).toEqual(['1: koffi may be used only by ^native/(posix|win32)/']);
    const ipc = "import { ipcMain } from 'electron';\nipcMain.handle('x', f);";
    expect(broken('electron/transport/ipc.ts', ipc)).toEqual([]);
    expect(broken('electron/main/window.ts', ipc)).toHaveLength(2);
    expect(broken('electron/main/window.ts', "import * as e from 'electron';\ne.ipcMain.handle('x', f);")).toHaveLength(
      1,
    );
    expect(broken('electron/preload/other.ts', "import { contextBridge } from 'electron';")).toHaveLength(1);
    for (const access of ['window.ringview', 'globalThis.ringview', "window['ringview']", 'window.ringview?.rows']) {
      expect(broken('renderer/ui/a.tsx', `${access};`)).toHaveLength(1);
      expect(broken('renderer/bridge.ts', `${access};`)).toEqual([]);
    }
  });

  it('does not take words in comments or texts for uses', () => {
    expect(
      broken('native/core/a.ts', "// import 'koffi'; ipcMain window.ringview\nexport const x = \"import 'koffi'\";"),
    ).toEqual([]);
  });

  it('refuses a file outside of every room and one it cannot read', () => {
    expect(broken('tools/a.ts', '')).toEqual(['1: belongs to no room of the import table']);
    expect(broken('native/core/a.ts', 'import {')[0]).toMatch(/^1: cannot be parsed/);
  });
});

describe('the project', () => {
  const files = sourceFiles('');

  it('has the rooms and nothing else at its top level', () => {
    const allowed =
      /^(\..*|driver|native|electron|renderer|e2e|vite\.config\.ts|README\.md|CHANGELOG\.md|LICENSE|biome\.json|package(-lock)?\.json|tsconfig(\.\w+)?\.json)$/;
    const strangers = readdirSync(ROOT).filter((name) => !allowed.test(name) && !GENERATED.test(name));
    expect(strangers).toEqual([]);
  });

  it('has files in every room that the table names', () => {
    const empty = ROOMS.filter(({ path }) => !files.some((file) => file === path || file.startsWith(`${path}/`)));
    expect(empty.map(({ path }) => path)).toEqual([]);
  });

  it('imports only along the table', () => {
    const violations = files.flatMap((file) => importViolations(file, readFileSync(join(ROOT, file), 'utf8')));
    expect(violations.map(({ file, line, rule }) => `${file}:${line}: ${rule}`)).toEqual([]);
  });
});

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return GENERATED.test(entry.name) ? [] : sourceFiles(path);
    return /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/.test(entry.name) ? [path] : [];
  });
}
