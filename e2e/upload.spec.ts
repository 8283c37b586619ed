import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Dataset } from "../lib/contract/dataset";
import { expect, test } from "./fixtures";

const own = mkdtempSync(join(tmpdir(), "tuneboard-upload-"));
test.afterAll(() => rmSync(own, { recursive: true, force: true }));

const BYTES_A_SECOND = 6_000_000;

test("an upload goes on after the server was killed and the page closed, and every byte is right", async ({
  signedIn: page,
  server,
  context,
}) => {
  const file = join(own, "large.jsonl");
  const row = (n: number) =>
    JSON.stringify({
      messages: [
        { role: "user", content: `Number ${n}?` },
        { role: "assistant", content: `${n} `.repeat(3000) },
      ],
    });
  writeFileSync(file, Array.from({ length: 1500 }, (_, n) => `${row(n)}\n`).join(""));
  const { size } = statSync(file);
  const arrived = () => {
    const sizes = readdirSync(join(server.home, "uploads")).filter((name) => !name.endsWith(".json"));
    return sizes.reduce((sum, name) => sum + statSync(join(server.home, "uploads", name)).size, 0);
  };
  await slow(page);
  await choose(page, server.url, file);
  await expect.poll(arrived, { intervals: [50], timeout: 30_000 }).toBeGreaterThan(size / 5);
  await server.kill();
  const kept = arrived();
  expect(kept).toBeLessThan(size);
  await page.close();
  await server.start();

  const again = await context.newPage();
  const offsets: number[] = [];
  again.on("request", (request) => {
    if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
  });
  await choose(again, server.url, file);
  await expect(again).toHaveURL(/\/data\/ds_\w+/, { timeout: 60_000 });
  expect(offsets[0]).toBe(kept);
  const id = /ds_\w+/.exec(again.url())?.[0] ?? "";
  await expect.poll(async () => (await server.api<Dataset>("GET", `/api/datasets/${id}`)).status, { timeout: 60_000 }).toBe("ready");
  const dataset = await server.api<Dataset>("GET", `/api/datasets/${id}`);
  expect(dataset).toMatchObject({ name: "large", source: "upload", report: { rows: 1500, usableRows: 1500 } });
  expect(sha(dataset.files[0]?.path ?? "")).toBe(sha(file));
  expect(readdirSync(join(server.home, "uploads"))).toEqual([]);
});

const sha = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

async function choose(page: Page, url: string, file: string): Promise<void> {
  await page.goto(`${url}/data`);
  await page.getByRole("button", { name: "Add data" }).first().click();
  await page.locator("input[type=file]").setInputFiles(file);
}

/** So slow that there is a middle. */
async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: BYTES_A_SECOND,
  });
}
