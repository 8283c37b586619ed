import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { QuickStart } from "../lib/contract/api";
import type { Model } from "../lib/contract/model";
import { makeModelFolder } from "../server/testing/make-model";
import { test as base, expect } from "./fixtures";
import { type BuiltServer, startBuiltServer } from "./server";

const roots = mkdtempSync(join(tmpdir(), "tuneboard-models-"));

/** A server that reads models from one folder, and whose hub answers nobody. */
const test = base.extend<object, { server: BuiltServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const server = await startBuiltServer({ env: { TUNEBOARD_MODEL_ROOTS: roots, HF_ENDPOINT: "http://127.0.0.1:9" } });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});
test.afterAll(() => rmSync(roots, { recursive: true, force: true }));

const dialog = (page: Page) => page.getByRole("dialog");
const row = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(name) });
const sheet = (page: Page, name: string) => page.getByRole("dialog", { name });

async function openAdd(page: Page, server: BuiltServer) {
  await page.goto(`${server.url}/models`);
  await page.getByRole("button", { name: "Add model" }).first().click();
  return page.getByRole("textbox", { name: "Full path" });
}

test("a folder that can't be used is refused at its field, with the reason", async ({ signedIn: page, server }) => {
  makeModelFolder(join(roots, "pickle"), { "model.safetensors": null, "pytorch_model.bin": "x" });
  makeModelFolder(join(roots, "no-config"), { "config.json": null });
  const path = await openAdd(page, server);
  for (const [value, words] of [
    [join(roots, "pickle"), /pickle.*\.safetensors/],
    [join(roots, "no-config"), /config\.json/],
    [join(roots, "nowhere"), /nowhere/],
    ["/usr", /outside/],
  ] as const) {
    await path.fill(value);
    await page.keyboard.press("Enter");
    await expect(dialog(page).getByRole("alert")).toHaveText(words);
    await expect(path).toHaveAttribute("aria-invalid", "true");
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Add model" }).first(), "the focus is back").toBeFocused();
});

test("a hub that can't be reached is said as that, and a mistyped id too", async ({ signedIn: page, server }) => {
  await openAdd(page, server);
  await dialog(page).getByRole("radio", { name: "Hub id" }).click();
  const repo = page.getByRole("textbox", { name: "Hub id" });
  await repo.fill("Qwen/Qwen3-0.6B");
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("alert")).toContainText("127.0.0.1:9 can’t be reached");
  await repo.fill("not an id");
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("alert")).toContainText("owner/name");
});

test("a folder is added with what its files say; adding it again says so; leaving the list leaves the files", async ({
  signedIn: page,
  server,
}) => {
  const folder = makeModelFolder(join(roots, "small"));
  const path = await openAdd(page, server);
  await path.fill(folder);
  await page.getByRole("textbox", { name: "Name in lists" }).fill("Small one");
  await page.keyboard.press("Enter");
  await expect(sheet(page, "Small one")).toContainText("q_proj");
  await expect(sheet(page, "Small one")).toContainText(folder);
  await page.keyboard.press("Escape");

  await (await openAdd(page, server)).fill(folder);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Small one was in the list already")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(row(page, "Small one")).toHaveCount(1);

  await page.getByRole("button", { name: "Actions: Small one" }).click();
  await page.getByRole("menuitem", { name: "Take off the list" }).click();
  await dialog(page).getByRole("button", { name: "Take off the list" }).click();
  await expect(row(page, "Small one")).toHaveCount(0);
  expect(existsSync(join(folder, "model.safetensors"))).toBe(true);
});

test("a model that runs were trained from names them, and one that a run needs now stays", async ({ signedIn: page, server }) => {
  const { spec } = await server.api<QuickStart>("GET", "/api/quick-start");
  const run = await server.api<{ id: string }>("POST", "/api/runs", { spec: { ...spec, name: "needs it" } });
  await page.goto(`${server.url}/models`);
  await page.getByRole("button", { name: "Actions: tuneboard-demo" }).click();
  await page.getByRole("menuitem", { name: "Take off the list" }).click();
  await expect(dialog(page)).toContainText("This run starts from it: needs it");
  await dialog(page).getByRole("button", { name: "Take off the list" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("needs it");
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(row(page, "tuneboard-demo")).toBeVisible();
  await server.api("POST", `/api/runs/${run.id}/stop`, { save: false });
});

test("a long name widens nothing, and its menu stays in reach on a phone", async ({ signedIn: page, server }) => {
  const name = `a-folder-${"that-goes-on-".repeat(6)}x`;
  await server.api<Model>("POST", "/api/models", { type: "folder", path: makeModelFolder(join(roots, name)), trustRemoteCode: false });
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`${server.url}/models`);
    await expect(page.getByRole("button", { name: `Actions: ${name}` })).toBeInViewport({ ratio: 1 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});
