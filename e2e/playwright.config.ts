/** How Playwright runs the tests of the app. */
import { defineConfig } from '@playwright/test';

/** The real app in real Electron. One worker: the tests share two cores with Electron, its page and a simulator each. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
});
