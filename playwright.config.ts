import { defineConfig } from "@playwright/test";

/** Browser tests start the real server themselves (e2e/fixtures.ts), each on a home folder of its own. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  // Two at once took longer on two cores, and made trainings wait for browsers.
  workers: 1,
  timeout: 420_000,
  // Importing torch and trl takes seconds on a quiet machine and half a minute on a busy one.
  expect: { timeout: 30_000, toPass: { timeout: 60_000 } },
  // What passes only at the second try is named in the last lines of `npm test`.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  // The JSON report is for scripts/test.mjs, which names its file.
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["list"], ["json"]] : [["list"]],
  outputDir: "test-results/browser",
  use: {
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    // Without it a press on what never comes waits for the end of the test.
    actionTimeout: 60_000,
    launchOptions: {
      executablePath: process.env.TUNEBOARD_CHROMIUM || "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--font-render-hinting=none",
      ],
    },
  },
});
