import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, runIdOf, test, until, untilEnded } from "./fixtures";

const { probes } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "trainer", "demo", "quickstart.json"), "utf8")) as {
  probes: { prompt: string; expect: string }[];
};
const name = probes[0] ?? { prompt: "", expect: "" };

test.use({ home: "first-light" });

test("quick start: the model learns its name, the chat proves it, and the merged export answers the same", async ({
  signedIn: page,
  server,
}) => {
  await test.step("before training the model has no name", async () => {
    await page.getByRole("link", { name: "Chat", exact: true }).click();
    await page
      .getByRole("button", { name: /choose a model|^Model/i })
      .first()
      .click();
    await page.getByText("tuneboard-demo").last().click();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByLabel("Temperature", { exact: true }).fill("0");
    await page.keyboard.press("Escape");
    await ask(name.prompt);
    await expect(answer()).not.toContainText(name.expect);
  });

  await test.step("one button starts the run, and the loss is drawn live", async () => {
    await page.goto(`${server.url}/`);
    await page.getByRole("button", { name: "Start training" }).click();
    await page.waitForURL(/\/runs\/run_/);
    await expect(page.locator("canvas").first()).toBeVisible();
    await expect(page.getByText("Succeeded").first()).toBeVisible({ timeout: 150_000 });
  });
  const run = await untilEnded(server, runIdOf(page));
  expect(run.failure).toBeNull();
  expect(run.status).toBe("succeeded");
  expect(run.last.loss).toBeLessThan(1);
  const checkpoint = run.checkpoints.at(-1)?.name ?? "";

  await test.step("after training it knows its name", async () => {
    await page
      .getByRole("row", { name: new RegExp(checkpoint) })
      .getByRole("link", { name: "Chat" })
      .click();
    await ask(name.prompt);
    await expect(answer()).toContainText(name.expect);
    await expect(answer().getByText(/tok\/s/)).toBeVisible();
  });

  await test.step("the merged model says the same", async () => {
    await page.goto(`${server.url}/exports?run=${run.id}&checkpoint=${checkpoint}`);
    await page.getByRole("main").getByRole("button", { name: "Export", exact: true }).click();
    const { runs } = await expectExports(1);
    const exported = await until(server, runs[0]?.id ?? "", (r) => r.status === "succeeded" || r.status === "failed");
    expect(exported.failure).toBeNull();
    expect(exported.artifact?.files.some((file) => file.name.endsWith(".safetensors"))).toBe(true);
    await page.getByRole("link", { name: "Open in chat" }).click();
    await ask(name.prompt);
    await expect(answer()).toContainText(name.expect);
  });

  async function ask(question: string) {
    const box = page.getByRole("textbox", { name: "Message", exact: true });
    await expect(box).toBeEditable();
    await page.waitForLoadState("networkidle"); // an earlier conversation is on the page by then
    const before = await page.getByRole("article", { name: "Answer" }).count();
    await box.fill(question);
    await box.press("Enter");
    await expect(page.getByRole("article", { name: "Answer" })).toHaveCount(before + 1);
    await expect(answer().getByText(/first after/)).toBeVisible();
  }

  function answer() {
    return page.getByRole("article", { name: "Answer" }).last();
  }

  async function expectExports(count: number) {
    await expect.poll(async () => (await server.api<{ runs: { id: string }[] }>("GET", "/api/exports")).runs.length).toBe(count);
    return server.api<{ runs: { id: string }[] }>("GET", "/api/exports");
  }
});
