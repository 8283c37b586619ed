import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { ChatModelInfo } from "../lib/contract/api";
import { makeModelFolder } from "../server/testing/make-model";
import { expect } from "./fixtures";
import { test } from "./stand-in";

const folder = mkdtempSync(join(tmpdir(), "tuneboard-models-"));

test.beforeAll(async ({ server }) => {
  for (const name of ["parrot", "second", "fails-to-load"])
    await server.api("POST", "/api/models", { type: "folder", name, path: makeModelFolder(join(folder, name)), trustRemoteCode: false });
});
test.afterAll(() => rmSync(folder, { recursive: true }));

const composer = (page: Page) => page.getByRole("textbox", { name: "Message", exact: true });
const pane = (page: Page, model: string) => page.getByRole("region", { name: model });
const answers = (page: Page) => page.getByRole("article", { name: "Answer" });

async function openChat(page: Page, url: string, ...models: string[]) {
  await page.goto(`${url}/chat?${models.map((model) => `model=${model}`).join("&")}`);
  await expect(composer(page)).toBeEditable();
  await expect(pane(page, models[0] ?? "")).toBeVisible();
}

async function ask(page: Page, question: string) {
  await composer(page).fill(question);
  await composer(page).press("Enter");
}

test("an answer is drawn as Markdown with its figures; HTML, scripts, pictures and dangerous links in it do nothing", async ({
  signedIn: page,
  server,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const abroad: string[] = [];
  page.on("request", (request) => !request.url().startsWith(server.url) && abroad.push(request.url()));
  await openChat(page, server.url, "parrot");
  const code = "def f(x):\n    return x + 1";
  const table = "| a | b |\n|---|---|\n| 1 | 2 |";
  const danger =
    "<script>window.harmed = 1</script><img src=x onerror='window.harmed = 1'>\n\n![p](https://far.example/x.png)\n\n[press](javascript:window.harmed=1)";
  await ask(page, `## Title\n\n${table}\n\n\`\`\`python\n${code}\n\`\`\`\n\n${danger}`);

  const answer = answers(page).last();
  await expect(answer.getByText(/\d+ tokens · 12\.5 tok\/s · first after 34 ms/)).toBeVisible();
  await expect(answer.getByRole("heading", { name: "Title" })).toBeVisible();
  await expect(answer.getByRole("cell", { name: "2" })).toBeVisible();
  await answer.getByText("press", { exact: true }).click();
  await expect(answer.locator("img, script, a")).toHaveCount(0);
  await expect(answer.getByText("<script>window.harmed = 1</script>")).toBeVisible();
  expect(await page.evaluate(() => "harmed" in window)).toBe(false);
  expect(abroad).toEqual([]);

  await answer.locator("pre ~ button").click();
  expect((await page.evaluate(() => navigator.clipboard.readText())).trim()).toBe(code);
});

test("an answer is stopped half-way and asked for again; an edited question replaces what followed it; all is there after a reload", async ({
  signedIn: page,
  server,
}) => {
  await openChat(page, server.url, "parrot");
  await ask(page, "endless");
  await expect(answers(page)).toContainText("again again");
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(answers(page).getByText("stopped")).toBeVisible();
  const kept = (await answers(page).textContent()) ?? "";

  await page.getByRole("button", { name: "Answer again" }).click();
  await expect(answers(page)).not.toContainText(kept);
  await expect(answers(page)).toContainText("again");
  await page.keyboard.press("Escape");
  await expect(answers(page).getByText("stopped")).toBeVisible();

  await page.getByText("endless", { exact: true }).hover();
  await page.getByRole("button", { name: "Edit and send again" }).click();
  const draft = page.getByRole("textbox", { name: "Edit and send again" });
  await draft.fill("a short one");
  await draft.press("Enter");
  await expect(answers(page).getByText("a short one")).toBeVisible();
  await expect(answers(page)).toHaveCount(1);
  await expect(page.getByText("endless", { exact: true })).toHaveCount(0);

  await composer(page).press("ArrowUp");
  await expect(composer(page)).toHaveValue("a short one");
  await composer(page).press("Escape");
  await page.reload();
  await expect(answers(page).getByText("a short one")).toBeVisible();
  await page.getByRole("button", { name: "Clear the conversation" }).click();
  await expect(answers(page)).toHaveCount(0);
});

test("system prompt and sampling go with the question; a value out of range is refused at its field and never sent", async ({
  signedIn: page,
  server,
}) => {
  await openChat(page, server.url, "parrot");
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel("System prompt").fill("Be brief.");
  await page.getByLabel("Temperature", { exact: true }).fill("0.3");
  await page.getByLabel("Most tokens", { exact: true }).fill("64");
  await page.getByLabel("Seed", { exact: true }).fill("7");
  await page.keyboard.press("Escape");
  await ask(page, "request");
  await expect(answers(page).getByText(/first after/)).toBeVisible();
  const asked = JSON.parse((await answers(page).locator("p").first().textContent()) ?? "");
  expect(asked).toMatchObject({ temperature: 0.3, max_tokens: 64, seed: 7, stream: true });
  expect(asked.messages).toEqual([
    { role: "system", content: "Be brief." },
    { role: "user", content: "request" },
  ]);

  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel("Temperature", { exact: true }).fill("9");
  await expect(page.getByText("Choose 0 to 2.")).toBeVisible();
  await page.keyboard.press("Escape");
  await composer(page).fill("hot");
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeDisabled();
  await expect(page.getByText(/Temperature is out of range/)).toBeVisible();
});

test("the model is chosen by keyboard; two panes are asked at once, and each keeps its own conversation over a reload", async ({
  signedIn: page,
  server,
}) => {
  await openChat(page, server.url, "parrot");
  await page.getByRole("button", { name: "Add pane" }).click();
  await page.getByRole("button", { name: "Model: no model chosen" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.type("second");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Model: second" })).toBeFocused();
  await expect(page).toHaveURL(/model=parrot&model=second/);

  await ask(page, "both of you");
  for (const model of ["parrot", "second"])
    await expect(pane(page, model).getByRole("article", { name: "Answer" })).toContainText("both of you");
  await page.reload();
  for (const model of ["parrot", "second"])
    await expect(pane(page, model).getByRole("article", { name: "Answer" })).toContainText("both of you");
  await pane(page, "parrot").getByRole("button", { name: "Close pane" }).click();
  await expect(pane(page, "parrot")).toHaveCount(0);
  await expect(pane(page, "second").getByRole("article", { name: "Answer" })).toContainText("both of you");
});

test("a worker that dies in mid-answer says so and is asked again; one that can't load tells why, in the page's language", async ({
  signedIn: page,
  server,
  context,
}) => {
  await openChat(page, server.url, "parrot");
  await ask(page, "break");
  await expect(page.getByRole("main").getByRole("alert")).toContainText("The answer broke off");
  await ask(page, "are you back");
  await expect(answers(page).last()).toContainText("are you back");

  await page.getByRole("button", { name: "Unload parrot" }).click();
  await expect(page.getByText("parrot is unloaded; its memory is free.")).toBeVisible();
  const { models } = await server.api<{ models: ChatModelInfo[] }>("GET", "/api/chat/models");
  expect(models.find(({ id }) => id === "parrot")?.worker).toBeNull();

  await page.getByRole("button", { name: "Clear the conversation" }).click();
  await openChat(page, server.url, "fails-to-load");
  await ask(page, "hello");
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "fails-to-load can’t answer. The model could not be loaded: The weights do not fit the configuration. Download the model again.",
  );
  await context.addCookies([{ name: "tb-locale", value: "zh", url: server.url }]);
  await page.reload();
  await page.getByRole("button", { name: "重试" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("fails-to-load 无法回答：模型无法加载。");
});
