import type { Locator, Page } from "@playwright/test";
import type { QuickStart } from "../lib/contract/api";
import type { TrainSpec } from "../lib/contract/job-spec";
import type { Run } from "../lib/contract/run";
import { expect, runIdOf, untilEnded } from "./fixtures";
import type { BuiltServer } from "./server";
import { test } from "./stand-in";

const field = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });
/** The training command of seed 0: its article lost the line breaks and kept the backslashes. */
const ARTICLE = [
  "#!/bin/bash\n# 记录开始时间\nSTART=$(date +%s.%N)CUDA_VISIBLE_DEVICES=0,1,2,3,4,5,6,7 accelerate launch  src/train.py",
  "--deepspeed ds_config_zero3.json",
  "--stage sft",
  "--do_train True",
  "--model_name_or_path /root/ai_project/fine-tuning-by-lora/models/model/qwen/Qwen2___5-7B-Instruct",
  "--finetuning_type lora",
  "--template qwen",
  "--dataset_dir /root/ai_project/fine-tuning-by-lora/dataset/",
  "--dataset huanhuan",
  "--cutoff_len 1024",
  "--learning_rate 5e-04",
  "--num_train_epochs 10",
  "--max_samples 100000",
  "--per_device_train_batch_size 4",
  "--gradient_accumulation_steps 4",
  "--lr_scheduler_type cosine",
  "--max_grad_norm 1.0",
  "--logging_steps 5",
  "--save_steps 100",
  "--warmup_steps 0",
  "--neftune_noise_alpha 0",
  "--lora_rank 8",
  "--lora_dropout 0.1",
  "--lora_alpha 32",
  "--lora_target q_proj,v_proj,k_proj,gate_proj,up_proj,o_proj,down_proj",
  "--output_dir ./output/qwen_7b_ds/train_2024_02_27",
  "--bf16 True",
  "--plot_loss True",
].join(" \\");
const chips = (page: Page) =>
  page
    .getByRole("button", { name: /^Remove \w+$/ })
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-label")?.replace("Remove ", "")));
const plan = (page: Page) => page.getByRole("complementary").last();

async function openForm(page: Page, server: BuiltServer, query = "") {
  await page.goto(`${server.url}/launch${query}`);
  await expect(field(page, "Learning rate")).toBeVisible();
}

test("each field says what is wrong with it and what to choose; Ctrl+Enter then leads to the first of them", async ({
  signedIn: page,
  server,
}) => {
  await openForm(page, server);
  for (const [name, value, words] of [
    ["Name", "", "Fill in Name"],
    ["Name", "a/b", "no slashes"],
    ["Learning rate", "quick", "a number such as 2e-4"],
    ["Learning rate", "2", "choose 1e-6 to 1e-3"],
    ["LoRA rank", "0", "choose 4 to 256"],
    ["LoRA rank", "5000", "at most 1,024"],
    ["Cutoff length", "8", "under 16 tokens"],
    ["Cutoff length", "4096", "choose 512 or less"],
    ["Steps", "0", "leave it empty to use epochs"],
    ["Batch size", "1.5", "whole number"],
    ["Validation share", "none", "such as 0.05"],
  ] as const) {
    await field(page, name).fill(value);
    await expect(field(page, name)).toHaveAttribute("aria-invalid", "true");
    const note = page.locator(`#${await field(page, name).getAttribute("aria-describedby")}`);
    await expect(note, `${name} = ${value}`).toContainText(words);
  }
  await expect(plan(page)).toContainText("7 things to fix");
  await page.keyboard.press("Control+Enter");
  await expect(field(page, "Validation share"), "the first on the way down").toBeFocused();
  await plan(page)
    .getByRole("button", { name: /Cutoff length/ })
    .click();
  await expect(field(page, "Cutoff length")).toBeFocused();

  await page.getByRole("button", { name: "Start over" }).click();
  await expect(plan(page)).toContainText("ready");
  await field(page, "Steps").fill("12");
  await expect(page.getByText("Not used: a number of steps is set.")).toBeVisible();
  await expect(plan(page)).toContainText("12");
});

