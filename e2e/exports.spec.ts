import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { ExportForecast, QuickStart } from "../lib/contract/api";
import { PidRecord } from "../lib/contract/event";
import type { Run } from "../lib/contract/run";
import { expect, test, untilEnded } from "./fixtures";
import type { BuiltServer } from "./server";

const folder = mkdtempSync(join(tmpdir(), "tuneboard-exported-"));
test.afterAll(() => rmSync(folder, { recursive: true }));

let trained: Run;
test.beforeAll(async ({ server }) => {
  const { spec } = await server.api<QuickStart>("GET", "/api/quick-start");
  const training = { ...spec.training, maxSteps: 4, saveEverySteps: 2, evalEverySteps: null };
  const { id } = await server.api<Run>("POST", "/api/runs", { spec: { ...spec, name: "short", training } });
  trained = await untilEnded(server, id);
  expect(trained.failure).toBeNull();
});

const card = (page: Page, name: string) => page.getByRole("article").filter({ has: page.getByRole("heading", { name, exact: true }) });
const exportsOf = (server: BuiltServer) => server.api<{ runs: Run[] }>("GET", "/api/exports");
const start = (page: Page) => page.getByRole("main").getByRole("button", { name: "Export", exact: true }).click();

test("merged: the forecast is what comes out, one file and the whole are downloaded, and plain transformers opens them", async ({
  signedIn: page,
  server,
}) => {
  await page.goto(`${server.url}/exports?run=${trained.id}&checkpoint=checkpoint-4`);
  await expect(page.getByText("Fits on the disk.")).toBeVisible();
  const forecasting = page.waitForResponse((response) => response.url().endsWith("/exports/forecast"));
  await page.getByRole("textbox", { name: "Largest file" }).fill("0.003");
  const forecast: ExportForecast = await (await forecasting).json();
  expect(forecast.shards).toBeGreaterThan(1);
  await start(page);
  await expect(card(page, "short-4").getByRole("link", { name: "Open in chat" })).toBeVisible({ timeout: 120_000 });
  const [exported] = (await exportsOf(server)).runs;
  const files = exported?.artifact?.files ?? [];
  expect(files.filter(({ name }) => name.endsWith(".safetensors"))).toHaveLength(forecast.shards);
  expect(Math.abs((exported?.artifact?.bytes ?? 0) / forecast.bytes - 1)).toBeLessThan(0.02);

  await card(page, "short-4")
    .getByText(/^\d+ files/)
    .click();
  const config = await download(page, () => card(page, "short-4").getByRole("link", { name: "Download config.json" }).click());
  const listed = files.find(({ name }) => name === "config.json");
  expect(createHash("sha256").update(config).digest("hex")).toBe(listed?.sha256);

  const archive = join(folder, "model.tar");
  writeFileSync(archive, await download(page, () => card(page, "short-4").getByRole("link", { name: "Download all" }).click()));
  expect(python(openTar, archive, folder)).toContain(`files ${files.length}`);
});

test("adapter: a small file of its own, which peft opens; deleting it frees what it took", async ({ signedIn: page, server }) => {
  await page.goto(`${server.url}/exports?run=${trained.id}&checkpoint=checkpoint-2`);
  await page.getByRole("radio", { name: "Adapter" }).click();
  await expect(page.getByText("Fits on the disk.")).toBeVisible();
  await start(page);
  const own = card(page, "short-2-adapter");
  await expect(own.getByRole("link", { name: "Download all" })).toBeVisible({ timeout: 120_000 });
  await expect(own.getByText("Succeeded")).toBeVisible();
  await own.getByRole("button", { name: "Delete short-2-adapter" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(own).toHaveCount(0);
  expect((await exportsOf(server)).runs.map(({ name }) => name)).not.toContain("short-2-adapter");
});

test("an export is stopped half-way and leaves nothing; one that can't be made says why, in both languages", async ({
  signedIn: page,
  server,
  context,
}) => {
  await page.goto(`${server.url}/exports?run=${trained.id}&checkpoint=checkpoint-4`);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("half-way");
  const before = workersOf(server);
  await start(page);
  // So small a model is merged before a finger is down: its worker stands still meanwhile.
  await expect.poll(() => workersOf(server).length, { intervals: [5] }).toBeGreaterThan(before.length);
  const worker = workersOf(server).find((pid) => !before.includes(pid)) ?? 0;
  process.kill(worker, "SIGSTOP");
  await expect(card(page, "half-way").getByRole("progressbar")).toBeVisible();
  await card(page, "half-way").getByRole("button", { name: "Stop" }).click();
  await expect.poll(async () => (await exportsOf(server)).runs.find(({ name }) => name === "half-way")?.stopRequest).toBeTruthy();
  process.kill(worker, "SIGCONT");
  await expect(card(page, "half-way").getByText("Stopped")).toBeVisible({ timeout: 60_000 });
  await expect(card(page, "half-way").getByRole("link", { name: "Open in chat" })).toHaveCount(0);

  const adapter = join(server.home, "runs", trained.id, "checkpoints", "checkpoint-2", "adapter_model.safetensors");
  writeFileSync(adapter, readFileSync(adapter).subarray(0, 5000));
  await page.goto(`${server.url}/exports?run=${trained.id}&checkpoint=checkpoint-2`);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("broken");
  await start(page);
  await expect(card(page, "broken").getByRole("alert")).toContainText("adapter_model.safetensors", { timeout: 60_000 });
  await context.addCookies([{ name: "tb-locale", value: "zh", url: server.url }]);
  await page.reload();
  await expect(card(page, "broken").getByRole("alert")).toContainText("检查点");
});

function workersOf(server: BuiltServer): number[] {
  const folder = join(server.home, "runs");
  const records = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("pid.json"));
  return records.flatMap((file) => PidRecord.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))).worker?.pid ?? []);
}

async function download(page: Page, press: () => Promise<void>): Promise<Buffer> {
  const downloading = page.waitForEvent("download");
  await press();
  return readFileSync(await (await downloading).path());
}

const openTar = `
import sys, tarfile, pathlib
archive, target = sys.argv[1:]
with tarfile.open(archive) as tar:
    names = [member.name for member in tar if member.isfile()]
    tar.extractall(target, filter="data")
print("files", len(names))
from transformers import AutoModelForCausalLM, AutoTokenizer
folder = next(pathlib.Path(target).rglob("config.json")).parent
model = AutoModelForCausalLM.from_pretrained(folder)
tokenizer = AutoTokenizer.from_pretrained(folder)
prompt = tokenizer.apply_chat_template([{"role": "user", "content": "hi"}], add_generation_prompt=True, return_tensors="pt", return_dict=True)
print("answer", model.generate(**prompt, max_new_tokens=3, do_sample=False).shape)
`;

const python = (program: string, ...args: string[]): string =>
  execFileSync(process.env.TUNEBOARD_PYTHON ?? join(import.meta.dirname, "..", ".venv", "bin", "python"), ["-c", program, ...args], {
    encoding: "utf8",
  });
