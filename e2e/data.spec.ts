import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { QuickStart } from "../lib/contract/api";
import type { Dataset, DatasetRow } from "../lib/contract/dataset";
import { DatasetId } from "../lib/contract/ids";
import type { Run } from "../lib/contract/run";
import { oneSet } from "../lib/domain/train-data";
import { expect, test, untilEnded } from "./fixtures";

const shared = process.env.TUNEBOARD_SHARED_DATA ?? join(import.meta.dirname, "..", "..", "shared", "data");
const folder = join(shared, "llama-factory");
const own = mkdtempSync(join(tmpdir(), "tuneboard-data-"));
test.afterAll(() => rmSync(own, { recursive: true, force: true }));

const known = [
  { file: "alpaca_en_demo.json", format: "alpaca" },
  { file: "alpaca_zh_demo.json", format: "alpaca" },
  { file: "identity.json", format: "alpaca" },
  // The demo model's template knows no tools and refuses row 0; Qwen's shows its calls as what is trained.
  { file: "glaive_toolcall_en_demo.json", format: "sharegpt", tools: true },
  { file: "dpo_en_demo.json", format: "preference" },
  { file: "kto_en_demo.json", format: "kto" },
  { file: "c4_demo.jsonl", format: "text" },
  { file: "wiki_demo.txt", format: "text" },
];