test("target modules are chosen, cleared, replaced and reset; their order is no change", async ({ signedIn: page, server }) => {
  await openForm(page, server);
  const section = page.locator("#launch-section-method");
  const all = await chips(page);
  await section.getByRole("button", { name: "Attention only" }).click();
  expect(await chips(page)).toEqual(["k_proj", "o_proj", "q_proj", "v_proj"]);
  await section.getByRole("button", { name: "+ up_proj" }).click();
  await section.getByRole("button", { name: "Clear" }).click();
  await expect(section).toContainText("Choose at least one module");
  await expect(field(page, "Target modules"), "the keyboard goes on from the field").toBeFocused();
  await page.keyboard.type("q_proj c_attn");
  await page.keyboard.press("Enter");
  await expect(section).toContainText("no module named c_attn");
  await section.getByRole("button", { name: /^Replace by/ }).click();
  expect(await chips(page)).not.toContain("c_attn");
  await section.getByRole("button", { name: "All linear" }).click();
  expect((await chips(page)).toSorted()).toEqual(all.toSorted());
  await expect(section.getByRole("button", { name: "Reset" })).toHaveCount(0);
  await section.getByRole("button", { name: "Remove q_proj" }).click();
  await section.getByRole("button", { name: "Reset" }).click();
  expect(await chips(page)).toEqual(all);
});

