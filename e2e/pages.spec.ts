import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import type { QuickStart } from "../lib/contract/api";
import type { Run } from "../lib/contract/run";
import { expect, test, untilEnded } from "./fixtures";

const looks = [
  { name: "desktop, light, English", viewport: { width: 1440, height: 900 }, colorScheme: "light", locale: "en" },
  { name: "phone, dark, Chinese", viewport: { width: 390, height: 844 }, colorScheme: "dark", locale: "zh" },
] as const;

test("every page, wide and narrow, light and dark, English and Chinese: nothing overflows, no fault in the console, no accessibility fault", async ({
  server,
  browser,
}) => {
  const { spec } = await server.api<QuickStart>("GET", "/api/quick-start");
  const run = await server.api<Run>("POST", "/api/runs", { spec: { ...spec, name: "short", training: { ...spec.training, maxSteps: 3 } } });
  await untilEnded(server, run.id);
  const { datasets } = await server.api<{ datasets: { id: string }[] }>("GET", "/api/datasets");
  const paths = [
    "/",
    "/launch",
    `/runs/${run.id}`,
    `/runs/${run.id}?tab=charts`,
    `/runs/${run.id}?tab=log`,
    `/runs/${run.id}?tab=files`,
    `/runs/${run.id}?tab=configuration`,
    "/data",
    `/data/${datasets[0]?.id}`,
    ...["tokens", "lengths", "health", "overlap", "mapping", "versions", "facts"].map((tab) => `/data/${datasets[0]?.id}?tab=${tab}`),
    "/models",
    "/chat",
    "/exports",
    "/system",
    "/settings",
  ];

  await Promise.all(looks.map(lookAtAll));

  async function lookAtAll(look: (typeof looks)[number]) {
    const { page, faults } = await openSignedIn(browser, look);
    for (const path of paths) {
      await test.step(`${path} — ${look.name}`, async () => {
        await page.goto(`${server.url}${path}`);
        await expect(page.locator("main")).toBeVisible();
        await page.waitForLoadState("networkidle");
        await expect(page.locator("html")).toHaveAttribute("lang", new RegExp(`^${look.locale}`));
        await page.screenshot({
          path: `test-results/pages/${look.locale}${path.replace(/run_\w+|ds_\w+/g, "one").replace(/\W+/g, "-")}.png`,
        });
        const contentWidth = await page.evaluate(() => document.documentElement.scrollWidth);
        expect.soft(contentWidth, `${path} is not wider than the screen`).toBeLessThanOrEqual(look.viewport.width);
        // No page has frames: the mode for them opens one page more each time, and takes twice as long.
        const { violations } = await new AxeBuilder({ page })
          .setLegacyMode()
          .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
          .analyze();
        expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`)).toEqual([]);
      });
    }
    expect(faults).toEqual([]);
    await page.context().close();
  }

  async function openSignedIn(from: Browser, look: (typeof looks)[number]) {
    const context = await from.newContext({ viewport: look.viewport, colorScheme: look.colorScheme, reducedMotion: "reduce" });
    await context.addCookies([{ name: "tb-locale", value: look.locale, url: server.url }]);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    // The console also tells of violations of the content security policy.
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    await page.goto(`${server.url}/?token=${server.token}`);
    return { page, faults };
  }
});

test("the theme follows the system until one is chosen; the choice outlives a reload, and other tabs and the API's page take it", async ({
  server,
  signedIn: page,
}) => {
  const shown = (of: Page) => of.locator("html");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(shown(page)).toHaveAttribute("data-theme", "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect(shown(page)).toHaveAttribute("data-theme", "light");
  const other = await page.context().newPage();
  await other.goto(`${server.url}/settings`);
  // Nothing is marked before the page lives.
  await expect(other.getByRole("radio", { name: "System" })).toBeChecked();
  await other.getByRole("radio", { name: "Dark" }).click();
  await expect(shown(page)).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(shown(page)).toHaveAttribute("data-theme", "dark");
  await other.goto(`${server.url}/api/docs`);
  await expect(shown(other)).toHaveAttribute("data-theme", "dark");
});

test("letters typed while the palette is on its way stand in its field and are no shortcuts", async ({ server, signedIn: page }) => {
  await page.goto(`${server.url}/data`);
  const dialog = page.getByRole("dialog");
  await expect(async () => {
    await page.keyboard.press("?");
    await expect(dialog).toBeVisible({ timeout: 3000 });
  }, "the page listens to keys").toPass({ timeout: 60_000 });
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  let letGo = () => {};
  const typed = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route("**/*.js", async (route) => {
    await typed;
    await route.continue();
  });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("settngs");
  for (let back = 0; back < 3; back += 1) await page.keyboard.press("Backspace");
  letGo();
  await expect(dialog.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("ings");
  await expect(dialog.getByRole("combobox")).toHaveValue("settings");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${server.url}/settings`);
});

test("without a token nothing is shown; a wrong one is refused at its field; the right one leaves the address", async ({
  server,
  page,
}) => {
  await page.goto(`${server.url}/launch`);
  await expect(page).toHaveURL(/\/login\?next=/);
  const field = page.getByRole("textbox");
  await field.fill("not-the-token");
  await field.press("Enter");
  await expect(page.getByRole("main").getByRole("alert").or(page.locator("[aria-invalid=true]")).first()).toBeVisible();
  await field.fill(server.token);
  await field.press("Enter");
  await expect(page).toHaveURL(`${server.url}/launch`);
});

test("malformed data is refused with the line and the reason, and nothing is kept", async ({ server, signedIn: page }) => {
  const { datasets: before } = await server.api<{ datasets: unknown[] }>("GET", "/api/datasets");
  await page.goto(`${server.url}/data`);
  await page.getByRole("button", { name: "Add data" }).first().click();
  await page.locator("input[type=file]").setInputFiles({
    name: "broken.json",
    mimeType: "application/json",
    buffer: Buffer.from('[\n{"instruction": "Hi", "output": \n]'),
  });
  const said = page.getByRole("dialog").getByRole("alert");
  await expect(said).toContainText("broken.json was not added");
  await expect(said).toContainText("line 2 can’t be read: Unexpected");
  await expect(said).toContainText("Line 2, row 1");
  await expect(page).toHaveURL(`${server.url}/data`);
  const { datasets: after } = await server.api<{ datasets: unknown[] }>("GET", "/api/datasets");
  expect(after).toHaveLength(before.length);
});
