/** How Playwright runs the tests of the app. */
import { defineConfig } from '@playwright/test';
import { displays } from './displays.ts';

/** The real app in real Electron: as many tests at once as there are displays, because windows take the focus from each other. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  workers: displays().length,
  fullyParallel: false,
  retries: 0,
  // They tell a hang from a machine that has other things to do.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
});
