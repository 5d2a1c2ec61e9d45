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
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
});