test("a preset fills the form, is marked, and can be undone; help is behind its mark", async ({ signedIn: page, server }) => {
  await openForm(page, server);
  await page.getByRole("button", { name: /^Presets/ }).click();
  await expect(page.getByRole("menuitem", { name: /LoRA, balanced/ }).getByLabel("in use")).toBeVisible();
  await page.getByRole("menuitem", { name: /Quick look/ }).click();
  await expect(field(page, "Steps")).toHaveValue("20");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(field(page, "Steps")).toHaveValue("");
  const help = page.getByRole("button", { name: "Help: LoRA alpha" });
  await help.click();
  await expect(page.getByText("divided by rank")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeFocused();
});

test("a draft outlives a reload and the way back, also when the address names a run to start from", async ({ signedIn: page, server }) => {
  await openForm(page, server);
  await field(page, "Learning rate").fill("3e-4");
  await page.reload();
  await expect(field(page, "Learning rate")).toHaveValue("3e-4");

  const { spec } = await server.api<QuickStart>("GET", "/api/quick-start");
  const training = { ...spec.training, maxSteps: 3 };
  const run = await server.api<Run>("POST", "/api/runs", { spec: { ...spec, name: "steps=3 first try", training } });
  await page.goto(`${server.url}/?q=${run.id}`);
  await page
    .getByRole("row", { name: /first try/ })
    .getByRole("button", { name: /^Actions/ })
    .click();
  await page.getByRole("menuitem", { name: "Run again with changes" }).click();
  await expect(field(page, "Name")).toHaveValue("steps=3 first try (2)");
  await expect(field(page, "Steps")).toHaveValue("3");
  await field(page, "Steps").fill("4");
  await page.reload();
  await expect(field(page, "Steps"), "a reload keeps what was changed").toHaveValue("4");
  await page.getByRole("link", { name: "Models", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Models" })).toBeVisible();
  await page.goBack();
  await expect(field(page, "Steps"), "and so does the way back").toHaveValue("4");
  await page.goto(`${server.url}/models`);
  await openForm(page, server, `?from=${run.id}`);
  await expect(field(page, "Steps"), "a new visit starts from the run").toHaveValue("3");
});

test("the same training as command, YAML and Python is copied as it is shown", async ({ signedIn: page, server, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openForm(page, server);
  await field(page, "Learning rate").fill("7e-4");
  const opener = page.getByRole("button", { name: /Command · YAML/ });
  await opener.click();
  const dialog = page.getByRole("dialog");
  for (const [tab, words] of [
    ["LLaMA-Factory", "--learning_rate 0.0007"],
    ["LLaMA-Factory YAML", "learning_rate: 0.0007"],
    ["Axolotl", "micro_batch_size: "],
    ["YAML", "learningRate: 0.0007"],
    ["Python", "learning_rate=0.0007"],
  ] as const) {
    await dialog.getByRole("tab", { name: tab, exact: true }).click();
    await expect(dialog.locator("pre").first()).toContainText(words);
    await dialog.getByRole("button", { name: /copy/i }).first().click();
    const shown = await dialog.locator("pre").first().textContent();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(shown);
  }
  await page.keyboard.press("Escape");
  await expect(opener).toBeFocused();
});

test("the command of an article is pasted, looked at, undone, filled in, launched and trains", async ({ signedIn: page, server }) => {
  await openForm(page, server);
  const dialog = page.getByRole("dialog");
  const fillFrom = async (text: string) => {
    await page.getByRole("button", { name: "Fill from…" }).click();
    await dialog.getByLabel("Command or file").fill(text);
    await expect(dialog.getByRole("status")).toContainText("LLaMA-Factory");
  };
  await fillFrom(ARTICLE);
  for (const words of ["No model of the list is called so", "No data set of the list is called huanhuan", "ds_config_zero3.json"])
    await expect(dialog).toContainText(words);
  await expect(dialog.getByRole("row", { name: /LoRA rank/ })).toContainText("168");
  await dialog.getByRole("button", { name: "Fill the form" }).click();
  await expect(field(page, "LoRA rank")).toHaveValue("8");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(field(page, "LoRA rank")).toHaveValue("16");

  // The model and the set of this machine take the place of those of the article.
  const ours = ARTICLE.replace(/\/root\S+Instruct/, "tuneboard-demo")
    .replace("huanhuan", "first-steps")
    .replace("cutoff_len 1024", "cutoff_len 256");
  await page.getByRole("button", { name: "Fill from…" }).click();
  await dialog.getByLabel("Command or file").fill(`${ours} –max_steps 4`);
  await dialog.getByRole("button", { name: "Fill the form" }).click();
  await expect(plan(page)).toContainText("ready");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/runs\/run_/);
  const run = await untilEnded(server, runIdOf(page));
  expect(run.status).toBe("succeeded");
  expect(run.spec).toMatchObject({
    name: "train_2024_02_27",
    training: { learningRate: 5e-4, maxSteps: 4, batchSize: 4, gradientAccumulation: 4, precision: "bfloat16", warmupRatio: 0 },
    lora: { rank: 8, alpha: 32, dropout: 0.1 },
  });
  const { resolved } = await server.api<{ resolved: { arguments: object } }>("GET", `/api/runs/${run.id}/resolved`);
  expect(resolved.arguments).toMatchObject({ learning_rate: 5e-4, max_steps: 4, lr_scheduler_type: "cosine", bf16: true });
});

test("on a phone the plan is a sheet, and what it names is led to", async ({ signedIn: page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openForm(page, server);
  await field(page, "LoRA rank").fill("0");
  await field(page, "Learning rate").fill("none");
  await page.getByRole("button", { name: "Plan", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "Plan" });
  await expect(sheet).toContainText("2 things to fix");
  await sheet
    .getByRole("button", { name: /learning rate/i })
    .first()
    .click();
  await expect(sheet).toHaveCount(0);
  await expect(field(page, "Learning rate")).toBeFocused();
  await expect(field(page, "Learning rate")).toBeInViewport();
});

test("the palette knows parameters by the names of trl and LLaMA-Factory, and leads to hidden ones too", async ({
  signedIn: page,
  server,
}) => {
  await page.goto(`${server.url}/models`);
  await expect(page.getByRole("heading", { name: "Models" })).toBeVisible();
  await findInPalette(page, "lr_scheduler_type");
  await page.getByRole("option", { name: /Scheduler/ }).click();
  await expect(page.getByRole("combobox", { name: "Scheduler" })).toBeFocused();
  await findInPalette(page, "weight_decay");
  await page.getByRole("option", { name: /Weight decay/ }).click();
  await expect(field(page, "Weight decay")).toBeFocused();
  await expect(page).toHaveURL(/\/launch$/);
});

test("by keyboard alone: fill in, launch with Ctrl+Enter, and stand on the run's page", async ({ signedIn: page, server }) => {
  await openForm(page, server);
  await page.getByRole("heading", { level: 1 }).click();
  await tabTo(page, "launch-training-maxSteps");
  await page.keyboard.type("3");
  await tabTo(page, "launch-name");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("steps=3 by hand");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/runs\/run_/);
  const { spec } = await server.api<Run & { spec: TrainSpec }>("GET", `/api/runs/${runIdOf(page)}`);
  expect(spec).toMatchObject({ name: "steps=3 by hand", training: { maxSteps: 3 } });
  await openForm(page, server);
  await expect(field(page, "Steps"), "what was launched is no draft any more").toHaveValue("");
});

test("two sets are mixed by weight, one of them capped, rows held out: what the plan counts is what the run's page tells", async ({
  signedIn: page,
  server,
}) => {
  await openForm(page, server);
  const section = page.locator("#launch-section-data");
  await section.getByRole("combobox", { name: "Add another set" }).click();
  await page.getByRole("option", { name: /small-talk-alpaca/ }).click();
  await section.getByRole("radio", { name: "Interleave, all used" }).click();
  await field(page, "Weight").first().fill("3");
  await field(page, "Rows at most").last().fill("0");
  await expect(section).toContainText("A cap of 0 rows leaves nothing");
  await field(page, "Rows at most").last().fill("40");
  await section.getByRole("radio", { name: "Rows", exact: true }).click();
  await field(page, "Validation rows").fill("500");
  await expect(plan(page)).toContainText("1 thing to fix");
  await field(page, "Validation rows").fill("12");
  await expect(plan(page)).toContainText("ready");
  const planned = await countsOf(plan(page), 1);
  expect(planned).toEqual([
    ["first-steps", "178", "10"],
    ["small-talk-alpaca", "59", "2"],
  ]);
  await expect(plan(page)).toContainText("Training rows237 21 of them repeated");
  await page.reload();
  await expect(field(page, "Weight").first(), "the draft keeps the mixture").toHaveValue("3");

  await field(page, "Name").fill("steps=3 mixed");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/runs\/run_/);
  const data = page.getByRole("tabpanel").getByRole("table").filter({ hasText: "small-talk-alpaca" });
  expect((await countsOf(data, 3)).slice(0, 2)).toEqual(planned);
  await expect(data.getByRole("row", { name: /Together/ })).toContainText("23712");

  const runId = runIdOf(page);
  await page.goto(`${server.url}/?q=${runId}`);
  await expect(page.getByRole("row", { name: /steps=3 mixed/ })).toContainText("first-steps +1");
  await openForm(page, server, `?from=${runId}`);
  expect(await countsOf(plan(page), 1), "run again comes to the same mixture").toEqual(planned);
});

/** Name, rows that train and rows that validate, from the lines of a table; the two counts begin at a column. */
const countsOf = async (within: Locator, column: number): Promise<string[][]> => {
  const rows = within.locator("tbody tr");
  await expect(rows.first()).toBeVisible();
  return rows.evaluateAll(
    (lines, at) =>
      lines.map((line) => {
        const cells = [...line.children].map((cell) => cell.textContent?.trim() ?? "");
        return [cells[0] ?? "", cells[at] ?? "", cells[at + 1] ?? ""];
      }),
    column,
  );
};

/** Keys count once the page's scripts run, which is after it is seen. */
async function findInPalette(page: Page, words: string) {
  const field = page.getByRole("dialog").getByRole("combobox");
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(field).toBeFocused({ timeout: 3000 });
  }).toPass({ timeout: 60_000 });
  await field.fill(words);
}

async function tabTo(page: Page, id: string) {
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
  }
  throw new Error(`${id} is not reached by Tab`);
}
