import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { QuickStart } from "../lib/contract/api";
import type { Run } from "../lib/contract/run";
import { expect, until, untilEnded } from "./fixtures";
import type { BuiltServer } from "./server";
import { test } from "./stand-in";

/** What the worker is to do stands in the name; see server/testing/rehearsal.py. */
async function startRun(server: BuiltServer, name: string): Promise<Run> {
  const { spec } = await server.api<QuickStart>("GET", "/api/quick-start");
  return server.api<Run>("POST", "/api/runs", { spec: { ...spec, name: `${name} plan=1` } });
}

const open = (page: Page, server: BuiltServer, run: Run, tab = "overview") => page.goto(`${server.url}/runs/${run.id}?tab=${tab}`);
const alert = (page: Page) => page.getByRole("main").getByRole("alert");
const checkpointRow = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(`^${name} `) });
const stepShown = async (page: Page) =>
  Number(/([\d,]+) \/ [\d,]+ steps/.exec((await page.getByRole("main").textContent()) ?? "")?.[1]?.replaceAll(",", "") ?? "0");
const logOf = (page: Page) => page.getByRole("region", { name: "Output of the worker" });

test("two tabs follow a run over a reload: a checkpoint on request, stop and save, resume, delete, cancel", async ({
  signedIn: page,
  server,
  context,
}) => {
  const run = await startRun(server, "steps=4000 delay=0.1");
  const second = await context.newPage();
  await open(page, server, run);
  await open(second, server, run);
  await expect.poll(() => stepShown(second)).toBeGreaterThan(5);
  await page.reload();
  const before = await stepShown(second);
  await expect.poll(() => stepShown(page)).toBeGreaterThan(before);

  await page.getByRole("button", { name: "Save now" }).click();
  for (const one of [page, second]) await expect(one.getByText("on request")).toBeVisible();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("menuitem", { name: /Stop and save/ }).click();
  for (const one of [page, second]) await expect(one.getByText("Training was stopped")).toBeVisible();
  const stopped = await untilEnded(server, run.id);
  expect(stopped.status).toBe("stopped");
  const [asked = "", last = ""] = stopped.checkpoints.map(({ name }) => name);
  // The best of the two is offered, which depends on the step at which the person pressed.
  await expect(page.getByRole("link", { name: /^Chat with checkpoint-/ })).toHaveAttribute(
    "href",
    new RegExp(`${run.id}.*(${asked}|${last})$`),
  );
  await expect(checkpointRow(page, last).getByRole("link", { name: "Export" })).toHaveAttribute("href", new RegExp(`checkpoint=${last}`));

  await checkpointRow(page, asked)
    .getByRole("button", { name: `More for ${asked}` })
    .click();
  await page.getByRole("menuitem", { name: "Delete checkpoint" }).click();
  await page.getByRole("button", { name: "Delete checkpoint" }).click();
  for (const one of [page, second]) await expect(checkpointRow(one, asked)).toHaveCount(0);

  await checkpointRow(page, last)
    .getByRole("button", { name: `More for ${last}` })
    .click();
  await page.getByRole("menuitem", { name: "Resume from here" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Resume" }).click();
  await expect(second.getByText("attempt 2")).toBeVisible();
  await until(server, run.id, ({ status, step }) => status === "running" && step > stopped.step);

  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("menuitem", { name: /Cancel without saving/ }).click();
  await page.getByRole("button", { name: "Keep training" }).click();
  expect((await server.api<Run>("GET", `/api/runs/${run.id}`)).status).toBe("running");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("menuitem", { name: /Cancel without saving/ }).click();
  await page.getByRole("button", { name: "Cancel without saving" }).click();
  const cancelled = await untilEnded(server, run.id);
  expect(cancelled.checkpoints.map(({ name }) => name)).toEqual([last]);
  await expect(page.getByText("Training was stopped")).toBeVisible();
});

test("the log follows its end, stays where one reads, and goes to the end again when asked", async ({ signedIn: page, server }) => {
  const run = await startRun(server, "steps=9000 lines=20 delay=0.1");
  await open(page, server, run, "log");
  const follow = page.getByRole("button", { name: "Follow" });
  await until(server, run.id, ({ step }) => step > 10);
  await expect(logOf(page)).toContainText(/step \d+ line 19/);
  await logOf(page).hover();
  await page.mouse.wheel(0, -1000);
  await expect(follow).toHaveAttribute("aria-pressed", "false");
  const first = logOf(page)
    .getByText(/^step \d+ line \d+$/)
    .first();
  let read = "";
  await expect(async () => {
    // A wheel turns on for a moment.
    const before = await first.textContent();
    read = (await first.textContent({ timeout: 1000 })) ?? "";
    expect(read).toBe(before);
  }).toPass();
  const { step } = await server.api<Run>("GET", `/api/runs/${run.id}`);
  await until(server, run.id, (later) => later.step > step + 20);
  await expect(first).toHaveText(read);
  await follow.click();
  await server.api("POST", `/api/runs/${run.id}/stop`, { save: false });
  const ended = await untilEnded(server, run.id);
  await expect(logOf(page)).toContainText(`step ${ended.step} line 19`);
});

test("the log is searched, loaded back to its first line without losing the place, and downloaded whole", async ({
  signedIn: page,
  server,
}) => {
  const run = await startRun(server, "steps=16 lines=1200");
  await untilEnded(server, run.id);
  await open(page, server, run, "log");
  const log = logOf(page);
  await expect(log).toContainText("step 16 line 1199");
  const search = page.getByRole("textbox", { name: "Search in the loaded lines" });
  await search.fill("STEP 15 LINE 29");
  await expect(page.getByText("11 lines", { exact: true })).toBeVisible();
  await expect(log.locator("mark").first()).toHaveText("step 15 line 29");
  await search.fill("");
  await expect(log).toContainText("step 16 line 1199");

  await log.press("Home");
  const first = log.getByText(/^step \d+ line \d+$/).first();
  await expect(first).toBeInViewport();
  const read = (await first.textContent()) ?? "";
  await page.getByRole("button", { name: "Load earlier lines" }).click();
  await expect(page.getByRole("button", { name: "Load earlier lines" })).toHaveCount(0);
  await expect(log.getByText(read, { exact: true })).toBeInViewport();
  await log.press("Home");
  await expect(log).toContainText("rehearsal begins");

  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  const whole = readFileSync(await (await downloading).path(), "utf8");
  expect(whole).toBe(readFileSync(join(server.home, "runs", run.id, "a1", "output.log"), "utf8"));
  expect(whole.split("\n")).toHaveLength(16 * 1200 + 2);
});

test("charts: smoothing, logarithm and axis stand in the address; zoom, table, values and picture", async ({ signedIn: page, server }) => {
  const run = await startRun(server, "steps=60");
  await untilEnded(server, run.id);
  await open(page, server, run, "charts");
  const canvas = page.locator("canvas").first();
  await expect(canvas).toBeVisible();
  await page.getByRole("slider", { name: "Smoothing" }).focus();
  await page.keyboard.press("Home");
  await expect(page).toHaveURL(/smooth=0/);
  await page.getByRole("button", { name: "log", exact: true }).first().click();
  await expect(page).toHaveURL(/log=loss/);
  await page.getByRole("radio", { name: "tokens" }).click();
  await expect(page).toHaveURL(/x=tokens/);
  await page.reload();
  await expect(page.getByText("smoothing 0 · x: tokens")).toBeVisible();
  await page.getByRole("radio", { name: "step" }).click();

  const box = (await canvas.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  const reset = page.getByRole("button", { name: "Reset zoom" });
  await expect(reset).toBeVisible();
  await openMenu("View as table");
  const zoomed = page.getByRole("dialog").getByRole("table", { name: "Training" }).getByRole("row");
  await expect(async () => {
    const rows = await zoomed.count();
    expect(rows).toBeGreaterThan(10);
    expect(rows).toBeLessThan(30);
  }).toPass();
  await page.keyboard.press("Escape");
  await reset.click();
  await openMenu("View as table");
  await expect(zoomed).toHaveCount(61);
  await expect(zoomed.nth(2)).toContainText("0.5");
  await page.keyboard.press("Escape");

  const csv = (await download("Save all values (CSV)")).toString("utf8").trim().split("\n");
  expect(csv).toHaveLength(1 + 60 + 6);
  const png = await download("Save as picture (PNG)");
  expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  expect(png.length).toBeGreaterThan(5000);

  async function openMenu(item: string) {
    await page.getByRole("button", { name: "More for Loss", exact: true }).click();
    await page.getByRole("menuitem", { name: item }).click();
  }
  async function download(item: string) {
    const downloading = page.waitForEvent("download");
    await openMenu(item);
    return readFileSync(await (await downloading).path());
  }
});

test("a run that failed says why and what to do, in both languages; a loss that was no number is counted", async ({
  signedIn: page,
  server,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const failed = await startRun(server, "steps=5 end=fail");
  const odd = await startRun(server, "steps=12 nan=7");
  for (const run of [failed, odd]) await untilEnded(server, run.id);
  await open(page, server, failed);
  await expect(alert(page)).toContainText("The data could not be used");
  await expect(alert(page)).toContainText("Row 3 has no answer.");
  await expect(alert(page)).toContainText("Repair it.");
  await alert(page).getByText("Details", { exact: true }).click();
  await expect(alert(page).getByText("Traceback")).toBeVisible();
  await alert(page).getByRole("button", { name: "Copy details" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("data_invalid: Row 3 has no answer.");
  await expect(page.getByText("Failed · bad data")).toBeVisible();

  await open(page, server, odd);
  await expect(page.getByText("loss: 1 value NaN or infinite.")).toBeVisible();
  await context.addCookies([{ name: "tb-locale", value: "zh", url: server.url }]);
  await open(page, server, failed);
  await expect(alert(page)).toContainText("数据无法使用");
  await expect(alert(page)).toContainText("请在“数据”页查看该数据集的问题");
});

test("files and configuration: where the run lies, what was asked for, and what was resolved", async ({
  signedIn: page,
  server,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const run = await startRun(server, "steps=6 save=3");
  await untilEnded(server, run.id);
  await open(page, server, run, "files");
  await expect(page.getByText(join(server.home, "runs", run.id))).toBeVisible();
  await expect(checkpointRow(page, "checkpoint-6")).toBeVisible();
  await open(page, server, run, "configuration");
  await expect(page.getByText("learningRate", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Copy as JSON" }).click();
  expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual(run.spec);
  await page.getByRole("radio", { name: "Resolved values" }).click();
  await expect(page.getByText("Not resolved yet")).toBeVisible();
});
