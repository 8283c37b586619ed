import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run } from "../lib/contract/run";
import { expect, runIdOf, test, until, untilEnded } from "./fixtures";

const shared = process.env.TUNEBOARD_SHARED_DATA ?? join(import.meta.dirname, "..", "..", "shared", "data");
const tokenizer = join(shared, "tokenizers", "llama2.model");
const folder = mkdtempSync(join(tmpdir(), "tuneboard-llama-"));

test.skip(!existsSync(tokenizer), `the real tokenizer and data sets are not on this machine (${shared})`);
test.beforeAll(() => {
  execFileSync(
    process.env.TUNEBOARD_PYTHON ?? join(import.meta.dirname, "..", ".venv", "bin", "python"),
    [join(import.meta.dirname, "make_llama.py"), tokenizer, folder],
    {
      stdio: "inherit",
    },
  );
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const { method, file, learningRate, fall } of [
  // On a random base the head stays random under LoRA, so there is less to learn than when every weight moves.
  { method: "LoRA", file: "alpaca_en_demo.json", learningRate: "2e-3", fall: 0.05 },
  { method: "Full", file: "identity.json", learningRate: "1e-3", fall: 0.3 },
]) {
  test(`${method} on ${file} with the 32,000-piece tokenizer, through the browser: loss falls, the merged model answers as the checkpoint does`, async ({
    signedIn: page,
    server,
  }) => {
    await test.step("add the model", async () => {
      const known = await server.api<{ models: { path: string | null }[] }>("GET", "/api/models");
      if (known.models.some((model) => model.path === folder)) return;
      await page.goto(`${server.url}/models`);
      await page.getByRole("button", { name: "Add model" }).first().click();
      await page.getByRole("textbox", { name: "Full path" }).fill(folder);
      await page.getByRole("textbox", { name: "Name in lists" }).fill("random-llama");
      await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
      await expect(page.getByRole("heading", { name: "random-llama" })).toBeVisible();
    });
    await test.step("upload the data", async () => {
      await page.goto(`${server.url}/data`);
      await page.getByRole("button", { name: "Add data" }).first().click();
      await page.locator("input[type=file]").setInputFiles(join(shared, "llama-factory", file));
      await page.waitForURL(/\/data\/ds_/);
      await expect(page.getByRole("tab", { name: "Tokens" }), "the rows are checked").toBeVisible({ timeout: 60_000 });
    });
    const { models } = await server.api<{ models: { id: string; path: string | null }[] }>("GET", "/api/models");
    const { datasets } = await server.api<{ datasets: { id: string; fileName: string }[] }>("GET", "/api/datasets");
    const model = models.find((entry) => entry.path === folder);
    const dataset = datasets.find((entry) => entry.fileName === file);

    await test.step("launch", async () => {
      await page.goto(`${server.url}/launch?model=${model?.id}&dataset=${dataset?.id}`);
      await page.getByRole("radio", { name: method, exact: true }).click();
      await page.getByRole("textbox", { name: "Steps", exact: true }).fill("40");
      await page.getByRole("textbox", { name: "Learning rate", exact: true }).fill(learningRate);
      await page.getByRole("textbox", { name: "Gradient accumulation", exact: true }).fill("1");
      await page.getByRole("textbox", { name: "Cutoff length", exact: true }).fill("256");
      // Validation is proved by the quick start; here it would take longer than the training.
      await page.getByRole("textbox", { name: "Validation share", exact: true }).fill("0");
      await page
        .getByRole("button", { name: /^Launch/ })
        .first()
        .click();
      await page.waitForURL(/\/runs\/run_/);
    });
    const run = await untilEnded(server, runIdOf(page));
    expect(run.failure).toBeNull();
    expect(run.status).toBe("succeeded");
    const losses = run.spark.values;
    expect(mean(losses.slice(-5)), "the loss falls").toBeLessThan(mean(losses.slice(0, 5)) - fall);
    const checkpoint = run.checkpoints.at(-1)?.name ?? "";

    await test.step("export through the browser", async () => {
      await page.goto(`${server.url}/exports?run=${run.id}&checkpoint=${checkpoint}`);
      await page.getByRole("main").getByRole("button", { name: "Export", exact: true }).click();
    });
    await expect.poll(async () => (await exportsOf(run.id)).length).toBe(1);
    const exported = await until(server, (await exportsOf(run.id))[0]?.id ?? "", (r) => r.status === "succeeded" || r.status === "failed");
    expect(exported.failure).toBeNull();

    const ofCheckpoint = await greedy(`${run.id}/${checkpoint}`);
    const ofMerged = await greedy(exported.id);
    expect(ofMerged.length).toBeGreaterThan(0);
    expect(ofMerged).toBe(ofCheckpoint);

    async function exportsOf(runId: string): Promise<Run[]> {
      const { runs } = await server.api<{ runs: Run[] }>("GET", "/api/exports");
      return runs.filter(({ spec }) => spec.kind === "export" && spec.runId === runId);
    }

    async function greedy(id: string): Promise<string> {
      const answer = await server.api<{ choices: { message: { content: string } }[] }>("POST", "/v1/chat/completions", {
        model: id,
        messages: [{ role: "user", content: "Give three tips for staying healthy." }],
        temperature: 0,
        max_tokens: 40,
      });
      return answer.choices[0]?.message.content ?? "";
    }
  });
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
