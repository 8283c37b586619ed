import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { QuickStart } from "../lib/contract/api";
import { RunId } from "../lib/contract/ids";
import { type ExportSpec, RunName } from "../lib/contract/job-spec";
import type { Run } from "../lib/contract/run";
import { openDb } from "../server/stores/db";
import { createRunStore } from "../server/stores/run-store";
import { expect, until, untilEnded } from "./fixtures";
import { type BuiltServer, startBuiltServer } from "./server";
import { test } from "./stand-in";

const row = (page: Page, name: string | RegExp) => page.getByRole("row", { name });
const drawn = (page: Page) => page.locator("tr[data-run]");
const count = (page: Page) => page.getByRole("main").locator("[aria-live=polite]").first();
const search = (page: Page) => page.getByRole("searchbox", { name: /Search/ });
const dialog = (page: Page) => page.getByRole("dialog");
async function choose(page: Page, name: string | RegExp, item: string | RegExp) {
  await row(page, name)
    .getByRole("button", { name: /^Actions for/ })
    .click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** Rows of runs that have ended, as if they had been trained; they leave with the test. */
async function withRuns(server: BuiltServer, changes: readonly (Partial<Run> & { name: string })[], work: (runs: Run[]) => Promise<void>) {
  const { spec } = await server.api<QuickStart>("GET", "/api/quick-start");
  const db = openDb(join(server.home, "tuneboard.db"));
  const store = createRunStore(db, { now: Date.now });
  const runs = changes.map(
    (change, at): Run => ({ ...endedRun(spec, at), ...change, spec: change.spec ?? { ...spec, name: change.name } }),
  );
  try {
    db.transact(() => {
      for (const run of runs) store.insert(run);
    });
    await work(runs);
  } finally {
    for (const run of runs) store.remove(run.id);
    db.close();
  }
}

const endedRun = (spec: QuickStart["spec"], at: number): Run => ({
  id: RunId.parse(`run_${String(at).padStart(12, "0")}`),
  name: spec.name,
  spec,
  labels: { model: "tuneboard-demo", data: "first-steps" },
  status: "succeeded",
  attempt: 1,
  createdAt: Date.UTC(2026, 0, 1) - at * 60_000,
  startedAt: Date.UTC(2026, 0, 1) - at * 60_000,
  endedAt: Date.UTC(2026, 0, 1) - at * 60_000 + 30_000,
  stopRequest: null,
  queuePosition: null,
  seq: 1,
  lastEventAt: null,
  phase: null,
  plan: null,
  step: 10,
  epoch: 1,
  tokens: 100,
  seconds: 30,
  stepsPerSecond: null,
  last: { loss: 1 },
  nonFinite: {},
  bestEval: null,
  spark: { stride: 1, values: [3, 2, 1], pending: [] },
  checkpoints: [],
  artifact: null,
  progress: null,
  ready: false,
  rssBytes: null,
  warnings: [],
  failure: null,
  summary: null,
});
const checkpoint = (step: number, bytes: number): Run["checkpoints"][number] => ({
  name: `checkpoint-${step}`,
  step,
  bytes,
  createdAt: 0,
  reason: "final",
  loss: null,
  evalLoss: null,
});

test("with no run there are three ways to begin, one of them a press away", async ({ page }) => {
  const empty = await startBuiltServer();
  try {
    await page.goto(`${empty.url}/?token=${empty.token}`);
    await expect(page.getByRole("heading", { name: "Train your first model" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Start training" })).toBeEnabled();
    await expect(page.getByRole("link", { name: /data/i }).last()).toBeVisible();
  } finally {
    await empty.stop();
  }
});

test("search, filter and sort stand in the address: a reload and the way back show the same rows", async ({ signedIn: page, server }) => {
  const names = Array.from({ length: 300 }, (_, at) => `sweep ${at}`);
  const long = `a-name-that-goes-on-${"and-on-".repeat(8)}end`;
  const changes = [...names, long].map((name, at) => ({
    name,
    status: at % 4 === 1 ? ("failed" as const) : ("succeeded" as const),
    last: { loss: (at * 7919) % 1000 },
  }));
  await withRuns(server, changes, async () => {
    await page.goto(`${server.url}/`);
    await expect(count(page)).toContainText(/^3\d\d runs/);
    await page.keyboard.press("/");
    await page.keyboard.type("goes-on");
    await expect(drawn(page)).toHaveCount(1);
    await expect(row(page, new RegExp(long))).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, "a long name widens nothing").toBeLessThanOrEqual(1440);
    await page.keyboard.press("Escape");

    await search(page).fill("sweep");
    await page.getByRole("combobox", { name: "Status" }).click();
    await page.getByRole("option", { name: "Failed or lost" }).click();
    await page.getByRole("button", { name: "Loss", exact: true }).click();
    await expect(count(page)).toContainText(/^75 of 3\d\d runs/);
    await expect(page).toHaveURL(/q=sweep&status=failed&sort=loss/);
    const first = await drawn(page).first().getByRole("link").textContent();
    await page.reload();
    await expect(drawn(page).first().getByRole("link")).toHaveText(first ?? "");
    await drawn(page).first().getByRole("link").click();
    await expect(page).toHaveURL(/\/runs\/run_/);
    await page.goBack();
    await expect(count(page)).toContainText(/^75 of/);
    await search(page).fill("no such run");
    await page.getByRole("button", { name: /clear/i }).click();
    await expect(count(page)).toContainText(/^3\d\d runs/);
  });
});

test("of 1,900 runs only what is seen is in the page, by wheel and by keyboard, as table and as cards", async ({
  signedIn: page,
  server,
}) => {
  const changes = Array.from({ length: 1900 }, (_, at) => ({ name: `many ${at}` }));
  await withRuns(server, changes, async () => {
    await page.goto(`${server.url}/?q=many`);
    await expect(count(page)).toContainText("1,900");
    await expect(row(page, "many 0 ")).toBeVisible();
    expect(await drawn(page).count()).toBeLessThan(100);
    const statusAt = await row(page, "many 0 ").getByText("Succeeded").boundingBox();

    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await expect(row(page, "many 1899 ")).toBeInViewport();
    expect(await drawn(page).count()).toBeLessThan(100);
    await expect(page.getByRole("columnheader", { name: "Status" }), "the head stays").toBeInViewport();
    const statusThen = await row(page, "many 1899 ").getByText("Succeeded").boundingBox();
    expect(statusThen?.x, "no column moves").toBe(statusAt?.x);

    await page.evaluate(() => window.scrollTo(0, 0));
    await expect(row(page, "many 0 ")).toBeVisible();
    for (let press = 0; press < 60; press++) await page.keyboard.press("j");
    const focused = page.locator("tr[data-run]:focus-within");
    await expect(focused.getByRole("link")).toHaveText("many 59");
    await expect(focused).toBeInViewport();

    await page.setViewportSize({ width: 390, height: 844 });
    await expect(page.locator("li[data-run]").first()).toBeVisible();
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await expect(page.getByRole("link", { name: "many 1899" })).toBeInViewport();
    expect(await page.locator("li[data-run]").count()).toBeLessThan(60);
  });
});

test("rows are chosen by mouse and by keyboard; cancelling keeps the choice; checkpoints go only once the number is typed", async ({
  signedIn: page,
  server,
}) => {
  const changes = ["pick a", "pick b", "pick c"].map((name, at) => ({ name, checkpoints: at === 1 ? [checkpoint(10, 3_000_000)] : [] }));
  await withRuns(server, changes, async () => {
    await page.goto(`${server.url}/?q=pick`);
    await page.getByRole("checkbox", { name: "Select pick a" }).check();
    await row(page, "pick b").getByRole("link").focus();
    await page.keyboard.press("x");
    await page.getByRole("button", { name: "Delete 2 runs" }).click();
    await expect(dialog(page)).toContainText("One checkpoint, the curves and the log go; 2.86 MiB are freed");
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByText("2 selected")).toBeVisible();
    await expect(page.getByRole("button", { name: "Delete 2 runs" }), "the focus is back").toBeFocused();

    await page.keyboard.press("Enter");
    const confirm = dialog(page).getByRole("button", { name: "Delete 2 runs" });
    await expect(confirm).toBeDisabled();
    await dialog(page).getByRole("textbox").fill("2");
    await confirm.click();
    await expect(drawn(page)).toHaveCount(1);
    await expect(page.getByText("2 selected")).toHaveCount(0);
    await page.getByRole("checkbox", { name: "Select all shown" }).check();
    await expect(page.getByText("1 selected")).toBeVisible();
  });
});

test("a run that an export reads is not deleted, and the dialog says why before and after the press", async ({
  signedIn: page,
  server,
}) => {
  const runId = RunId.parse("run_000000000000");
  const spec: ExportSpec = {
    kind: "export",
    name: RunName.parse("its export"),
    runId,
    checkpoint: "checkpoint-10",
    form: "merged",
    dtype: "auto",
    maxShardBytes: 5_000_000_000,
  };
  await withRuns(server, [{ name: "being read" }, { name: "its export", spec, status: "running" }], async () => {
    await page.goto(`${server.url}/?q=being read`);
    await choose(page, "being read", /Delete/);
    await expect(dialog(page)).toContainText("An export reads it now: its export");
    await dialog(page).getByRole("button", { name: "Delete run" }).click();
    await expect(dialog(page).getByRole("alert")).toContainText("its export");
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await expect(row(page, "being read")).toBeVisible();
  });
});

test("from the list: rename, stop and save, resume, stop without saving, and delete by name", async ({ signedIn: page, server }) => {
  const { spec } = await server.api<QuickStart>("GET", "/api/quick-start");
  const run = await server.api<Run>("POST", "/api/runs", { spec: { ...spec, name: "steps=4000 delay=0.1 plan=1" } });
  await page.goto(`${server.url}/?q=${run.id}`);
  const list = drawn(page);

  await choose(page, /steps=4000/, /Rename/);
  await dialog(page).getByRole("textbox", { name: "Name" }).fill("a/b");
  await expect(dialog(page).getByRole("alert")).toHaveText("A name has no slashes and no control characters.");
  await expect(dialog(page).getByRole("button", { name: "Rename" })).toBeDisabled();
  await dialog(page).getByRole("textbox", { name: "Name" }).fill("night run");
  await page.keyboard.press("Enter");
  await expect(row(page, "night run")).toBeVisible();

  await until(server, run.id, ({ step }) => step > 2);
  await choose(page, "night run", /^Stop/);
  await dialog(page).getByRole("button", { name: "Back" }).click();
  await expect(row(page, "night run").getByRole("button", { name: /^Actions/ }), "the focus is back at the menu").toBeFocused();
  await choose(page, "night run", /^Stop/);
  await dialog(page).getByRole("button", { name: "Stop and save" }).click();
  await expect(list).toContainText("Stopped");
  const saved = await untilEnded(server, run.id);
  expect(saved.checkpoints).not.toHaveLength(0);

  await choose(page, "night run", /^Resume/);
  await expect(dialog(page)).toContainText(`Step ${saved.step}`);
  await dialog(page).getByRole("button", { name: "Resume" }).click();
  await expect(list).toContainText("Running");
  await until(server, run.id, ({ step }) => step > saved.step);
  await choose(page, "night run", /^Stop/);
  await dialog(page).getByRole("button", { name: "Stop without saving" }).click();
  await expect(list).toContainText("Stopped");
  expect((await untilEnded(server, run.id)).checkpoints).toEqual(saved.checkpoints);

  await choose(page, "night run", /^Delete/);
  const confirm = dialog(page).getByRole("button", { name: "Delete run" });
  await expect(confirm).toBeDisabled();
  await dialog(page).getByRole("textbox").fill("night run");
  await confirm.click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(list).toHaveCount(0);
  const { runs } = await server.api<{ runs: Run[] }>("GET", "/api/runs");
  expect(runs.map(({ id }) => id)).not.toContain(run.id);
});

test("every key of the page is listed behind the question mark", async ({ signedIn: page, server }) => {
  await withRuns(server, [{ name: "one" }], async () => {
    await page.goto(`${server.url}/`);
    await expect(row(page, "one")).toBeVisible();
    await page.keyboard.press("?");
    for (const words of ["Next run", "Select the run", "New run", "Search and commands"]) await expect(dialog(page)).toContainText(words);
    await page.keyboard.press("Escape");
    await expect(dialog(page)).toHaveCount(0);
    await page.keyboard.press("n");
    await expect(page).toHaveURL(/\/launch$/);
  });
});
