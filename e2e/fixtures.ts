import { tmpdir } from "node:os";
import { test as base, expect, type Page } from "@playwright/test";
import type { Run } from "../lib/contract/run";
import { type BuiltServer, startBuiltServer } from "./server";

/** A file that needs a home without anything in it names one: `test.use({ home: "first-light" })`. The others share a server. */
export const test = base.extend<{ signedIn: Page }, { server: BuiltServer; home: string }>({
  home: ["shared", { scope: "worker", option: true }],
  server: [
    // Another home is another worker, and so another server.
    async ({ home: _home }, use) => {
      // Models that a test makes lie in the temporary folder.
      const server = await startBuiltServer({ env: { TUNEBOARD_MODEL_ROOTS: tmpdir() } });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  signedIn: async ({ page, server }, use) => {
    await page.goto(`${server.url}/?token=${server.token}`);
    await expect(page).toHaveURL(`${server.url}/`);
    await use(page);
  },
});

export { expect };

/** Waits until the server says that the run has ended, and returns it. */
export async function untilEnded(server: BuiltServer, runId: string, timeoutMs = 300_000): Promise<Run> {
  return until(server, runId, (run) => ["succeeded", "failed", "stopped", "lost"].includes(run.status), timeoutMs);
}

export async function until(server: BuiltServer, runId: string, is: (run: Run) => boolean, timeoutMs = 300_000): Promise<Run> {
  let last: Run | undefined;
  await expect
    .poll(
      async () => {
        last = await server.api<Run>("GET", `/api/runs/${runId}`);
        return is(last);
      },
      { timeout: timeoutMs, intervals: [200] },
    )
    .toBe(true);
  if (!last) throw new Error("never asked");
  return last;
}

export const runIdOf = (page: Page): string => {
  const match = /\/runs\/(run_[0-9a-z]{12})/.exec(page.url());
  if (!match?.[1]) throw new Error(`not on a run's page: ${page.url()}`);
  return match[1];
};