/** Chooses a file in the dialog and waits until the page of its data set stands. */
async function upload(page: Page, url: string, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<string> {
  await page.goto(`${url}/data`);
  await page.getByRole("button", { name: "Add data" }).first().click();
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(page).toHaveURL(/\/data\/ds_\w+/, { timeout: 60_000 });
  return /ds_\w+/.exec(page.url())?.[0] ?? "";
}

test("every file of LLaMA-Factory's demo is recognised rightly, shown, checked, inspected and trained", async ({
  signedIn: page,
  server,
}) => {
  test.skip(!existsSync(folder), `LLaMA-Factory's demo data is not on this machine (${folder})`);
  test.setTimeout(600_000);
  const { spec } = await server.api<QuickStart>("GET", "/api/quick-start");
  const training = { ...spec.training, maxSteps: 2, cutoffLength: 256, batchSize: 2 };
  const runs: string[] = [];
  for (const { file, format, tools } of known) {
    await test.step(file, async () => {
      const id = await upload(page, server.url, join(folder, file));
      await expect(page.getByRole("tab", { name: "Tokens" })).toBeVisible({ timeout: 60_000 });
      const dataset = await server.api<Dataset>("GET", `/api/datasets/${id}`);
      expect(dataset.report?.format).toBe(format);
      expect(dataset.report?.usableRows).toBeGreaterThan(0.9 * (dataset.report?.rows ?? 0));
      await page.getByRole("radio", { name: "Table" }).click();
      await expect(page.getByRole("columnheader").nth(1)).toBeVisible();
      await page.getByRole("tab", { name: "Tokens" }).click();
      if (tools) {
        await expect(page.getByText(/This model can't read the row/).first()).toBeVisible();
        await page.getByRole("textbox", { name: "Cutoff length" }).fill("4096");
        await choose(page, "Chat template", "qwen3$");
      }
      await expect(page.locator("[data-token]").first()).toBeVisible();
      await expect(page.getByText(/of [\d,]+ tokens trained/)).toBeVisible();
      if (tools) {
        const lit = page.locator("[data-token].bg-succeeded-soft");
        await expect.poll(async () => (await lit.allInnerTexts()).join("")).toContain('"name": "search_recipes"');
        await choose(page, "Chat template", "The model's own");
      }
      // They train one after the other while the next files are looked at.
      const wish = { ...spec, name: file.replace(/\W/g, "-"), data: oneSet(DatasetId.parse(id), 0), training };
      runs.push((await server.api<Run>("POST", "/api/runs", { spec: wish })).id);
    });
  }
  await test.step("all of them trained", async () => {
    for (const id of runs) expect((await untilEnded(server, id)).status).toBe("succeeded");
  });
});

test("a folder is dropped beside the open dialog, and its files become one set", async ({ signedIn: page, server }) => {
  const parts = join(own, "parts");
  mkdirSync(join(parts, "more"), { recursive: true });
  for (const name of ["a.jsonl", "more/b.jsonl"])
    writeFileSync(join(parts, name), '{"instruction": "Name it", "output": "It is a part"}\n');
  writeFileSync(join(parts, "README.md"), "no rows");
  await page.goto(`${server.url}/data`);
  await expect(page.getByRole("button", { name: "Add data" }).first()).toBeVisible();
  const session = await page.context().newCDPSession(page);
  const drag = (type: "dragEnter" | "dragOver" | "drop" | "dragCancel") =>
    session.send("Input.dispatchDragEvent", { type, x: 20, y: 700, data: { items: [], files: [parts], dragOperationsMask: 1 } });
  // The page listens once its scripts run; a drag that came in before never comes in again.
  await expect(async () => {
    await drag("dragCancel");
    await drag("dragEnter");
    await expect(page.getByText("Drop files or a folder here")).toBeVisible({ timeout: 1000 });
  }).toPass();
  await drag("dragOver");
  await drag("drop");
  await expect(page).toHaveURL(/\/data\/ds_\w+/, { timeout: 30_000 });
  const dataset = await server.api<Dataset>("GET", `/api/datasets/${/ds_\w+/.exec(page.url())?.[0]}`);
  expect([dataset.name, dataset.files.map(({ name }) => name)]).toEqual(["parts", ["a.jsonl", "b.jsonl"]]);
});

test("columns of no known form are given their roles in the heads, with a live preview, and the rows are then checked", async ({
  signedIn: page,
  server,
}) => {
  const rows = Array.from({ length: 20 }, (_, index) => ({ ask: `What is ${index}?`, reply: `It is ${index}.`, source: "us" }));
  const buffer = Buffer.from(rows.map((row) => JSON.stringify(row)).join("\n"));
  const id = await upload(page, server.url, { name: "odd.jsonl", mimeType: "application/jsonl", buffer });
  await expect(page.getByRole("heading", { name: "How should the rows be read?" })).toBeVisible();
  await expect(page.getByText("The names “ask” and “reply” sound like a question and its answer.")).toBeVisible();
  await choose(page, "Form", "Alpaca");
  await choose(page, "What ask is", "Not used");
  await expect(page.getByText("Still without a column: Instruction.")).toBeVisible();
  await choose(page, "What ask is", "Instruction");
  await expect(page.getByText("It is 3.").last()).toBeVisible();
  await page.screenshot({ path: "test-results/pages/data-mapping.png", fullPage: true });
  await page.getByRole("button", { name: "Read every row" }).click();
  await expect(page.getByRole("tab", { name: "Tokens" })).toBeVisible({ timeout: 30_000 });
  const dataset = await server.api<Dataset>("GET", `/api/datasets/${id}`);
  expect(dataset.report).toMatchObject({ rows: 20, usableRows: 20, format: "alpaca" });
});

test("faults are counted by reason; leaving duplicates out makes a second version, and the first stays as it was", async ({
  signedIn: page,
  server,
}) => {
  const good = Array.from({ length: 30 }, (_, index) => ({ instruction: `Name the number ${index}`, output: `Number ${index} it is` }));
  const rows = [...good, good[0], good[1], { instruction: "No answer", output: "" }];
  const file = join(own, "faults.json");
  writeFileSync(file, JSON.stringify(rows));
  const id = await upload(page, server.url, file);
  await page.getByRole("tab", { name: /Health/ }).click();
  await expect(page.getByRole("button", { name: "Exact duplicate" })).toBeVisible();
  await choose(page, "What to do: Exact duplicate", "Leave out");
  await page.getByRole("button", { name: "Make version 2" }).click();
  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(page.getByText("v2", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("tab", { name: "Tokens" })).toBeVisible({ timeout: 30_000 });
  const { datasets } = await server.api<{ datasets: Dataset[] }>("GET", "/api/datasets");
  const family = datasets.filter(({ familyId }) => familyId === id);
  expect(family.map(({ version, report }) => [version, report?.usableRows]).sort()).toEqual([
    [1, 32],
    [2, 30],
  ]);
});

test("text is replaced with a preview: a new version, compared with the first by words, and taken away as Parquet", async ({
  signedIn: page,
  server,
}) => {
  const rows = Array.from({ length: 40 }, (_, n) => ({ instruction: `What is Acme ${n}?`, output: `Acme ${n * 7} it is` }));
  const file = join(own, "acme.json");
  writeFileSync(file, JSON.stringify(rows));
  const id = await upload(page, server.url, file);
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByRole("menuitem", { name: /Replace text/ }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Text 1 to find").fill("Acme");
  await sheet.getByLabel("Replacement 1").fill("Globex");
  await expect(sheet.getByText("40 rows would change.")).toBeVisible();
  await sheet.getByRole("radio", { name: "Chosen places" }).click();
  await sheet.getByLabel("output", { exact: true }).check();
  await expect(sheet.getByText("Row 0 · instruction")).toHaveCount(0);
  await expect(sheet.getByText("Row 0 · output")).toBeVisible();
  await expect(sheet.locator("del").first()).toHaveText("Acme");
  await page.screenshot({ path: "test-results/pages/data-replace.png" });
  await sheet.getByRole("button", { name: "Make a new version" }).click();
  await expect(page).not.toHaveURL(new RegExp(id));
  await page.getByRole("tab", { name: "Versions" }).click({ timeout: 30_000 });
  await expect(page.getByText("Text replaced in 40 rows")).toBeVisible();
  await choose(page, "Compare v2 with …", "v1 with v2");
  await expect(page.getByRole("radio", { name: "Changed 40" })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("insertion").filter({ hasText: "Globex" })).not.toHaveCount(0);
  await page.screenshot({ path: "test-results/pages/data-compare.png", fullPage: true });
  await page.getByRole("button", { name: "Download" }).click();
  await expect(page.getByText("The file holds 40 rows.")).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download" }).click()]);
  expect(download.suggestedFilename()).toBe("acme.parquet");
  expect(
    readFileSync(await download.path())
      .subarray(0, 4)
      .toString(),
  ).toBe("PAR1");
  // The first version is as it came.
  const { rows: first } = await server.api<{ rows: DatasetRow[] }>("GET", `/api/datasets/${id}/rows?limit=1`);
  expect(first[0]?.messages?.map(({ content }) => content)).toEqual(["What is Acme 0?", "Acme 0 it is"]);
});

test("rows that training and validation share are found, shown beside each other and left out; the plan of a launch says so", async ({
  signedIn: page,
  server,
}) => {
  const row = (at: number) => ({ instruction: `Which month has the number ${at} of all?`, output: `Month ${at} it is` });
  const file = (name: string, rows: object[]) => ({ name, mimeType: "application/json", buffer: Buffer.from(JSON.stringify(rows)) });
  const train = await upload(page, server.url, file("overlap-train.json", [...Array(12).keys()].map(row)));
  const held = [
    row(3),
    { instruction: "which MONTH has the number 5 of all", output: "May" },
    { instruction: "Who are you?", output: "Pip" },
  ];
  const validation = await upload(page, server.url, file("overlap-held.json", held));

  await page.goto(`${server.url}/data/${train}?tab=overlap`);
  await choose(page, "Add a validation set", "overlap-held");
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await expect(page.getByText("2 of 3 validation rows also stand in training")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: /^Same prompt but for case/ }).click();
  await expect(page.locator("mark", { hasText: "MONTH" }).first()).toBeVisible();
  await page.getByRole("button", { name: /^Prompt with different answers/ }).click();
  await expect(page.getByText("2 answers in 2 rows")).toBeVisible();
  await page.screenshot({ path: "test-results/pages/data-overlap.png", fullPage: true });

  await page.goto(`${server.url}/launch?dataset=${train}`);
  await page.getByRole("radio", { name: "Own sets" }).click();
  await choose(page, "Sets for validation", "overlap-held");
  await expect(page.getByRole("link", { name: "2 validation rows also stand in training." }).first()).toBeVisible();

  await page.goto(`${server.url}/data/${train}?tab=overlap&train=${train}&validation=${validation}`);
  await page.getByRole("button", { name: "Leave these 2 rows out of training" }).click();
  await expect(page.getByText("v2", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("10 rows")).toBeVisible({ timeout: 30_000 });
});

test("a template that writes the start twice is refused in the token inspector, with the token that is doubled", async ({
  signedIn: page,
  server,
}) => {
  const template = join(server.home, "twice.jinja");
  const own = readFileSync(join(import.meta.dirname, "..", "trainer", "demo", "model", "chat_template.jinja"), "utf8");
  writeFileSync(template, `{{- bos_token -}}${own}`);
  const { datasets } = await server.api<{ datasets: Dataset[] }>("GET", "/api/datasets");
  await page.goto(`${server.url}/data/${datasets.find(({ source }) => source === "demo")?.id}?tab=tokens`);
  await expect(page.locator("[data-token]").first()).toBeVisible({ timeout: 30_000 });
  await choose(page, "Chat template", "A template file");
  const path = page.getByPlaceholder("/home/you/templates/chat_template.jinja");
  await path.fill(template);
  await path.press("Enter");
  await expect(page.getByText("The text begins with <|bos|> twice.").first()).toBeVisible();
});

test("the cutoff in the length report is moved by keys, and the counts follow it", async ({ signedIn: page, server }) => {
  const { datasets } = await server.api<{ datasets: Dataset[] }>("GET", "/api/datasets");
  const demo = datasets.find(({ source }) => source === "demo");
  await page.goto(`${server.url}/data/${demo?.id}?tab=lengths`);
  const slider = page.getByRole("slider", { name: "Cutoff length" });
  await expect(slider).toBeVisible({ timeout: 60_000 });
  const before = Number(await slider.getAttribute("aria-valuenow"));
  await slider.focus();
  await slider.press("ArrowRight");
  await expect.poll(async () => Number(await slider.getAttribute("aria-valuenow"))).toBeGreaterThan(before);
  await slider.press("ArrowLeft");
  await expect(slider).toHaveAttribute("aria-valuenow", String(before));
  await expect(page.getByText(/Rows cut at/)).toBeVisible();
  await page.screenshot({ path: "test-results/pages/data-lengths.png", fullPage: true });
});

async function choose(page: Page, select: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: select, exact: true }).click();
  await page.getByRole("option", { name: new RegExp(`^${option}`) }).click();
}
